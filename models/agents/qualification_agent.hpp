#pragma once
// One qualification: waits for its day or for scarcity, tries, and tries again.

#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/agents/context.hpp"
#include "models/books/accounts.hpp"
#include "models/state/current_terms.hpp"
#include "models/trade/channel.hpp"

namespace optichain::models::agents {

class QualificationAgent {
 public:
  /// What else it needs of its world; all must outlive it.
  struct Context : CommonContext {
    state::CurrentTerms& terms;
    books::Accounts& accounts;
    const state::ContinuousReview& continuous_review;
  };
  /// `channels` by ChannelId. It must stay where it is once it has begun.
  QualificationAgent(const Context& context, QualificationId id,
                     std::span<const std::unique_ptr<trade::Channel>> channels);

  /// Waits for the first attempt.
  void begin();

 private:
  struct Sums {
    sim::Time time;
    std::int64_t ordered, shipped;
  };
  void look_at_fill();
  bool is_scarce();
  void tell_who_waits() const;
  Sums sums() const;
  void attempt();
  void decide();

  const Context& context_;
  QualificationId id_;
  const Catalog::QualificationEntry& entry_;
  const Qualification& terms_;
  std::vector<trade::Channel::Handles> watched_;
  std::deque<Sums> past_;  // at reviews, from before the span of the fill rate on
  std::optional<sim::Time> short_since_;
  sim::Stream durations_, outcomes_;
  std::int64_t attempts_ = 0;
  books::MeterId attempts_meter_, failures_meter_, qualified_meter_, cost_meter_;
};

}  // namespace optichain::models::agents
