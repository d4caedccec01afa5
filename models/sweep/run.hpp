#pragma once
// The work of a sweep: chunks that are missing, each in a worker process that publishes it, each
// replication in a process of its own below it.

#include <csignal>
#include <string>
#include <vector>

#include "models/sweep/cut.hpp"
#include "sim/output/file.hpp"

namespace optichain::models::sweep {

struct SweepWork {
  std::uint64_t shard = 0, shards = 1;  // the chunks whose number is shard modulo shards
  std::size_t jobs = 1;                 // workers at once
  ChunkSize chunk_size{};
  const volatile std::sig_atomic_t* stop = nullptr;
  bool quiet = false;
};

struct SweepOutcome {
  std::uint64_t runs = 0;  // of this shard
  std::uint64_t done = 0, failed = 0, missing = 0;
  bool stopped = false;
  std::vector<std::string> problems;  // what went wrong, for people
};

/// Does what is missing of a shard. Throws OutputError if nothing can be written; what was
/// published stays.
SweepOutcome run_sweep(const SweepFiles& files, const Plan& plan, const SweepWork& work);

/// Throws Error unless this program, on this machine, computes what the plan's did.
void check_same_engine(const Plan& plan, const volatile std::sig_atomic_t* stop);

/// The lock of a sweep's folder: shared by shards, alone for who does all.
class SweepLock {
 public:
  enum class Kind { shared, alone };
  /// Throws OutputError if others are at work.
  SweepLock(const SweepFiles& files, Kind kind);

 private:
  sim::Descriptor folder_;
};

}  // namespace optichain::models::sweep
