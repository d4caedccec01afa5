#pragma once
// The dates at which it turns by the scenario alone who may order, ship or start something: the
// first days of sources, variants and recipes, beginnings and ends of what programs hold up, and
// when the share of a source or a recipe begins to be more than nothing. Who may have waited for
// that is told at the instant: sites under continuous review, and customers where something waits
// for somebody to order from. What holds then is asked of CurrentTerms, as ever.

#include <optional>
#include <string>
#include <vector>

#include "models/agents/context.hpp"

namespace optichain::models::agents {

class TurningDates {
 public:
  /// What else it needs of its world; all must outlive it.
  struct Context : CommonContext {
    const state::Realisation& real;
    const state::ContinuousReview& continuous_review;
  };
  explicit TurningDates(const Context& context) : context_(context) {}

  /// Puts the dates on the agenda; call once, at the beginning, when all who listen do.
  void schedule();
  /// Shares are others from now on.
  void schedule_shares();

 private:
  bool is_heard(ChannelId channel) const;
  void schedule(ChannelId channel) const;
  void schedule(RecipeId recipe) const;
  template <class Action>
  void schedule_share(const sim::Curve& share, Action tell, const std::string& owner);
  template <class Action>
  std::optional<sim::Ticket> at(sim::Time date, Action action, const std::string& owner) const;

  const Context& context_;
  std::vector<sim::Ticket> shares_;  // on the agenda
};

}  // namespace optichain::models::agents
