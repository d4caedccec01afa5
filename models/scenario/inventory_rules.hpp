#pragma once
// Rules of validity for what inventory theory and queues need: policies with fixed levels, finite
// buffers, random arrivals.

#include <string>

#include "models/scenario/rule_set.hpp"

namespace optichain::models::scenario {

class InventoryRules : private RuleSet {
 public:
  explicit InventoryRules(RuleContext& context) : RuleSet(context) {}

  void check();

 private:
  void check_site(const std::string& path, const Site& site);
  void check_policy(const std::string& path, const std::string& product,
                    const policy::Replenishment& policy, const Site& site);
  void check_arrivals();
  void add_events(const std::string& path, double more, const char* what, const char* advice);

  double events_ = 0;  // expected in a run
};

}  // namespace optichain::models::scenario
