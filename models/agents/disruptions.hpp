#pragma once
// Disruptions as programs: when they begin and end, by date or by a Markov chain.

#include <vector>

#include "models/agents/context.hpp"
#include "models/agents/program_meters.hpp"
#include "models/state/continuous_review.hpp"
#include "models/state/pauses.hpp"

namespace optichain::models::agents {

class Disruptions {
 public:
  /// What else it needs of its world; all must outlive it.
  struct Context : CommonContext {
    state::Pauses& pauses;
    const state::ContinuousReview& continuous_review;
  };
  /// `meters` by ProgramId.
  Disruptions(const Context& context, const std::vector<ProgramMeters>& meters);

  /// Puts the beginnings on the agenda; call once, at the beginning.
  void schedule();

 private:
  struct State {
    ProgramId program;
    sim::Stream draws;
    bool holds = false;
  };
  void step(std::size_t index);
  void schedule_dated(std::size_t index, sim::Time from);
  void set(State& state, bool holds);
  void set_channels(const Catalog::ProgramEntry& program, bool holds);
  const Disruption& disruption(const State& state) const {
    return std::get<Disruption>(*context_.catalog[state.program].program);
  }

  const Context& context_;
  const std::vector<ProgramMeters>& meters_;
  std::vector<State> states_;
};

}  // namespace optichain::models::agents
