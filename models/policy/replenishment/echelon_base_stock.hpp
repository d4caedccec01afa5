#pragma once
// Base stock of an echelon.

#include "models/policy/forecast/all.hpp"
#include "models/policy/replenishment/inventory.hpp"
#include "sim/base/rule.hpp"

namespace optichain::models::policy {

struct EchelonBaseStock {
  static constexpr std::string_view
      title = "Echelon base stock",
      tag = "echelon_base_stock",
      doc =
          "Bring the echelon position up to a fixed level: what is here and on order, "
          "and everything that is on its way to or kept by those who buy the item "
          "from here, also in what they make of it, less what their customers are owed "
          "(Clark and Scarf, Management Science 6, 1960; Rosling, Operations Research 37, "
          "1989).";
  static constexpr ReplenishmentNeeds needs{StockFact::downstream};
  Pieces level_pieces{0};
  template <class V>
  void fields(V& v) {
    v.required("level_pieces", level_pieces, sim::not_negative, "the level");
  }
  friend bool operator==(const EchelonBaseStock&, const EchelonBaseStock&) = default;

  double quantity(const InventoryState& s, const Forecast&) const {
    return to_double(level_pieces) - (s.on_hand + s.pipeline + s.downstream);
  }
};

}  // namespace optichain::models::policy
