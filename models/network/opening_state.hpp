#pragma once
// What there is before anything happens: what the scenario says, or a steady state.

#include <vector>

#include "models/catalog/catalog.hpp"

namespace optichain::models::network {

/// Days are counted from the beginning of the simulation.
struct OpeningState {
  std::vector<Pieces> stock;                          // by StockId
  std::vector<std::vector<InitialPieces>> lots;       // by RecipeId, pieces started
  std::vector<std::vector<InitialPieces>> orders;     // by ChannelId, not yet shipped
  std::vector<std::vector<InitialPieces>> shipments;  // by ChannelId
};

}  // namespace optichain::models::network
