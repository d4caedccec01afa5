#include "models/policy/migration.hpp"

#include <algorithm>
#include <cmath>

namespace optichain::models::policy {
namespace {

constexpr double shortest_lead_weeks = 1;
constexpr double weeks_of_a_quarter = sim::days_per_year / 4 / 7;
constexpr double most_log_odds = 500;  // e^500 is still a number

double log_lead(const Attraction& way) {
  return std::log(std::max(way.lead_weeks, shortest_lead_weeks));
}

}  // namespace

double log_odds_change(const ResponsiveShare& law, const Attraction& new_now,
                       const Attraction& old_now, const Attraction& new_before,
                       const Attraction& old_before) {
  const double lead =
      log_lead(new_now) - log_lead(old_now) - log_lead(new_before) + log_lead(old_before);
  double change = -law.lead_sensitivity * lead;
  const double lowest_price =
      std::min({new_now.price_usd, old_now.price_usd, new_before.price_usd, old_before.price_usd});
  if (lowest_price > 0) {
    change -= law.price_sensitivity * (std::log(new_now.price_usd / old_now.price_usd) -
                                       std::log(new_before.price_usd / old_before.price_usd));
  }
  return std::clamp(change, -most_log_odds, most_log_odds);
}

double shifted_share(double given, double log_odds) {
  if (log_odds == 0) return given;
  const double times = std::exp(log_odds);
  return given * times / (given * times + (1 - given));
}

double followed(double before, double target, double weeks, double adaptation_weeks) {
  if (adaptation_weeks <= 0) return target;
  return before + (target - before) * -std::expm1(-weeks / adaptation_weeks);
}

double paced(double before, double target, std::optional<double> most_change_per_quarter,
             double weeks) {
  if (!most_change_per_quarter) return target;
  const double most = *most_change_per_quarter * weeks / weeks_of_a_quarter;
  return std::clamp(target, before - most, before + most);
}

}  // namespace optichain::models::policy
