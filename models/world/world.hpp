#pragma once
// A world: a scenario brought to life on a kernel and run to its end. Its parts are built in
// assembly.hpp, what they do week by week stands in week.cpp, what is counted in recorder.hpp.

#include <csignal>
#include <cstdint>
#include <vector>

#include "models/network/start_state.hpp"
#include "models/world/assembly.hpp"
#include "models/world/recorder.hpp"
#include "models/world/results.hpp"

namespace optichain::models::world {

class World {
 public:
  /// Requires a catalog of a valid scenario. `stop`, if given, ends the run as soon as it is not
  /// zero.
  World(const Catalog& catalog, sim::RunSeed run, const volatile std::sig_atomic_t* stop = nullptr);

  /// Runs to the end of the scenario. Throws Error (with date and agent) if a law is broken.
  Results run();
  /// The same without the weekly series, which take as long as all other results.
  Results run_without_series();
  /// A hash over the weekly series so far: their names and values, in the order of definition.
  std::uint64_t hash_of_series() const;

  /// Runs up to a moment, all of whose events are done then.
  void run_until(sim::Time time);
  /// Runs up to the scenario's start, and says what there is before anything happens at it.
  network::StartState run_warm_up();
  /// From now on the world follows what its catalog says now: values that were changed in place
  /// (overwrite_values.hpp, Catalog::apply_changes), agreements and expansions that came into
  /// force. What they say of the past is not looked at.
  void apply_changes();

 private:
  Results results();

  Assembly parts_;
  Recorder recorder_;
  bool has_begun_ = false;
  std::vector<bool> dormant_programs_;  // by ProgramId
};

}  // namespace optichain::models::world
