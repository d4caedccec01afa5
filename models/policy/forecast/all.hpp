#pragma once
// Forecasts of a weekly rate from what was observed at each review: the list of methods, and one of
// them at work.
//
// A method is a struct in a file of its own, with
//   title, tag, doc, fields()   what it is and how YAML gives it
//   needs                       what it must be told beyond what is observed
//   State                       what it has learnt, made from the method and an initial rate:
//     observe(per_week, weeks)    a rate of the last `weeks`
//     per_week(), over(weeks)     the rate expected now, and pieces over the coming weeks
//     follow(plan, now)           if it needs a plan: it is asked from now on
// A new one is a new file, its name here, and a case in tests/unit/policy_test.cpp.

#include <variant>

#include "models/policy/forecast/constant.hpp"
#include "models/policy/forecast/exponential.hpp"
#include "models/policy/forecast/moving_average.hpp"
#include "models/policy/forecast/shared.hpp"
#include "models/policy/forecast/trend.hpp"

namespace optichain::models::policy {

using ForecastMethod = std::variant<ExponentialForecast, TrendForecast, MovingAverageForecast,
                                    ConstantForecast, SharedForecast>;

class Forecast {
 public:
  /// `initial_per_week` stands until observations replace it.
  Forecast(const ForecastMethod& method, double initial_per_week);

  /// `pieces` were wanted during the last `weeks` (> 0).
  void observe(double pieces, double weeks);
  bool needs_plan() const { return needs_plan_; }
  /// If it needs a plan: which, and that it is asked from `now` on. The plan must outlive it.
  void follow(const PlannedDemand& plan, sim::Time now);

  /// The rate expected now, per week, >= 0.
  double per_week() const;
  /// Pieces expected over the coming `weeks`, >= 0; a trend goes on, damped by phi a week, but is
  /// not followed below 0.
  double over(double weeks) const;

 private:
  template <class List>
  struct StatesOf;
  template <class... Methods>
  struct StatesOf<std::variant<Methods...>> {
    using Type = std::variant<typename Methods::State...>;
  };
  using State = StatesOf<ForecastMethod>::Type;

  State state_;
  bool needs_plan_;
};

}  // namespace optichain::models::policy
