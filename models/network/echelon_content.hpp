#pragma once
// How much of what is kept at a stock point there is in everything beyond it: in the same item at
// those who buy it from there, and in what is made of it (Rosling, Operations Research 37, 1989).

#include <optional>
#include <vector>

#include "models/network/flow_graph.hpp"

namespace optichain::models::network {

struct EchelonContent {
  /// Requires a graph without cycle.
  EchelonContent(const Catalog& catalog, const FlowGraph& graph, StockId of);

  /// Pieces in a piece of each stock point, by StockId: 1 at the stock point itself, 0 where there
  /// is nothing of it. What was lost to yield is not there any more.
  std::vector<double> stocks;
  /// Pieces in a piece of each recipe that is in process, by RecipeId.
  std::vector<double> recipes;
  /// A stock point whose pieces differ, because they can be made or bought in more ways than one
  /// with more or less in them; nothing if there is none.
  std::optional<StockId> mixed;
};

}  // namespace optichain::models::network
