#include "sim/batch/robustness.hpp"

#include <algorithm>
#include <cmath>

#include "sim/base/check.hpp"

namespace optichain::sim {

std::vector<Regret> regrets(const OutcomeTable& outcomes, Better better) {
  std::vector<std::vector<double>> by_policy(outcomes.policies);
  const double sign = better == Better::high ? 1 : -1;
  for (std::size_t f = 0; f < outcomes.futures; ++f) {
    double best = -std::numeric_limits<double>::infinity();
    bool all_known = true;
    for (std::size_t p = 0; p < outcomes.policies; ++p) {
      all_known = all_known && !std::isnan(outcomes.at(p, f));
      best = std::max(best, sign * outcomes.at(p, f));
    }
    if (!all_known) continue;
    for (std::size_t p = 0; p < outcomes.policies; ++p) {
      by_policy[p].push_back(best - sign * outcomes.at(p, f));
    }
  }
  std::vector<Regret> out;
  for (auto& sample : by_policy) {
    Regret& r = out.emplace_back();
    r.futures = sample.size();
    if (sample.empty()) continue;
    std::sort(sample.begin(), sample.end());
    const double n = static_cast<double>(sample.size());
    for (const double regret : sample) {
      r.mean += regret / n;
      r.best_share += (regret == 0) / n;
    }
    r.worst = sample.back();
    r.p90 = sample[static_cast<std::size_t>(std::ceil(0.9 * n)) - 1];
  }
  return out;
}

std::vector<double> satisficing(std::span<const OutcomeTable> outcomes,
                                std::span<const Limits> limits) {
  OPTICHAIN_CHECK(outcomes.size() == limits.size() && !outcomes.empty(), "a table for each limit");
  std::vector<double> out;
  for (std::size_t p = 0; p < outcomes[0].policies; ++p) {
    double known = 0, good = 0;
    for (std::size_t f = 0; f < outcomes[0].futures; ++f) {
      bool is_known = true, is_good = true;
      for (std::size_t i = 0; i < limits.size(); ++i) {
        is_known = is_known && !std::isnan(outcomes[i].at(p, f));
        is_good = is_good && limits[i].allow(outcomes[i].at(p, f));
      }
      known += is_known;
      good += is_known && is_good;
    }
    out.push_back(known > 0 ? good / known : std::numeric_limits<double>::quiet_NaN());
  }
  return out;
}

}  // namespace optichain::sim
