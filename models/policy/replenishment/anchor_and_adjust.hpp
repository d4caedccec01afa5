#pragma once
// How people order (Sterman, Management Science 1989, equations 10 to 13).

#include "models/policy/forecast/all.hpp"
#include "models/policy/replenishment/inventory.hpp"
#include "sim/base/rule.hpp"

namespace optichain::models::policy {

struct AnchorAndAdjust {
  static constexpr std::string_view title = "Anchor and adjust", tag = "anchor_and_adjust",
                                    doc =
                                        "Order the forecast until the next review plus a part of "
                                        "what stock and supply line lack (Sterman 1989, equations "
                                        "10 to 13); not where review is continuous.";
  static constexpr ReplenishmentNeeds needs{StockFact::forecast, StockFact::review_period,
                                            StockFact::reviews_only};
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

  double quantity(const InventoryState& s, const Forecast& forecast) const {
    const double gap = target_pieces - (s.on_hand - s.backlog) - beta * s.pipeline;
    return forecast.over(s.review_weeks) + alpha * gap;
  }
};

}  // namespace optichain::models::policy
