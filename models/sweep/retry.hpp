#pragma once
// Forgetting failures, so that they are tried again.

#include "models/sweep/plan.hpp"

namespace optichain::models::sweep {

/// Takes failed runs out of the chunks of a folder; what was done stays, in chunks of its own.
/// Returns how many were forgotten.
std::uint64_t forget_failures(const SweepFiles& files, const Plan& plan);

}  // namespace optichain::models::sweep
