#pragma once
// Random scenarios that are valid: chains of two to four tiers with everything a scenario may say.
//
//   const sim::Node world = random_world(42);
//   const std::string yaml = sim::to_yaml(world);      // reads as a scenario, for ever the same
//   const sim::Node other = shuffled(world, 7);        // the same scenario, written otherwise
//
// A world is made as YAML, so that the reader is under test too and a failure prints a scenario
// that can be run as it is.

#include <cstdint>
#include <string>

#include "sim/input/node.hpp"

namespace optichain::models {

enum class WorldKind {
  usual,   // numbers such as occur
  extreme  // many of them at the ends of what is allowed
};

/// The same world for the same seed, on every machine.
sim::Node random_world(std::uint64_t seed, WorldKind kind = WorldKind::usual);

/// The same scenario with the entries of every mapping in another order. Dates of a curve keep
/// theirs, which is a rule of the format, and so do lists.
sim::Node shuffled(const sim::Node& world, std::uint64_t seed);

/// The world and beside it a chain of two sites and a customer that nobody else deals with. Names
/// begin with `prefix`, which says where they come in the order of names.
sim::Node with_stranger(sim::Node world, const std::string& prefix);

/// The world with all money counted in a unit of which two make one of the old.
sim::Node with_money_doubled(sim::Node world);

/// The world with other yields, prices, costs and shares from a day on, where they are plain
/// numbers.
sim::Node with_change_on(sim::Node world, const std::string& day);

}  // namespace optichain::models
