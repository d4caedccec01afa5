#pragma once
// Up to S as soon as the position is at s or below.

#include <optional>
#include <string>

#include "models/policy/forecast/all.hpp"
#include "models/policy/replenishment/inventory.hpp"
#include "sim/base/rule.hpp"

namespace optichain::models::policy {

struct MinMax {
  static constexpr std::string_view title = "(s,S)", tag = "min_max",
                                    doc =
                                        "As soon as stock, pipeline and backlog together are down "
                                        "to the minimum s, bring them up to the maximum S (Scarf "
                                        "1960).";
  static constexpr ReplenishmentNeeds needs{};
  Pieces min_pieces{0};
  Pieces max_pieces{0};
  template <class V>
  void fields(V& v) {
    v.required("min_pieces", min_pieces, sim::between(-1e15, 1e15),
               "s: at this position or below it is ordered; may be a backlog");
    v.required("max_pieces", max_pieces, sim::between(-1e15, 1e15), "S: up to this position");
  }
  friend bool operator==(const MinMax&, const MinMax&) = default;

  std::optional<Misfit> misfit() const {
    if (max_pieces > min_pieces) return {};
    return Misfit{"max_pieces", "expected more than the minimum of " +
                                    std::to_string(min_pieces.count()) + ", received " +
                                    std::to_string(max_pieces.count())};
  }
  double quantity(const InventoryState& s, const Forecast&) const {
    return s.position() <= to_double(min_pieces) ? to_double(max_pieces) - s.position() : 0;
  }
};

}  // namespace optichain::models::policy
