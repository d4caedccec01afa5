#include "sim/batch/scores.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <boost/math/distributions/binomial.hpp>

#include "sim/base/check.hpp"

namespace optichain::sim {

double fair_crps(std::span<const double> members, double observed) {
  OPTICHAIN_CHECK(!members.empty(), "a forecast without members");
  std::vector<double> sorted(members.begin(), members.end());
  std::sort(sorted.begin(), sorted.end());
  const auto n = static_cast<double>(sorted.size());
  double distance = 0, between = 0;  // of all pairs, each counted once
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    distance += std::abs(sorted[i] - observed);
    between += (2 * static_cast<double>(i) + 1 - n) * sorted[i];
  }
  return distance / n - (sorted.size() > 1 ? between / (n * (n - 1)) : 0);
}

CountedShare counted_share(std::size_t count, std::size_t of) {
  OPTICHAIN_CHECK(count <= of, "{} of {}", count, of);
  using Law = boost::math::binomial_distribution<double>;
  CountedShare share{count, of, 0, 1};
  if (of == 0) return share;
  const auto n = static_cast<double>(of), k = static_cast<double>(count);
  share.low = Law::find_lower_bound_on_p(n, k, 0.025);
  share.high = Law::find_upper_bound_on_p(n, k, 0.025);
  return share;
}

}  // namespace optichain::sim
