#include "models/run/paired.hpp"

#include <cmath>
#include <vector>

namespace optichain::models::run {

std::optional<Paired> paired(std::span<const std::pair<double, double>> pairs) {
  std::vector<double> differences;
  Paired result;
  for (const auto& [base, other] : pairs) {
    if (std::isnan(base) || std::isnan(other)) continue;
    result.base += base;
    result.other += other;
    differences.push_back(other - base);
  }
  if (differences.empty()) return std::nullopt;
  const auto n = static_cast<double>(differences.size());
  result.base /= n;
  result.other /= n;
  result.difference = sim::summarise(differences);
  return result;
}

}  // namespace optichain::models::run
