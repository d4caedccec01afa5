#pragma once
// Up to the forecast over the time until what is ordered next arrives.

#include <algorithm>

#include "models/policy/forecast/all.hpp"
#include "models/policy/replenishment/inventory.hpp"
#include "sim/base/rule.hpp"

namespace optichain::models::policy {

struct OrderUpTo {
  static constexpr std::string_view title = "Order up to", tag = "order_up_to",
                                    doc =
                                        "Bring stock, pipeline and backlog together up to the "
                                        "forecast over lead time, review period and safety time.";
  static constexpr ReplenishmentNeeds needs{StockFact::forecast, StockFact::lead_time,
                                            StockFact::review_period};
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

  double quantity(const InventoryState& s, const Forecast& forecast) const {
    const double cover =
        std::min(s.lead_weeks, lead_time_cap_weeks) + s.review_weeks + safety_weeks;
    return forecast.over(cover) - s.position();
  }
};

}  // namespace optichain::models::policy
