#include "sim/batch/ranking.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sim/base/check.hpp"

namespace optichain::sim {

KimNelson::KimNelson(std::size_t options, const RankingTarget& target)
    : target_(target), left_(options), spent_(options, 0), sums_(options, 0), firsts_(options) {
  OPTICHAIN_CHECK(options >= 1 && target.first >= 2 && target.indifference > 0,
                  "nothing to choose from");
  std::iota(left_.begin(), left_.end(), std::size_t{0});
  // With c = 1: eta = ((2 alpha / (k - 1))^(-2 / (n0 - 1)) - 1) / 2, h^2 = 2 eta (n0 - 1).
  const double degrees = static_cast<double>(target.first - 1);
  const double others = std::max(1.0, static_cast<double>(options) - 1);
  const double alpha = 1 - target.probability;
  const double eta = (std::pow(2 * alpha / others, -2 / degrees) - 1) / 2;
  h_squared_ = 2 * eta * degrees;
}

void KimNelson::add(std::span<const double> outcomes) {
  OPTICHAIN_CHECK(outcomes.size() == sums_.size(), "an outcome of each option");
  ++replications_;
  for (const std::size_t option : left_) {
    sums_[option] += outcomes[option];
    ++spent_[option];
    if (replications_ <= target_.first) firsts_[option].push_back(outcomes[option]);
  }
  if (replications_ == target_.first) estimate_variances();
  if (replications_ >= target_.first) screen();
}

void KimNelson::estimate_variances() {
  const std::size_t k = sums_.size();
  const double n = static_cast<double>(target_.first);
  variances_.assign(k * k, 0);
  for (std::size_t a = 0; a < k; ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      const double mean = (sums_[a] - sums_[b]) / n;
      double squares = 0;
      for (std::size_t r = 0; r < target_.first; ++r) {
        const double off = firsts_[a][r] - firsts_[b][r] - mean;
        squares += off * off;
      }
      variances_[a * k + b] = variances_[b * k + a] = squares / (n - 1);
    }
  }
}

/// Rules out every option that is behind another one by more than luck explains:
/// W = max(0, delta / (2 r) (h^2 S^2 / delta^2 - r)).
void KimNelson::screen() {
  const double r = static_cast<double>(replications_), delta = target_.indifference;
  const auto is_behind = [&](std::size_t option, std::size_t other) {
    const double width = std::max(
        0.0, delta / (2 * r) * (h_squared_ * variance(option, other) / (delta * delta) - r));
    const double lead = mean(other) - mean(option);
    // of two that are the same after all that is needed, the first is as good
    return lead > width || (width == 0 && lead == 0 && other < option);
  };
  std::vector<std::size_t> left;
  for (const std::size_t option : left_) {
    const bool out = std::any_of(left_.begin(), left_.end(), [&](std::size_t other) {
      return other != option && is_behind(option, other);
    });
    if (!out) left.push_back(option);
  }
  left_ = std::move(left);
}

std::vector<std::size_t> KimNelson::left() const {
  std::vector<std::size_t> order = left_;
  if (replications_ == 0) return order;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return mean(a) > mean(b); });
  return order;
}

}  // namespace optichain::sim
