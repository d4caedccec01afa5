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
  static thread_local std::vector<double> nothing;  // kept for its memory
  nothing.assign(weights.size(), 0);
  return apportion(total, weights, nothing);
}

std::vector<std::int64_t> apportion(std::int64_t total, std::span<const double> weights,
                                    std::span<double> owed) {
  std::vector<std::int64_t> parts(weights.size(), 0);
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (total <= 0 || !(sum > 0)) return parts;

  const auto exact = [&](std::size_t i) { return static_cast<double>(total) * (weights[i] / sum); };
  const auto lacks = [&](std::size_t i) {
    return exact(i) - static_cast<double>(parts[i]) + owed[i];
  };
  std::int64_t left = total;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    parts[i] = std::min(sim::to_whole(std::floor(exact(i))), left);
    left -= parts[i];
  }
  if (left > 0 && weights.size() <= few) {
    // who lacks most gets a piece and so lacks most no more
    std::array<double, few> lacking;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      lacking[i] = weights[i] > 0 ? lacks(i) : -std::numeric_limits<double>::infinity();
    }
    for (; left > 0; --left) {
      const auto end = lacking.begin() + static_cast<std::ptrdiff_t>(weights.size());
      const auto most =
          static_cast<std::size_t>(std::max_element(lacking.begin(), end) - lacking.begin());
      ++parts[most];
      lacking[most] = lacks(most);
    }
  } else if (left > 0) {
    std::vector<std::size_t> order(weights.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return lacks(a) > lacks(b); });
    // Rounding errors of large totals can leave more than one piece each; go round until all is
    // given.
    for (std::size_t i = 0; left > 0; i = (i + 1) % order.size()) {
      if (weights[order[i]] <= 0) continue;
      ++parts[order[i]];
      --left;
    }
  }
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] > 0) owed[i] = carried(lacks(i));
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
