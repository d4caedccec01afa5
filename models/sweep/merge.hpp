#pragma once
// From chunks to one store: the same bytes, however the work was cut, shared and interrupted.

#include <string>
#include <vector>

#include "models/sweep/state.hpp"

namespace optichain::models::sweep {

struct MergeOutcome {
  std::uint64_t done = 0, failed = 0, missing = 0;
  std::vector<std::filesystem::path> damaged;
};

/// Reads the chunks of all folders, checks every hash, and writes results.sqlite, runs.csv (a row
/// for each run with its settings and figures) and summary.csv (a row for each policy and figure)
/// into `out`. Unless partial results are allowed, nothing is written if a run is missing. Throws
/// OutputError if it cannot read or write.
MergeOutcome merge_sweep(const Plan& plan, const std::vector<SweepFiles>& folders,
                         const std::filesystem::path& out, bool allow_partial);

}  // namespace optichain::models::sweep
