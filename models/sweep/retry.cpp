#include "models/sweep/retry.hpp"

#include "models/sweep/run_line.hpp"
#include "models/sweep/state.hpp"
#include "sim/base/hash.hpp"
#include "sim/output/chunk_file.hpp"
#include "sim/output/error.hpp"

namespace optichain::models::sweep {
namespace {

namespace fs = std::filesystem;

/// What is left of a chunk without its failures is published first, so that a process that is
/// killed here loses nothing.
std::uint64_t forget_in(const SweepFiles& files, const Plan& plan, const fs::path& path) {
  const auto summary = sim::read_chunk_summary(path);
  if (summary.end.failed == 0 || summary.head.value("context", sim::Json()) != plan.context)
    return 0;
  const auto content = sim::read_chunk(path);
  std::vector<sim::Json> done;
  sim::Json runs = sim::Json::array();
  std::string text = plan.context;
  for (StoredRun& run : read_runs(path, *content, plan.selection)) {
    if (run.failed) continue;
    runs.push_back(sim::Json::array({sim::hash_digits(run.point), run.replication, 1}));
    text += "\n" + sim::json_line(runs.back());
    done.push_back(std::move(run.json));
  }
  if (!done.empty()) {
    const std::string id = sim::hash_digits(sim::hash_text(text));
    sim::ChunkWriter writer(files.chunk(id),
                            {{"chunk", 1}, {"id", id}, {"context", plan.context}, {"runs", runs}});
    for (const sim::Json& line : done) writer.add(line);
    writer.publish();
  }
  sim::remove_chunk(path);
  return content->end.failed;
}

}  // namespace

std::uint64_t forget_failures(const SweepFiles& files, const Plan& plan) {
  std::uint64_t forgotten = 0;
  for (const fs::path& path : chunk_files(files)) forgotten += forget_in(files, plan, path);
  return forgotten;
}

}  // namespace optichain::models::sweep
