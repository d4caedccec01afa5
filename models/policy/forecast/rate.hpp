#pragma once
// A weekly rate that is expected.

#include "models/policy/needs.hpp"

namespace optichain::models::policy {

/// What who forecasts may be asked.
enum class PlanFact {
  plan  // what customers' plans need from here
};
using ForecastNeeds = Needs<PlanFact>;

/// What is planned: the mean rate up to a number of weeks from now, since the span before.
struct PlannedRate {
  double until_weeks = 0;
  double per_week = 0;
};

/// A rate that is expected to stay, the beginning of every forecast.
class SteadyRate {
 public:
  explicit SteadyRate(double per_week) : level_(per_week) {}
  double per_week() const { return level_; }
  double over(double weeks) const { return level_ * weeks; }

 protected:
  double level_;
};

}  // namespace optichain::models::policy
