#include "models/policy/split.hpp"

#include <algorithm>
#include <cmath>

#include "models/policy/apportion.hpp"

namespace optichain::models::policy {
namespace {

std::vector<std::int64_t> split_by_weight(std::int64_t pieces, std::span<const Quote> quotes,
                                          double elasticity) {
  if (quotes.size() == 1) return {quotes.front().weight > 0 ? pieces : 0};
  static thread_local std::vector<double> weights;  // kept for its memory
  weights.clear();
  for (const Quote& q : quotes) {
    // a day at least, so that a seller who delivers at once does not take everything
    const double lead = std::max(q.lead_weeks, 1.0 / 7);
    weights.push_back(elasticity > 0 ? q.weight * std::pow(lead, -elasticity) : q.weight);
  }
  return apportion(pieces, weights);
}

}  // namespace

std::vector<std::int64_t> split_order(std::int64_t pieces, std::span<const Quote> quotes,
                                      double elasticity) {
  auto parts = split_by_weight(pieces, quotes, elasticity);
  const auto lacks = [&](std::size_t q) { return parts[q] < quotes[q].committed; };
  std::vector<Quote> open(quotes.begin(), quotes.end());
  for (bool again = true; again;) {
    // whose part by weight is less than what is committed gets that, the others share the rest
    again = false;
    for (std::size_t q = 0; q < quotes.size(); ++q) {
      if (open[q].committed < 0 || !lacks(q)) continue;
      open[q] = {0, 0, -1};
      again = true;
    }
    if (!again) break;
    std::int64_t left = pieces;
    for (std::size_t q = 0; q < quotes.size(); ++q) {
      if (open[q].committed < 0) left -= parts[q] = std::min(left, quotes[q].committed);
    }
    const auto rest = split_by_weight(left, open, elasticity);
    for (std::size_t q = 0; q < quotes.size(); ++q) {
      if (open[q].committed >= 0) parts[q] = rest[q];
    }
  }
  return parts;
}

}  // namespace optichain::models::policy
