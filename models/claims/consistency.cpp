#include "models/claims/consistency.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "sim/batch/sample.hpp"

namespace optichain::models::claims {
namespace {

constexpr std::size_t smallest_group = 5;

std::vector<double> settings_where(const sweep::SweepResults& results,
                                   const sweep::SweepResults::Column& column,
                                   const std::vector<bool>& group) {
  std::vector<double> settings;
  for (std::size_t f = 0; f < group.size(); ++f) {
    if (group[f]) settings.push_back(results.setting(column, 0, f));
  }
  std::sort(settings.begin(), settings.end());
  return settings;
}

/// The share of pairs in which the first is larger, ties half. Requires sorted samples.
double share_larger(const std::vector<double>& first, const std::vector<double>& second) {
  double pairs = 0;
  for (const double x : first) {
    const auto [low, high] = std::equal_range(second.begin(), second.end(), x);
    pairs += static_cast<double>(low - second.begin()) + 0.5 * static_cast<double>(high - low);
  }
  return pairs / (static_cast<double>(first.size()) * static_cast<double>(second.size()));
}

std::size_t count(const std::vector<bool>& group) {
  return static_cast<std::size_t>(std::count(group.begin(), group.end(), true));
}

std::vector<bool> both(const std::vector<bool>& a, const std::vector<bool>& b) {
  std::vector<bool> out(a.size());
  for (std::size_t f = 0; f < a.size(); ++f) out[f] = a[f] && b[f];
  return out;
}

/// What holds in each future, every combination once, and none that another contains.
std::vector<Consistency::Set> largest_sets(const std::vector<Consistency::Of>& claims,
                                           const std::vector<bool>& is_known) {
  std::set<std::vector<bool>> combinations;
  for (std::size_t f = 0; f < is_known.size(); ++f) {
    if (!is_known[f]) continue;
    std::vector<bool> holding;
    for (const auto& of : claims) holding.push_back(of.is_open() && of.holds[f]);
    combinations.insert(std::move(holding));
  }
  const auto contains = [](const std::vector<bool>& whole, const std::vector<bool>& part) {
    for (std::size_t c = 0; c < part.size(); ++c) {
      if (part[c] && !whole[c]) return false;
    }
    return true;
  };
  std::vector<Consistency::Set> sets;
  for (const auto& combination : combinations) {
    const bool is_part = std::any_of(
        combinations.begin(), combinations.end(),
        [&](const auto& other) { return other != combination && contains(other, combination); });
    if (is_part) continue;
    Consistency::Set set;
    for (std::size_t c = 0; c < combination.size(); ++c) {
      if (combination[c]) set.claims.push_back(c);
    }
    for (std::size_t f = 0; f < is_known.size(); ++f) {
      set.futures += is_known[f] && std::all_of(set.claims.begin(), set.claims.end(),
                                                [&](std::size_t c) { return claims[c].holds[f]; });
    }
    sets.push_back(std::move(set));
  }
  std::stable_sort(sets.begin(), sets.end(), [](const auto& a, const auto& b) {
    return std::pair(a.claims.size(), a.futures) > std::pair(b.claims.size(), b.futures);
  });
  return sets;
}

/// How far a figure is from holding; 0 if it holds.
double distance(const ClaimRange& range, double value) {
  return std::max({range.low - value, value - range.high, 0.0});
}

/// A claim by itself: its figure in each future.
void look_at(const std::vector<double>& values, const std::vector<bool>& is_known,
             const sweep::SweepResults& results, Consistency::Of& of) {
  const ClaimRange range = range_of(*of.claim->text);
  std::vector<bool> misses(is_known.size());
  of.nearest = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t f = 0; f < is_known.size(); ++f) {
    of.holds.push_back(is_known[f] && range.holds(values[f]));
    misses[f] = is_known[f] && !of.holds[f];
    if (!is_known[f]) continue;
    const bool is_nearer =
        std::isnan(of.nearest) || distance(range, values[f]) < distance(range, of.nearest);
    if (is_nearer) of.nearest = values[f];
  }
  const std::size_t known = count(is_known);
  if (known > 0) of.share = static_cast<double>(count(of.holds)) / static_cast<double>(known);
  of.divide = divide(results, of.holds, misses);
}

}  // namespace

Divide divide(const sweep::SweepResults& results, const std::vector<bool>& first,
              const std::vector<bool>& second) {
  Divide best;
  if (std::min(count(first), count(second)) < smallest_group) return best;
  for (const auto& column : results.columns()) {
    const auto a = settings_where(results, column, first);
    const auto b = settings_where(results, column, second);
    const double larger = share_larger(a, b);
    if (!best.input.empty() && std::abs(larger - 0.5) <= std::abs(best.larger - 0.5)) continue;
    best = {column.name, larger, sim::quantile(a, 0.5), sim::quantile(b, 0.5)};
  }
  return best;
}

Consistency find_consistency(const LoadedClaims& claims, const CaseFigures& figures) {
  Consistency out;
  std::vector<bool> is_known(figures.futures(), true);
  std::vector<std::vector<double>> values;
  for (const LoadedClaim& claim : claims.claims) {
    if (claim.figure.names_cases() || claim.text->alone) continue;
    out.claims.push_back({.claim = &claim, .holds = {}, .divide = {}});
    values.push_back(figures.of(claim.figure, base_case));
    for (std::size_t f = 0; f < is_known.size(); ++f) {
      if (std::isnan(values.back()[f])) is_known[f] = false;
    }
  }
  out.futures = count(is_known);
  for (std::size_t c = 0; c < out.claims.size(); ++c) {
    look_at(values[c], is_known, figures.results(), out.claims[c]);
  }
  out.largest = largest_sets(out.claims, is_known);
  const double n = static_cast<double>(out.futures);
  for (std::size_t a = 0; a < out.claims.size(); ++a) {
    for (std::size_t b = a + 1; b < out.claims.size(); ++b) {
      const auto &x = out.claims[a], &y = out.claims[b];
      if (x.share == 0 || y.share == 0 || count(both(x.holds, y.holds)) > 0) continue;
      const double expected = n * x.share * y.share;
      if (expected < fewest_expected) {
        ++out.too_rare;
      } else {
        out.conflicts.push_back({a, b, expected, divide(figures.results(), x.holds, y.holds)});
      }
    }
  }
  return out;
}

}  // namespace optichain::models::claims
