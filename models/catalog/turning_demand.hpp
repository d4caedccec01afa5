#pragma once
// What substitutions make of the demand curves of a replication.

#include <vector>

#include "models/catalog/catalog.hpp"
#include "sim/base/curve.hpp"

namespace optichain::models {

/// Moves the shares that the catalog's substitutions take from one curve to another. Each share is
/// held for a week (longer in scenarios beyond 19 years, or with thousands of customers), counted
/// from the begin of the simulation; where shares of the same demand exceed 1 together, they are
/// scaled to it. What one curve loses the other gains at every second, times `pieces_per_piece`.
/// `demand` is by DemandId, in pieces per week.
void turn_demand(const Catalog& catalog, std::vector<sim::Curve>& demand);

}  // namespace optichain::models
