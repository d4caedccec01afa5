#include "models/sweep/chunk_worker.hpp"

#include "models/sweep/branch_worker.hpp"
#include "models/sweep/point_worker.hpp"
#include "models/sweep/run_line.hpp"
#include "models/sweep/state.hpp"
#include "sim/base/hash.hpp"
#include "sim/output/chunk_file.hpp"

namespace optichain::models::sweep {

void run_chunk(const SweepFiles& files, const Plan& plan, const PointIndex& index,
               const Chunk& chunk, const volatile std::sig_atomic_t* stop,
               const std::function<void(bool failed)>& on_run) {
  sim::ChunkWriter writer(files.chunk(chunk.id), chunk_head(plan, index, chunk));
  const auto add = [&](std::uint64_t point, std::uint64_t replication, const RunLine& line) {
    sim::Json json = {{"point", sim::hash_digits(index.id(point))}, {"replication", replication}};
    json.update(line.json);
    writer.add(json, line.failed);
    on_run(line.failed);
  };
  if (plan.study.study.decision) {
    run_branches(files, plan, chunk, stop, add);
  } else {
    for (const RunRange& range : chunk.runs) {
      for (std::uint64_t p = range.point; p < range.point + range.points; ++p) {
        PointWorker point(files, plan, p, stop);
        for (std::uint64_t r = range.first; r < range.first + range.replications; ++r) {
          add(p, r, point.run(r));
        }
      }
    }
  }
  writer.publish();
}

}  // namespace optichain::models::sweep
