#pragma once
// A weekly rate that is expected.

#include "models/policy/needs.hpp"
#include "sim/base/time.hpp"

namespace optichain::models::policy {

/// What who forecasts may be asked.
enum class PlanFact {
  plan  // what customers' plans need from here
};
using ForecastNeeds = Needs<PlanFact>;

/// What is planned, in pieces, as it is known at the instant from which it is asked.
class PlannedDemand {
 public:
  virtual ~PlannedDemand() = default;
  /// The rate of that instant, per week.
  virtual double per_week(sim::Time from) const = 0;
  /// Pieces of exactly the `weeks` (>= 0) from then on.
  virtual double over(sim::Time from, double weeks) const = 0;
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
