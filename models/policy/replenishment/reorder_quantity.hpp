#pragma once
// The fewest lots of Q that bring a position at r or below above r.

#include <cmath>

#include "models/policy/forecast/all.hpp"
#include "models/policy/replenishment/inventory.hpp"
#include "sim/base/rule.hpp"

namespace optichain::models::policy {

struct ReorderQuantity {
  static constexpr std::string_view title = "(r,Q)", tag = "reorder_quantity",
                                    doc =
                                        "As soon as stock, pipeline and backlog together are down "
                                        "to the reorder point r, order the quantity Q, or as many "
                                        "times Q as bring them above it (Hadley and Whitin 1963).";
  static constexpr ReplenishmentNeeds needs{};
  Pieces reorder_pieces{0};
  Pieces quantity_pieces{1};
  template <class V>
  void fields(V& v) {
    v.required("reorder_pieces", reorder_pieces, sim::between(-1e15, 1e15),
               "r: at this position or below it is ordered; may be a backlog");
    v.required("quantity_pieces", quantity_pieces, sim::between(1, 1e15), "Q: the lot");
  }
  friend bool operator==(const ReorderQuantity&, const ReorderQuantity&) = default;

  Pieces lot() const { return quantity_pieces; }
  double quantity(const InventoryState& s, const Forecast&) const {
    const double lot = to_double(quantity_pieces);
    const double below = to_double(reorder_pieces) - s.position();
    return below < 0 ? 0 : lot * (std::floor(below / lot) + 1);
  }
};

}  // namespace optichain::models::policy
