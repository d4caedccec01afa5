#pragma once
// A study from its plan to its store, in one process and its workers.

#include <functional>
#include <optional>

#include "models/sweep/merge.hpp"
#include "models/sweep/run.hpp"

namespace optichain::models::sweep {

/// The plan of a study, and what of it is done already in the folder.
struct PlannedSweep {
  Plan plan;
  std::uint64_t done_before = 0;
};
PlannedSweep plan_sweep(study::LoadedStudy study, const PilotRun& pilot, const SweepFiles& files,
                        const ChunkSize& chunk_size);

/// What came of a whole sweep.
struct WholeSweep {
  SweepOutcome work;
  std::optional<MergeOutcome> merged;  // nothing if it was stopped or runs are missing
};

/// Plans, does what is missing, and merges into the folder itself if nothing is missing then.
/// `on_plan` is told of the plan before the work begins. Throws OutputError if others work there or
/// nothing can be written.
WholeSweep sweep_whole(study::LoadedStudy study, const PilotRun& pilot, const SweepFiles& files,
                       const SweepWork& work,
                       const std::function<void(const PlannedSweep&)>& on_plan = {});

}  // namespace optichain::models::sweep
