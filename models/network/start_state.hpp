#pragma once
// What there is at the scenario's start, after a warm-up.

#include <vector>

#include "models/policy/units.hpp"

namespace optichain::models::network {

struct StartState {
  std::vector<Pieces> stock;       // by StockId
  std::vector<Pieces> in_process;  // by RecipeId, pieces started
  std::vector<Pieces> in_transit;  // by ChannelId
  std::vector<Pieces> open;        // by ChannelId, ordered and not shipped
};

}  // namespace optichain::models::network
