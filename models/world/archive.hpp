#pragma once
// Results as bytes, to cross from the process of a replication to its parent.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "models/network/start_state.hpp"
#include "models/world/results.hpp"

namespace optichain::models::world {

std::string pack(const Results& results);
/// Hands the same bytes over in many pieces: those of a large network are not to stand twice.
void pack(const Results& results, const std::function<void(std::string_view piece)>& take);
std::size_t packed_size(const Results& results);
/// The hash_text of what pack() makes, without making it.
std::uint64_t hash_of(const Results& results);
/// Requires bytes made by pack() of the same program.
Results unpack(std::string_view bytes);

/// The same of what agents see at a moment.
std::string pack(const network::StartState& state);
network::StartState unpack_start(std::string_view bytes);

}  // namespace optichain::models::world
