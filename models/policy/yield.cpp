#include "models/policy/yield.hpp"

#include <algorithm>
#include <cmath>

#include "sim/base/distribution.hpp"

namespace optichain::models::policy {

double mean_yield(double limit, const std::optional<YieldLearning>& learning, sim::Time now,
                  sim::Time start, double pieces_started) {
  if (!learning) return limit;
  double halvings = 0;
  if (learning->halving_weeks) {
    const sim::Time from = learning->from ? sim::Time{*learning->from} : start;
    halvings = std::max(0.0, sim::to_weeks(now - from)) / *learning->halving_weeks;
  } else {
    halvings = pieces_started / *learning->halving_pieces;
  }
  return limit - (limit - learning->initial) * std::exp2(-halvings);
}

double lot_yield(double mean, double sd, double u) {
  if (sd <= 0 || mean <= 0 || mean >= 1) return mean;
  // sd^2 < mean (1 - mean) is what a Beta can have; half of the bound keeps it with one peak
  const double most = 0.5 * std::sqrt(mean * (1 - mean));
  // next to the ends nothing is left to vary
  if (std::min(mean, 1 - mean) < 1e-9) return mean;
  return sim::Distribution(sim::Law{sim::Beta{mean, std::min(sd, most)}}).quantile(u);
}

}  // namespace optichain::models::policy
