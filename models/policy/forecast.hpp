#pragma once
// Forecasts of a weekly rate from what was observed at each review.

#include <cstdint>
#include <span>
#include <vector>

#include "models/catalog/options.hpp"

namespace optichain::models::policy {

/// What is planned: the mean rate up to a number of weeks from now, since the span before.
struct PlannedRate {
  double until_weeks = 0;
  double per_week = 0;
};

class Forecast {
 public:
  /// `initial_per_week` stands until observations replace it.
  Forecast(const ForecastMethod& method, double initial_per_week);

  /// `pieces` were wanted during the last `weeks` (> 0).
  void observe(double pieces, double weeks);
  /// What is planned from now on, for a forecast that is shared. The last rate goes on for ever.
  /// Requires at least one span, in the order of time.
  void follow(std::span<const PlannedRate> plan);
  bool is_shared() const { return std::holds_alternative<SharedForecast>(method_); }

  /// The rate expected now, per week, >= 0.
  double per_week() const;
  /// Pieces expected over the coming `weeks`, >= 0; a trend goes on, damped by phi
  /// a week, but is not followed below 0.
  double over(double weeks) const;

 private:
  double trend_over(double weeks) const;
  double damped_over(double weeks) const;
  double damping(double weeks) const;

  double level_;
  double trend_ = 0;    // change of the level per week
  double log_phi_ = 0;  // of a trend; 0 if it is not damped
  std::vector<PlannedRate> plan_;
  ForecastMethod method_;
  std::vector<double> window_;  // the oldest first
  double window_sum_ = 0;
};

}  // namespace optichain::models::policy
