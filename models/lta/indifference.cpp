#include "models/lta/indifference.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/base/check.hpp"
#include "sim/batch/sample.hpp"

namespace optichain::models::lta {
namespace {

struct FittedLine {
  double at_zero = 0, slope = 0;
  double at(double x) const { return at_zero + slope * x; }
};

FittedLine fitted(std::span<const double> x, std::span<const double> y) {
  const double n = static_cast<double>(x.size());
  double mean_x = 0, mean_y = 0, xx = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    mean_x += x[i] / n;
    mean_y += y[i] / n;
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  const double slope = xx > 0 ? xy / xx : 0;
  return {mean_y - slope * mean_x, slope};
}

constexpr std::size_t nobody = std::numeric_limits<std::size_t>::max();

/// The mean gain at each price, without one of the replications.
std::vector<double> means(const std::vector<std::vector<double>>& gains, std::size_t without) {
  std::vector<double> all;
  for (const auto& sample : gains) {
    double sum = 0;
    for (std::size_t r = 0; r < sample.size(); ++r) sum += r == without ? 0 : sample[r];
    all.push_back(sum / static_cast<double>(sample.size() - (without == nobody ? 0 : 1)));
  }
  return all;
}

}  // namespace

std::optional<IndifferencePrice> indifference_price(std::span<const double> prices,
                                                    const std::vector<std::vector<double>>& gains) {
  OPTICHAIN_CHECK(prices.size() == gains.size() && !gains.empty() && !gains.front().empty(),
                  "a sample of gains for each price");
  const auto mean = means(gains, nobody);
  const FittedLine line = fitted(prices, mean);
  if (line.slope == 0) return std::nullopt;
  IndifferencePrice found;
  found.price = found.low = found.high = -line.at_zero / line.slope;
  for (std::size_t i = 0; i < prices.size(); ++i) {
    found.departure = std::max(found.departure, std::fabs(mean[i] - line.at(prices[i])));
  }
  const auto [low, high] = std::minmax_element(prices.begin(), prices.end());
  found.is_within = *low <= found.price && found.price <= *high;
  const std::size_t n = gains.front().size();
  if (n < 2) return found;
  std::vector<double> pseudo;
  for (std::size_t r = 0; r < n; ++r) {
    const FittedLine other = fitted(prices, means(gains, r));
    if (other.slope == 0) return found;
    pseudo.push_back(static_cast<double>(n) * found.price +
                     static_cast<double>(n - 1) * other.at_zero / other.slope);
  }
  const sim::Summary s = sim::summarise(pseudo);
  found.low -= s.mean - s.ci95_low;
  found.high += s.ci95_high - s.mean;
  return found;
}

}  // namespace optichain::models::lta
