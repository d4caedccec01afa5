#pragma once
// Results as bytes, to cross from the process of a replication to its parent.

#include <string>
#include <string_view>

#include "models/world/results.hpp"

namespace optichain::models {

std::string pack(const Results& results);
/// Requires bytes made by pack() of the same program.
Results unpack(std::string_view bytes);

}  // namespace optichain::models
