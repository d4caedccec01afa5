#pragma once
// Worlds of single pieces: a piece or less a week, rare reviews, small lots and levels, rooms that
// what is on its way just fits into.

#include <cstdint>

#include "tests/property/random_world.hpp"

namespace optichain::models {

/// Makes every fourth world one of single pieces. The dice are its own, so that the others do not
/// depend on it.
void add_few_pieces(sim::Node& world, std::uint64_t seed);

}  // namespace optichain::models
