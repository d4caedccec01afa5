#pragma once
// What inventory theory and queues add to random worlds: other policies, continuous review,
// servers, buffers, random orders, disruptions.

#include <cstdint>
#include <string>

#include "tests/property/random_world.hpp"

namespace optichain::models {

/// Puts some of it into a third of all worlds. The dice are its own, so that the rest of a world
/// does not depend on it. Extreme worlds have no orders or lots that could become too many.
void add_inventory(sim::Node& world, std::uint64_t seed, WorldKind kind);

/// What is on its way to a stock point or in process for it before the simulation begins.
double initially_coming(sim::Node& site, const std::string& item);
/// The lot in which a site orders or starts an item; 1 if its policies have none.
double largest_lot(const sim::Node& site, const std::string& item);

}  // namespace optichain::models
