#pragma once
// The runs of a study of options: in each future and replication one world runs to the day of the
// decision, and every option branches from it.

#include <csignal>
#include <functional>

#include "models/sweep/plan.hpp"
#include "models/sweep/run_line.hpp"

namespace optichain::models::sweep {

/// Runs what a chunk asks for, future by future, and hands each run over.
void run_branches(const SweepFiles& files, const Plan& plan, const Chunk& chunk,
                  const volatile std::sig_atomic_t* stop,
                  const std::function<void(std::uint64_t point, std::uint64_t replication,
                                           const RunLine& line)>& on_run);

}  // namespace optichain::models::sweep
