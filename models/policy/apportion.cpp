#include "models/policy/apportion.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "sim/base/check.hpp"
#include "sim/base/quantity.hpp"

namespace optichain::models::policy {
namespace {

// Up to this many parts, looking for the largest remainder each time is faster than sorting.
constexpr std::size_t few = 32;

}  // namespace

std::vector<std::int64_t> apportion(std::int64_t total, std::span<const double> weights) {
  if (weights.size() <= few) {
    std::array<double, few> nothing{};
    return apportion(total, weights, std::span(nothing).first(weights.size()));
  }
  std::vector<double> nothing(weights.size(), 0);
  return apportion(total, weights, nothing);
}

std::vector<std::int64_t> apportion(std::int64_t total, std::span<const double> weights,
                                    std::span<double> owed, std::span<const double> ties) {
  std::vector<std::int64_t> parts(weights.size(), 0);
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (total <= 0 || !(sum > 0)) return parts;

  const auto exact = [&](std::size_t i) { return static_cast<double>(total) * (weights[i] / sum); };
  std::int64_t left = total;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] <= 0) continue;
    const double share = exact(i);
    parts[i] = std::min(sim::to_whole(std::floor(share)), left);
    owed[i] += share - static_cast<double>(parts[i]);
    left -= parts[i];
  }
  const auto lacks = [&](std::size_t i) { return ties.empty() ? owed[i] : owed[i] + ties[i]; };
  const auto give = [&](std::size_t i) {
    ++parts[i];
    --owed[i];
    --left;
  };
  if (weights.size() <= few) {
    while (left > 0) {
      // who lacks most gets a piece and so lacks most no more
      std::size_t most = weights.size();
      for (std::size_t i = 0; i < weights.size(); ++i) {
        if (weights[i] > 0 && (most == weights.size() || lacks(i) > lacks(most))) most = i;
      }
      give(most);
    }
  } else if (left > 0) {
    std::vector<std::size_t> order(weights.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return lacks(a) > lacks(b); });
    // Rounding errors of large totals can leave more than one piece each; go round until all is
    // given.
    for (std::size_t i = 0; left > 0; i = (i + 1) % order.size()) {
      if (weights[order[i]] > 0) give(order[i]);
    }
  }
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] > 0) owed[i] = carried(owed[i]);
  }
  return parts;
}

std::vector<std::int64_t> apportion_within(std::int64_t total, std::span<const std::int64_t> most,
                                           std::span<double> owed, std::span<const double> ties) {
  const std::vector<double> weights(most.begin(), most.end());
  auto parts = apportion(total, weights, owed, ties);
  for (std::size_t full = 0; full < parts.size(); ++full) {
    while (parts[full] > most[full]) {
      std::size_t next = parts.size();
      for (std::size_t i = 0; i < parts.size(); ++i) {
        if (parts[i] >= most[i]) continue;
        if (next == parts.size() || owed[i] + ties[i] > owed[next] + ties[next]) next = i;
      }
      OPTICHAIN_CHECK(next < parts.size(), "{} are more than all can have", total);
      --parts[full];
      ++parts[next];
      owed[full] = carried(owed[full] + 1);
      owed[next] = carried(owed[next] - 1);
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

}  // namespace optichain::models::policy
