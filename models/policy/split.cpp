#include "models/policy/split.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/policy/apportion.hpp"

namespace optichain::models::policy {
namespace {

std::span<const double> weights_of(std::span<const Quote> quotes, double elasticity) {
  static thread_local std::vector<double> weights;  // kept for its memory
  weights.clear();
  for (const Quote& q : quotes) {
    // a day at least, so that a seller who delivers at once does not take everything
    const double lead = std::max(q.lead_weeks, 1.0 / 7);
    weights.push_back(elasticity > 0 ? q.weight * std::pow(lead, -elasticity) : q.weight);
  }
  return weights;
}

std::span<const double> ties_of(std::span<const Quote> quotes) {
  static thread_local std::vector<double> ties;  // kept for its memory
  ties.clear();
  for (const Quote& q : quotes) ties.push_back(q.tie);
  return ties;
}

/// Lots that are ordered here before anywhere else. Where nobody else may be ordered from, parts of
/// a lot do not wait.
std::vector<std::int64_t>& first_lots(std::span<const Quote> quotes, std::int64_t lot) {
  static thread_local std::vector<std::int64_t> lots;  // kept for its memory
  lots.clear();
  const bool freely = std::any_of(quotes.begin(), quotes.end(),
                                  [](const Quote& quote) { return quote.weight > 0; });
  for (const Quote& q : quotes) {
    const std::int64_t pressing = freely ? q.last_call : q.committed;
    lots.push_back(std::max(q.committed / lot, (pressing + lot - 1) / lot));
  }
  return lots;
}

/// Who has more than its share because it is committed to is ahead of the others, who are owed it
/// alike: what they are owed of what they had among them stays. False if there are no others.
bool note_ahead(std::int64_t units, std::span<const std::int64_t> parts,
                std::span<const double> weights, const std::vector<bool>& fixed,
                std::span<double> owed) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  double ahead = 0, others = 0;
  for (std::size_t q = 0; q < parts.size(); ++q) others += weights[q] > 0 && !fixed[q] ? 1 : 0;
  if (others == 0) return false;
  for (std::size_t q = 0; q < parts.size(); ++q) {
    if (weights[q] <= 0 || !fixed[q]) continue;
    const double more =
        static_cast<double>(parts[q]) - static_cast<double>(units) * (weights[q] / sum);
    owed[q] = carried(owed[q] - more);
    ahead += more;
  }
  double most = 1;
  for (std::size_t q = 0; q < parts.size(); ++q) {
    if (weights[q] <= 0 || fixed[q]) continue;
    owed[q] += ahead / others;
    most = std::max(most, owed[q]);
  }
  for (std::size_t q = 0; q < parts.size(); ++q) {
    if (weights[q] > 0 && !fixed[q]) owed[q] = carried(owed[q] - (most - 1));
  }
  return true;
}

/// In units that cannot be divided. Whose part by weight is less than what is committed to it gets
/// that, the others share the rest.
std::vector<std::int64_t> split_units(std::int64_t units, std::span<const std::int64_t> committed,
                                      std::span<const double> weights, std::span<double> owed,
                                      std::span<const double> ties) {
  const std::int64_t first = std::accumulate(committed.begin(), committed.end(), std::int64_t{0});
  if (first == 0) return apportion(units, weights, owed, ties);
  if (first >= units) {  // all of it is committed
    const std::vector<double> by_commitment(committed.begin(), committed.end());
    std::vector<double> among(owed.begin(), owed.end());
    auto parts = apportion(units, by_commitment, among, ties);
    std::vector<bool> fixed;
    for (const std::int64_t lots : committed) fixed.push_back(lots > 0);
    if (!note_ahead(units, parts, weights, fixed, owed)) {
      std::copy(among.begin(), among.end(), owed.begin());
    }
    return parts;
  }
  const std::vector<double> before(owed.begin(), owed.end());
  std::vector<double> others(weights.begin(), weights.end());
  std::vector<bool> fixed(weights.size(), false);
  auto parts = apportion(units, others, owed, ties);
  for (bool again = true; again;) {
    again = false;
    for (std::size_t q = 0; q < weights.size(); ++q) {
      if (fixed[q] || parts[q] >= committed[q]) continue;
      fixed[q] = again = true;
      others[q] = 0;
    }
    if (!again) break;
    std::int64_t left = units;
    for (std::size_t q = 0; q < weights.size(); ++q) {
      if (fixed[q]) left -= parts[q] = committed[q];
    }
    std::copy(before.begin(), before.end(), owed.begin());
    const auto rest = apportion(left, others, owed, ties);
    for (std::size_t q = 0; q < weights.size(); ++q) {
      if (!fixed[q]) parts[q] = rest[q];
    }
  }
  note_ahead(units, parts, weights, fixed, owed);
  return parts;
}

/// Who is ordered the part of a lot from: of those with the most lots the last.
std::size_t short_of_a_lot(std::span<const std::int64_t> parts, std::span<const Quote> quotes) {
  std::size_t found = 0;
  for (std::size_t q = 1; q < parts.size(); ++q) {
    const bool is_last = parts[q] == parts[found] && quotes[q].tie < quotes[found].tie;
    if (parts[q] > parts[found] || is_last) found = q;
  }
  return found;
}

}  // namespace

std::vector<std::int64_t> split_order(std::int64_t pieces, std::span<const Quote> quotes,
                                      double elasticity, std::span<double> owed, std::int64_t lot) {
  if (quotes.size() == 1) {
    const Quote& only = quotes.front();
    return {only.weight > 0 ? pieces : std::min(pieces, only.committed)};
  }
  const std::int64_t lots = (pieces + lot - 1) / lot, missing = lots * lot - pieces;
  auto parts = split_units(lots, first_lots(quotes, lot), weights_of(quotes, elasticity), owed,
                           ties_of(quotes));
  if (lot == 1) return parts;
  for (std::int64_t& part : parts) part *= lot;
  if (missing > 0) parts[short_of_a_lot(parts, quotes)] -= missing;
  return parts;
}

}  // namespace optichain::models::policy
