#pragma once
// Rules that decide something once a condition has held for long enough.

#include <cstdint>

namespace optichain::models::policy {

/// Fires when a condition has held on end for some time, at most so often, and not again before a
/// wait is over. After it has fired the condition must hold for as long again.
class Trigger {
 public:
  struct Rule {
    double for_weeks;
    std::int64_t at_most;
    double wait_weeks;
  };
  explicit Trigger(Rule rule) : rule_(rule) {}

  /// `holds` says whether the condition held throughout the last `weeks`. True if it fires now.
  bool look(bool holds, double weeks);

 private:
  Rule rule_;
  std::int64_t fired_ = 0;
  double held_weeks_ = 0, since_fired_weeks_ = 0;
};

/// Whether capacity should move to a line that earns `there` per unit of work from one that earns
/// `here`: if it earns more, by at least `advantage` as a share of what is earned here.
bool earns_more(double here, double there, double advantage);

}  // namespace optichain::models::policy
