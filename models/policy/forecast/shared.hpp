#pragma once
// What customers plan.

#include "models/policy/forecast/rate.hpp"

namespace optichain::models::policy {

struct SharedForecast {
  static constexpr std::string_view title = "Shared forecast", tag = "shared",
                                    doc =
                                        "What the customers' plans need from here: their demand as "
                                        "announced so far, without its random variation and "
                                        "traces, brought here through the shares, mixes and yields "
                                        "of the week. Orders are not looked at: what nobody "
                                        "planned is made and ordered when it is owed.";
  static constexpr ForecastNeeds needs{PlanFact::plan};
  template <class V>
  void fields(V&) {}
  friend bool operator==(const SharedForecast&, const SharedForecast&) = default;

  /// Before there is a plan, the initial rate.
  class State {
   public:
    State(const SharedForecast&, double initial_per_week) : initial_(initial_per_week) {}
    void observe(double, double) {}
    void follow(const PlannedDemand& plan, sim::Time now) {
      plan_ = &plan;
      from_ = now;
    }
    double per_week() const { return plan_ ? plan_->per_week(from_) : initial_.per_week(); }
    double over(double weeks) const {
      return plan_ ? plan_->over(from_, weeks) : initial_.over(weeks);
    }

   private:
    SteadyRate initial_;
    const PlannedDemand* plan_ = nullptr;
    sim::Time from_{};  // the review at which the plan was last looked at
  };
};

}  // namespace optichain::models::policy
