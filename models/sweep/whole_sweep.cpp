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

WholeSweep sweep_whole(study::LoadedStudy study, const PilotRun& pilot, const SweepFiles& files,
                       const SweepWork& work,
                       const std::function<void(const PlannedSweep&)>& on_plan) {
  make_folder(files);
  const SweepLock lock(files, SweepLock::Kind::alone);
  PlannedSweep planned = plan_sweep(std::move(study), pilot, files, work.chunk_size);
  if (!has_same_plan(files, planned.plan)) write_plan(files, planned.plan);
  planned.plan = read_plan(files);  // as every other process sees it
  if (on_plan) on_plan(planned);
  WholeSweep whole{run_sweep(files, planned.plan, work), {}};
  if (whole.work.stopped || whole.work.missing > 0) return whole;
  whole.merged = merge_sweep(planned.plan, {files}, files.folder, false);
  return whole;
}

}  // namespace optichain::models::sweep
