#pragma once
// How far a sweep has come, read from its folder alone: no scheduler is asked, nothing is run.

#include <string>
#include <vector>

#include "models/sweep/plan.hpp"
#include "sim/output/json.hpp"
#include "sim/output/live_file.hpp"

namespace optichain::models::sweep {

/// The chunks that were published into a folder, by name.
std::vector<std::filesystem::path> chunk_files(const SweepFiles& files);

/// Whether chunks are read whole, so that every run in them is looked at, or their heads and ends
/// alone, which have a hash of their own.
enum class Reading { ends, whole };

struct SweepState {
  Coverage coverage;
  std::uint64_t chunks = 0;          // with runs of this plan's kind
  std::uint64_t foreign_chunks = 0;  // of another engine, scenario, seed or metrics
  std::vector<std::filesystem::path> damaged;
};

/// Goes through all chunks in the folders, which may be those of several sites.
SweepState read_state(const Plan& plan, const PointIndex& index,
                      const std::vector<SweepFiles>& folders, Reading reading);

/// Gives damaged chunks another name (ID.chunk.damaged, with a number if there is one), so that
/// their runs count as missing.
void set_aside(const std::vector<std::filesystem::path>& damaged);

/// The head of a chunk: what its lines are results of.
sim::Json chunk_head(const Plan& plan, const PointIndex& index, const Chunk& chunk);

/// One process that is at work on a sweep; written by it every few seconds.
struct Session {
  std::uint64_t done = 0, failed = 0;  // in this session
  double seconds = 0;                  // since it began
};
/// Writes the session to its file in the folder, which is there while the process lives.
class SessionFile {
 public:
  explicit SessionFile(const SweepFiles& files);
  void write(std::uint64_t done, std::uint64_t failed, double seconds);

 private:
  sim::LiveFile file_;
};
/// The sessions that are at work. Where the file system knows no locks, those that said something
/// in the last half minute.
std::vector<Session> read_sessions(const SweepFiles& files);

/// Removes the parts of chunks and the sessions of processes that have ended.
void remove_ended(const SweepFiles& files);

}  // namespace optichain::models::sweep
