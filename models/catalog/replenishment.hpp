#pragma once
// Replenishment: how much to start or to order. The rules of inventory theory on a position that is
// stock on hand and all that is on its way, less what is owed.

#include <cstdint>
#include <string_view>
#include <variant>

#include "models/catalog/units.hpp"
#include "sim/base/fields.hpp"
#include "sim/base/rule.hpp"

namespace optichain::models {

using std::string_view;

struct OrderUpTo {
  static constexpr string_view title = "Order up to", tag = "order_up_to",
                               doc =
                                   "Bring stock, pipeline and backlog together up to the forecast "
                                   "over lead time, review period and safety time.";
  double safety_weeks = 2;
  double lead_time_cap_weeks = 52;
  template <class V>
  void fields(V& v) {
    v.optional("safety_weeks", safety_weeks, sim::between(0, 520),
               "weeks of forecast kept beyond lead time and review period");
    v.optional("lead_time_cap_weeks", lead_time_cap_weeks, sim::between(0, 1040),
               "a longer quoted lead time is not covered with orders");
  }
  friend bool operator==(const OrderUpTo&, const OrderUpTo&) = default;
};
struct BaseStock {
  static constexpr string_view title = "Base stock", tag = "base_stock",
                               doc =
                                   "Bring stock, pipeline and backlog together up to a fixed "
                                   "level.";
  Pieces level_pieces{0};
  template <class V>
  void fields(V& v) {
    v.required("level_pieces", level_pieces, sim::not_negative, "the level");
  }
  friend bool operator==(const BaseStock&, const BaseStock&) = default;
};
struct AnchorAndAdjust {
  static constexpr string_view title = "Anchor and adjust", tag = "anchor_and_adjust",
                               doc =
                                   "Order the forecast until the next review plus a part of what "
                                   "stock and supply line lack (Sterman 1989, equations 10 to 13); "
                                   "not where review is continuous.";
  double alpha = 1;
  double beta = 1;
  double target_pieces = 0;
  template <class V>
  void fields(V& v) {
    v.optional("alpha", alpha, sim::share, "part of the gap that is corrected each time");
    v.optional("beta", beta, sim::share, "part of the supply line that is taken into account");
    v.required("target_pieces", target_pieces, sim::not_negative,
               "wanted stock, less backlog, plus beta times the supply line");
  }
  friend bool operator==(const AnchorAndAdjust&, const AnchorAndAdjust&) = default;
};
struct EchelonBaseStock {
  static constexpr string_view
      title = "Echelon base stock",
      tag = "echelon_base_stock",
      doc =
          "Bring the echelon position up to a fixed level: what is here and on order, "
          "and everything that is on its way to or kept by those who buy the item "
          "from here, less what their customers are owed (Clark and Scarf, Management "
          "Science 6, 1960).";
  Pieces level_pieces{0};
  template <class V>
  void fields(V& v) {
    v.required("level_pieces", level_pieces, sim::not_negative, "the level");
  }
  friend bool operator==(const EchelonBaseStock&, const EchelonBaseStock&) = default;
};
struct MinMax {
  static constexpr string_view title = "(s,S)", tag = "min_max",
                               doc =
                                   "As soon as stock, pipeline and backlog together are down to "
                                   "the minimum s, bring them up to the maximum S (Scarf 1960).";
  Pieces min_pieces{0};
  Pieces max_pieces{0};
  template <class V>
  void fields(V& v) {
    v.required("min_pieces", min_pieces, sim::between(-1e15, 1e15),
               "s: at this position or below it is ordered; may be a backlog");
    v.required("max_pieces", max_pieces, sim::between(-1e15, 1e15), "S: up to this position");
  }
  friend bool operator==(const MinMax&, const MinMax&) = default;
};
struct ReorderQuantity {
  static constexpr string_view title = "(r,Q)", tag = "reorder_quantity",
                               doc =
                                   "As soon as stock, pipeline and backlog together are down to "
                                   "the reorder point r, order the quantity Q, or as many times Q "
                                   "as bring them above it (Hadley and Whitin 1963).";
  Pieces reorder_pieces{0};
  Pieces quantity_pieces{1};
  template <class V>
  void fields(V& v) {
    v.required("reorder_pieces", reorder_pieces, sim::between(-1e15, 1e15),
               "r: at this position or below it is ordered; may be a backlog");
    v.required("quantity_pieces", quantity_pieces, sim::between(1, 1e15), "Q: the lot");
  }
  friend bool operator==(const ReorderQuantity&, const ReorderQuantity&) = default;
};
using Replenishment =
    std::variant<OrderUpTo, BaseStock, AnchorAndAdjust, EchelonBaseStock, MinMax, ReorderQuantity>;

}  // namespace optichain::models
