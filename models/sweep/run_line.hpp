#pragma once
// What stands in a chunk about a run.

#include <optional>
#include <string>

#include "models/sweep/metric_selection.hpp"
#include "models/world/world.hpp"
#include "sim/output/json.hpp"

namespace optichain::models::sweep {

/// The figures of a run, or why there are none.
struct RunLine {
  sim::Json json;
  bool failed = false;
};
RunLine failed_run(const std::string& reason);
/// Runs a world to its end.
RunLine done_run(const MetricSelection& selection, world::World& world,
                 std::optional<double> bound);

/// How often a run is tried that is killed from outside.
inline constexpr int most_run_attempts = 3;
/// Whether a signal says nothing about the run: somebody, or a machine short of memory, sent it.
bool comes_from_outside(int signal);

/// Why a scenario is not valid, without any mention of the folder that it was read from, so that
/// it is the same wherever the folder is.
std::string not_valid(const std::string& folder, std::string message);

}  // namespace optichain::models::sweep
