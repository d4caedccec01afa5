#include "models/policy/apportion.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "sim/base/check.hpp"
#include "sim/base/quantity.hpp"

namespace optichain::models::policy {
namespace {

// Up to this many parts, looking for the largest remainder each time is faster than sorting.
constexpr std::size_t few = 32;

}  // namespace

std::vector<std::int64_t> apportion(std::int64_t total, std::span<const double> weights) {
  std::vector<std::int64_t> parts(weights.size(), 0);
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (total <= 0 || !(sum > 0)) return parts;

  const auto exact = [&](std::size_t i) { return static_cast<double>(total) * (weights[i] / sum); };
  const auto remainder = [&](std::size_t i) { return exact(i) - static_cast<double>(parts[i]); };
  std::int64_t left = total;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    parts[i] = std::min(sim::to_whole(std::floor(exact(i))), left);
    left -= parts[i];
  }
  if (left == 0) return parts;

  if (weights.size() <= few) {
    // the largest remainder gets a piece and so has the largest no more
    std::array<double, few> rest;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      rest[i] = weights[i] > 0 ? remainder(i) : -std::numeric_limits<double>::infinity();
    }
    for (; left > 0; --left) {
      const auto end = rest.begin() + static_cast<std::ptrdiff_t>(weights.size());
      const auto best =
          static_cast<std::size_t>(std::max_element(rest.begin(), end) - rest.begin());
      ++parts[best];
      rest[best] = remainder(best);
    }
    return parts;
  }
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return remainder(a) > remainder(b); });
  // Rounding errors of large totals can leave more than one piece each; go round until all is
  // given.
  for (std::size_t i = 0; left > 0; i = (i + 1) % order.size()) {
    if (weights[order[i]] <= 0) continue;
    ++parts[order[i]];
    --left;
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

}  // namespace optichain::models::policy
