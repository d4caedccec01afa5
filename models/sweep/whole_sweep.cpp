#include "models/sweep/whole_sweep.hpp"

#include "models/sweep/state.hpp"

namespace optichain::models::sweep {

PlannedSweep plan_sweep(study::LoadedStudy study, const PilotRun& pilot, const SweepFiles& files,
                        const ChunkSize& chunk_size) {
  Plan plan = make_plan(std::move(study), pilot);
  const PointIndex index(plan.study);
  Coverage coverage(plan.points(), plan.replications());
  std::error_code ignored;
  if (std::filesystem::exists(files.plan(), ignored)) {
    if (has_same_plan(files, plan)) plan = read_plan(files);
    coverage = read_state(plan, index, {files}, Reading::ends).coverage;
  }
  if (plan.chunks.empty()) plan.chunks = cut(plan, index, coverage, chunk_size);
  const std::uint64_t done = plan.runs() - coverage.count(Coverage::State::missing);
  return {std::move(plan), done};
}

SweepOutcome sweep_whole(study::LoadedStudy study, const PilotRun& pilot, const SweepFiles& files,
                         const SweepWork& work) {
  make_folder(files);
  const SweepLock lock(files, SweepLock::Kind::alone);
  Plan plan = plan_sweep(std::move(study), pilot, files, work.chunk_size).plan;
  if (!has_same_plan(files, plan)) write_plan(files, plan);
  plan = read_plan(files);  // as every other process sees it
  SweepOutcome outcome = run_sweep(files, plan, work);
  if (!outcome.stopped && outcome.missing == 0) merge_sweep(plan, {files}, files.folder, false);
  return outcome;
}

}  // namespace optichain::models::sweep
