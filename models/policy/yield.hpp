#pragma once
// Yield: good pieces per piece started, improving with time or experience, varying by lot.

#include "models/catalog/site.hpp"
#include "sim/base/random.hpp"

namespace optichain::models::policy {

/// Planners and orders never count on a lower one, so that nothing is multiplied without end.
inline constexpr double lowest_planned_yield = 1e-3;

/// Mean yield at `now` after `pieces_started`, where `limit` is what learning leads to:
/// limit - (limit - initial) * 2^(-x / halving), x in weeks since `learning.from` or in pieces.
double mean_yield(double limit, const std::optional<YieldLearning>& learning, sim::Time now,
                  sim::Time start, double pieces_started);

/// The yield of one lot: Beta with this mean and standard deviation, the deviation reduced where
/// the mean is too near 0 or 1 to allow it. `u` is uniform in (0, 1).
double lot_yield(double mean, double sd, double u);

}  // namespace optichain::models::policy
