#include "sim/batch/sample.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <boost/math/distributions/students_t.hpp>

#include "sim/base/check.hpp"

namespace optichain::sim {
namespace {

/// The 97.5% point of Student's t.
double t_quantile(std::size_t degrees) {
  return boost::math::quantile(boost::math::students_t(static_cast<double>(degrees)), 0.975);
}

}  // namespace

double quantile(std::span<const double> sorted, double p) {
  const double at = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(at));
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - std::floor(at)) * (sorted[above] - sorted[below]);
}

Summary summarise(std::span<const double> sample) {
  OPTICHAIN_CHECK(!sample.empty(), "a summary needs a sample");
  Summary s;
  s.n = sample.size();
  const double n = static_cast<double>(s.n);
  for (const double x : sample) s.mean += x / n;
  std::vector<double> sorted(sample.begin(), sample.end());
  std::sort(sorted.begin(), sorted.end());
  if (sorted.front() == sorted.back()) s.mean = sorted.front();  // exactly, whatever the rounding
  if (!s.has_spread()) {
    s.p50 = s.mean;
    s.sd = s.p05 = s.p95 = s.ci95_low = s.ci95_high = std::numeric_limits<double>::quiet_NaN();
    return s;
  }
  double squares = 0;
  for (const double x : sample) squares += (x - s.mean) * (x - s.mean);
  s.sd = std::sqrt(squares / (n - 1));
  s.p05 = quantile(sorted, 0.05);
  s.p50 = quantile(sorted, 0.50);
  s.p95 = quantile(sorted, 0.95);
  s.ci95_low = s.ci95_high = s.mean;
  if (s.sd > 0) {
    static std::size_t last_n = 0;
    static double last_t = 0;  // metrics of one run share their number of replications
    if (s.n != last_n) {
      last_n = s.n;
      last_t = t_quantile(s.n - 1);
    }
    s.ci95_low -= last_t * s.sd / std::sqrt(n);
    s.ci95_high += last_t * s.sd / std::sqrt(n);
  }
  return s;
}

}  // namespace optichain::sim
