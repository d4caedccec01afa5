#pragma once
// A study from its plan to its store, in one process and its workers.

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

/// Plans, does what is missing, and merges into the folder itself if nothing is missing then.
/// Throws OutputError if others work there or nothing can be written.
SweepOutcome sweep_whole(study::LoadedStudy study, const PilotRun& pilot, const SweepFiles& files,
                         const SweepWork& work);

}  // namespace optichain::models::sweep
