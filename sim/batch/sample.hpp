#pragma once
// Statistics of a sample of replications.

#include <span>

namespace optichain::sim {

/// One value has no spread: of a sample of one the deviation, the outer quantiles and the interval
/// are not known, which is NaN.
struct Summary {
  std::size_t n = 0;
  double mean = 0;
  double sd = 0;  // with n - 1
  double p05 = 0, p50 = 0, p95 = 0;
  double ci95_low = 0, ci95_high = 0;  // of the mean, by Student's t
  bool has_spread() const { return n > 1; }
};

/// Interpolated between order statistics (Hyndman and Fan 1996, definition 7). Requires a sorted
/// sample that is not empty, and 0 <= p <= 1.
double quantile(std::span<const double> sorted, double p);

/// Requires a sample that is not empty.
Summary summarise(std::span<const double> sample);

}  // namespace optichain::sim
