#pragma once
// What a worker does: the runs of one chunk, one after the other, and the chunk that it publishes.

#include <csignal>
#include <functional>

#include "models/sweep/plan.hpp"

namespace optichain::models::sweep {

/// Runs a chunk and publishes it. A run that fails is a result, too: it is published with its
/// reason. `on_run` is told of each. Throws Interrupted if it is stopped, OutputError if it cannot
/// write; ends the process by the same signal if a replication is killed again and again from
/// outside. Nothing of the chunk is then there.
void run_chunk(const SweepFiles& files, const Plan& plan, const PointIndex& index,
               const Chunk& chunk, const volatile std::sig_atomic_t* stop,
               const std::function<void(bool failed)>& on_run);

}  // namespace optichain::models::sweep
