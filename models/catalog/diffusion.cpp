#include "models/catalog/diffusion.hpp"

#include <cmath>

namespace optichain::models {

double bass_adopted(double p, double q, double years) {
  if (years <= 0) return 0;
  const double left = std::exp(-(p + q) * years);
  return (1 - left) / (1 + q / p * left);
}

double share_at(const GivenShare& law, sim::Time now) {
  return law.share.value(now);
}

double share_at(const LogisticShare& law, sim::Time now) {
  const double weeks = sim::to_weeks(now - sim::Time{law.midpoint});
  // a tenth is at odds of 1 to 9, nine tenths at 9 to 1: 81 times the odds in one takeover time
  return law.from + (law.to - law.from) / (1 + std::pow(81.0, -weeks / law.takeover_weeks));
}

double share_at(const BassShare& law, sim::Time now) {
  const double years = sim::to_days(now - sim::Time{law.start}) / sim::days_per_year;
  return law.from + (law.to - law.from) * bass_adopted(law.p, law.q, years);
}

double share_at(const ShareLaw& law, sim::Time now) {
  return std::visit([now](const auto& l) { return share_at(l, now); }, law);
}

}  // namespace optichain::models
