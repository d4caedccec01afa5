#pragma once
// No forecast.

#include "models/policy/forecast/rate.hpp"

namespace optichain::models::policy {

struct ConstantForecast {
  static constexpr std::string_view title = "Constant forecast", tag = "constant",
                                    doc = "Always the initial forecast.";
  static constexpr ForecastNeeds needs{};
  template <class V>
  void fields(V&) {}
  friend bool operator==(const ConstantForecast&, const ConstantForecast&) = default;

  struct State : SteadyRate {
    State(const ConstantForecast&, double initial_per_week) : SteadyRate(initial_per_week) {}
    void observe(double, double) {}
  };
};

}  // namespace optichain::models::policy
