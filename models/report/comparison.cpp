#include "models/report/comparison.hpp"

#include <cmath>

namespace optichain::models {

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
  std::vector<double> differences;
  for (const auto& [a, b] : pairs) differences.push_back(other[b] - base[a]);
  const auto s = summary_of(differences);
  if (!s) return std::nullopt;
  return Difference{s->mean, s->ci95_low, s->ci95_high};
}

}  // namespace optichain::models
