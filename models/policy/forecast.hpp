#pragma once
// Forecasts of a weekly rate from what was observed at each review.

#include <cstdint>
#include <deque>

#include "models/catalog/options.hpp"

namespace optichain::models {

class Forecast {
 public:
  /// `initial_per_week` stands until observations replace it.
  Forecast(const ForecastMethod& method, double initial_per_week);

  /// `pieces` were wanted during the last `weeks` (> 0).
  void observe(double pieces, double weeks);

  /// The rate expected now, per week, >= 0.
  double per_week() const;
  /// Pieces expected over the coming `weeks`, >= 0; a trend goes on, but is not followed below 0.
  double over(double weeks) const;

 private:
  ForecastMethod method_;
  double level_;
  double trend_ = 0;  // change of the level per week
  std::deque<double> window_;
  double window_sum_ = 0;
};

}  // namespace optichain::models
