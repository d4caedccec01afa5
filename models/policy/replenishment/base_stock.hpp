#pragma once
// Up to a fixed level.

#include "models/policy/forecast/all.hpp"
#include "models/policy/replenishment/inventory.hpp"
#include "sim/base/rule.hpp"

namespace optichain::models::policy {

struct BaseStock {
  static constexpr std::string_view title = "Base stock", tag = "base_stock",
                                    doc =
                                        "Bring stock, pipeline and backlog together up to a fixed "
                                        "level.";
  static constexpr ReplenishmentNeeds needs{};
  Pieces level_pieces{0};
  template <class V>
  void fields(V& v) {
    v.required("level_pieces", level_pieces, sim::not_negative, "the level");
  }
  friend bool operator==(const BaseStock&, const BaseStock&) = default;

  double quantity(const InventoryState& s, const Forecast&) const {
    return to_double(level_pieces) - s.position();
  }
};

}  // namespace optichain::models::policy
