#pragma once
// The catalog as a graph of stock points: an arc goes from what is used or shipped to what is made
// or received from it.

#include <optional>
#include <string>
#include <vector>

#include "models/catalog/catalog.hpp"

namespace optichain::models::network {

struct FlowGraph {
  explicit FlowGraph(const Catalog& catalog);

  struct Arc {
    StockId from;
    StockId to;
  };
  std::vector<Arc> arcs;
  /// Stock points with suppliers before those they supply; empty if there is a cycle.
  std::vector<StockId> order;
  /// The stock points of one cycle, each supplying the next and the last the first.
  std::optional<std::vector<StockId>> cycle;
};

}  // namespace optichain::models::network
