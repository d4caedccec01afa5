#pragma once
// What stands in a chunk about a run.

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/run/replicate.hpp"
#include "models/sweep/metric_selection.hpp"
#include "models/sweep/plan.hpp"
#include "models/world/world.hpp"
#include "sim/batch/workers.hpp"
#include "sim/output/chunk_file.hpp"
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
                 const std::optional<network::ExpectedBound>& bound);

/// Does a job of a worker in a process of its own, which is done or fails by its own fault: a
/// process that is killed from outside, as often as it may be tried, ends this one by the same
/// signal, so that whoever waits for the worker tries again. Throws Interrupted if it is stopped.
sim::Outcome run_isolated(const volatile std::sig_atomic_t* stop, sim::Retry retry,
                          const std::function<std::string()>& work);
/// The line that such a job returned, or of its failure.
RunLine line_of(const sim::Outcome& outcome);

/// A line of a chunk, read back.
struct StoredRun {
  std::uint64_t point = 0;  // its id
  std::uint64_t replication = 0;
  bool failed = false;
  sim::Json json{};
};
/// Throws WrongFileError, which names the chunk, for a line that is not of a run of which this is
/// kept.
StoredRun read_run_line(const std::filesystem::path& chunk, std::string_view line,
                        const MetricSelection& selection);

/// All runs of a chunk. Throws WrongFileError unless they are those that its head says.
std::vector<StoredRun> read_runs(const std::filesystem::path& path, const sim::ChunkContent& chunk,
                                 const MetricSelection& selection);

/// Runs from a number on of a point, as the head of a chunk says what it holds.
struct HeadRange {
  std::uint64_t point = 0, first = 0, replications = 0;  // the point by its id
};
/// Throws WrongFileError for a head that says nothing of the kind.
std::vector<HeadRange> read_head(const std::filesystem::path& path, const sim::Json& head);

/// Reads scenarios of a sweep; why they are not valid, or empty. The folder that they were read
/// from is not mentioned, so that the reason is the same wherever the folder is.
std::string why_not(const SweepFiles& files, const std::function<void()>& read);

}  // namespace optichain::models::sweep
