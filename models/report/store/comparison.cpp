#include "models/report/store/comparison.hpp"

#include <cmath>

#include "models/run/paired.hpp"

namespace optichain::models::report {

std::vector<std::pair<std::size_t, std::size_t>> pairs(const PolicyData& base,
                                                       const PolicyData& other) {
  std::vector<std::pair<std::size_t, std::size_t>> found;
  if (base.seed != other.seed) return found;
  // both are sorted
  for (std::size_t a = 0, b = 0; a < base.replications.size() && b < other.replications.size();) {
    if (base.replications[a] == other.replications[b]) {
      found.emplace_back(a++, b++);
    } else {
      ++(base.replications[a] < other.replications[b] ? a : b);
    }
  }
  return found;
}

std::optional<sim::Summary> summary_of(const std::vector<double>& values) {
  std::vector<double> reported;
  for (const double value : values) {
    if (!std::isnan(value)) reported.push_back(value);
  }
  if (reported.empty()) return std::nullopt;
  return sim::summarise(reported);
}

std::optional<Difference> paired_difference(
    const std::vector<double>& base, const std::vector<double>& other,
    const std::vector<std::pair<std::size_t, std::size_t>>& pairs) {
  std::vector<std::pair<double, double>> values;
  for (const auto& [a, b] : pairs) values.emplace_back(base[a], other[b]);
  const auto both = run::paired(values);
  if (!both) return std::nullopt;
  const sim::Summary& d = both->difference;
  return Difference{d.mean, d.ci95_low, d.ci95_high};
}

}  // namespace optichain::models::report
