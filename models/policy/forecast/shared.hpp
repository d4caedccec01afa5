#pragma once
// What customers plan.

#include <span>
#include <vector>

#include "models/policy/forecast/rate.hpp"
#include "sim/base/check.hpp"

namespace optichain::models::policy {

struct SharedForecast {
  static constexpr std::string_view title = "Shared forecast", tag = "shared",
                                    doc =
                                        "What the customers' plans need from here: their demand as "
                                        "announced so far, brought here through the shares, mixes "
                                        "and yields of the week. Orders are not looked at.";
  static constexpr ForecastNeeds needs{PlanFact::plan};
  template <class V>
  void fields(V&) {}
  friend bool operator==(const SharedForecast&, const SharedForecast&) = default;

  class State : public SteadyRate {
   public:
    State(const SharedForecast&, double initial_per_week) : SteadyRate(initial_per_week) {}
    void observe(double, double) {}
    void follow(std::span<const PlannedRate> plan) {
      OPTICHAIN_CHECK(!plan.empty(), "a plan needs a rate");
      plan_.assign(plan.begin(), plan.end());
      level_ = plan_.front().per_week;
    }
    double over(double weeks) const {
      if (plan_.empty()) return SteadyRate::over(weeks);
      double pieces = 0, from = 0;
      for (const PlannedRate& span : plan_) {
        if (span.until_weeks >= weeks) return pieces + span.per_week * (weeks - from);
        pieces += span.per_week * (span.until_weeks - from);
        from = span.until_weeks;
      }
      return pieces + plan_.back().per_week * (weeks - from);
    }

   private:
    std::vector<PlannedRate> plan_;
  };
};

}  // namespace optichain::models::policy
