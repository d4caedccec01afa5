#include "models/policy/split.hpp"

#include <algorithm>
#include <cmath>

#include "models/policy/apportion.hpp"

namespace optichain::models::policy {
namespace {

std::vector<double>& weights_of(std::span<const Quote> quotes, double elasticity) {
  static thread_local std::vector<double> weights;  // kept for its memory
  weights.clear();
  for (const Quote& q : quotes) {
    // a day at least, so that a seller who delivers at once does not take everything
    const double lead = std::max(q.lead_weeks, 1.0 / 7);
    weights.push_back(elasticity > 0 ? q.weight * std::pow(lead, -elasticity) : q.weight);
  }
  return weights;
}

/// In units that cannot be divided. Whose part by weight is less than what is committed to it gets
/// that, the others share the rest.
std::vector<std::int64_t> split_units(std::int64_t units, std::span<const std::int64_t> committed,
                                      std::vector<double>& weights, std::span<double> owed) {
  const bool is_bound = std::any_of(committed.begin(), committed.end(),
                                    [](std::int64_t pieces) { return pieces > 0; });
  if (!is_bound) return apportion(units, weights, owed);
  const std::vector<double> before(owed.begin(), owed.end());
  auto parts = apportion(units, weights, owed);
  std::vector<bool> fixed(weights.size(), false);
  for (bool again = true; again;) {
    again = false;
    for (std::size_t q = 0; q < weights.size(); ++q) {
      if (fixed[q] || parts[q] >= committed[q]) continue;
      fixed[q] = again = true;
      weights[q] = 0;
    }
    if (!again) break;
    std::int64_t left = units;
    for (std::size_t q = 0; q < weights.size(); ++q) {
      if (fixed[q]) left -= parts[q] = std::min(left, committed[q]);
    }
    std::copy(before.begin(), before.end(), owed.begin());
    const auto rest = apportion(left, weights, owed);
    for (std::size_t q = 0; q < weights.size(); ++q) {
      if (!fixed[q]) parts[q] = rest[q];
    }
  }
  return parts;
}

}  // namespace

std::vector<std::int64_t> split_order(std::int64_t pieces, std::span<const Quote> quotes,
                                      double elasticity, std::span<double> owed, std::int64_t lot) {
  if (quotes.size() == 1) {
    const Quote& only = quotes.front();
    return {only.weight > 0 ? pieces : std::min(pieces, only.committed)};
  }
  static thread_local std::vector<std::int64_t> committed;  // kept for its memory
  committed.clear();
  for (const Quote& q : quotes) committed.push_back((q.committed + lot - 1) / lot);
  const std::int64_t lots = (pieces + lot - 1) / lot, missing = lots * lot - pieces;
  auto parts = split_units(lots, committed, weights_of(quotes, elasticity), owed);
  if (lot == 1) return parts;
  for (std::int64_t& part : parts) part *= lot;
  if (missing > 0) *std::max_element(parts.begin(), parts.end()) -= missing;
  return parts;
}

}  // namespace optichain::models::policy
