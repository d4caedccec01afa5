#include "models/policy/apportion.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sim/base/check.hpp"
#include "sim/base/quantity.hpp"

namespace optichain::models {

std::vector<std::int64_t> apportion(std::int64_t total, std::span<const double> weights) {
  std::vector<std::int64_t> parts(weights.size(), 0);
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (total <= 0 || !(sum > 0)) return parts;

  std::vector<double> remainders(weights.size());
  std::int64_t given = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double exact = static_cast<double>(total) * (weights[i] / sum);
    parts[i] = std::min(sim::to_whole(std::floor(exact)), total - given);
    remainders[i] = exact - static_cast<double>(parts[i]);
    given += parts[i];
  }
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  // Rounding errors of large totals can leave more than one piece each; go round until all is
  // given.
  for (std::size_t i = 0; given < total; i = (i + 1) % order.size()) {
    if (weights[order[i]] > 0) {
      ++parts[order[i]];
      ++given;
    }
  }
  return parts;
}

std::int64_t Carry::take(double amount, std::int64_t most) {
  OPTICHAIN_CHECK(amount >= 0, "cannot round {}", amount);
  const double whole = amount + rest_;
  // a hair below a whole number is that number: 0.1 ten times is one piece
  const std::int64_t taken = std::min(most, sim::to_whole(std::floor(whole + 1e-9)));
  rest_ = std::max(0.0, whole - static_cast<double>(taken));
  return taken;
}

}  // namespace optichain::models
