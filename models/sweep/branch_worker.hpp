#pragma once
// The runs of a study of options: in each future and replication one world runs to the day of the
// decision, and every option branches from it.

#include <csignal>
#include <functional>
#include <vector>

#include "models/sweep/run_line.hpp"
#include "models/sweep/sweep_plan.hpp"

namespace optichain::models::sweep {

/// Runs what a chunk asks for, future by future, and hands each run over.
void run_branches(const SweepFiles& files, const Plan& plan, const Chunk& chunk,
                  const volatile std::sig_atomic_t* stop,
                  const std::function<void(std::uint64_t point, std::uint64_t replication,
                                           const RunLine& line)>& on_run);

/// What is missing of such a study, cut so that all options of a replication are in one chunk.
std::vector<std::vector<RunRange>> cut_branches(const Plan& plan, const PointIndex& index,
                                                const Coverage& coverage,
                                                std::uint64_t runs_per_chunk);

}  // namespace optichain::models::sweep
