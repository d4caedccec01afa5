#pragma once
// What inventory theory and queues add to random worlds: other policies, continuous review,
// servers, buffers, random orders, disruptions.

#include <cstdint>

#include "tests/property/random_world.hpp"

namespace optichain::models {

/// Puts some of it into a third of all worlds. The dice are its own, so that the rest of a world
/// does not depend on it. Extreme worlds have no orders or lots that could become too many.
void add_inventory(sim::Node& world, std::uint64_t seed, WorldKind kind);

}  // namespace optichain::models
