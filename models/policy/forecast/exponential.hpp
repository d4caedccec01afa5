#pragma once
// Simple exponential smoothing.

#include "models/policy/forecast/rate.hpp"
#include "sim/base/rule.hpp"

namespace optichain::models::policy {

struct ExponentialForecast {
  static constexpr std::string_view title = "Exponential forecast", tag = "exponential",
                                    doc = "Exponential smoothing (Brown 1959).";
  static constexpr ForecastNeeds needs{};
  double alpha = 0.2;
  template <class V>
  void fields(V& v) {
    v.optional("alpha", alpha, sim::share, "weight of the newest observation");
  }
  friend bool operator==(const ExponentialForecast&, const ExponentialForecast&) = default;

  class State : public SteadyRate {
   public:
    State(const ExponentialForecast& method, double initial_per_week)
        : SteadyRate(initial_per_week), alpha_(method.alpha) {}
    void observe(double per_week, double) { level_ += alpha_ * (per_week - level_); }

   private:
    double alpha_;
  };
};

}  // namespace optichain::models::policy
