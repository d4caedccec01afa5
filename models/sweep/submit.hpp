#pragma once
// Handing a sweep to a batch system. Only Slurm is driven; any other that numbers the tasks of an
// array runs `optichain sweep run DIR --shard auto/N` as its task.

#include <cstdint>
#include <string>
#include <vector>

#include "models/sweep/plan.hpp"

namespace optichain::models::sweep {

struct Submission {
  std::uint64_t shards = 0;        // 0: chosen, or those of the last submission of the same plan
  std::uint64_t max_parallel = 0;  // shards at once; 0: no limit
  std::size_t jobs = 1;            // processors of a shard
  bool merge = false;              // queue a merge behind the shards
  std::string program;             // full path of this program
  std::vector<std::string> arguments;  // handed to sbatch
};

/// What is to be submitted: the shards that miss a run, and the script that does them.
struct Prepared {
  std::uint64_t shards = 0;
  std::vector<std::uint64_t> missing;  // numbers of shards
  std::string script;                  // text for sbatch
};

/// Works out shards of three minutes or more, at most 1000 (a batch system takes seconds to start
/// one, and its arrays are not longer by default).
Prepared prepare_slurm(const SweepFiles& files, const Plan& plan, const Submission& submission);

/// Writes the script into the folder, submits it and what else was asked for, and says so. Throws
/// Error with the words of sbatch if it refuses.
std::string submit_slurm(const SweepFiles& files, const Plan& plan, const Submission& submission,
                         const Prepared& prepared);

/// Numbers as ranges: `0-3,7`.
std::string ranges_of(const std::vector<std::uint64_t>& numbers);

}  // namespace optichain::models::sweep
