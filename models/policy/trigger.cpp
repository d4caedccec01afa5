#include "models/policy/trigger.hpp"

#include <cmath>

namespace optichain::models::policy {
namespace {

constexpr double rounding = 1e-9;  // weeks; sums of review periods are not exact

}  // namespace

bool Trigger::look(bool holds, double weeks) {
  held_weeks_ = holds ? held_weeks_ + weeks : 0;
  since_fired_weeks_ += weeks;
  if (!holds || fired_ >= rule_.at_most) return false;
  if (held_weeks_ < rule_.for_weeks - rounding) return false;
  if (fired_ > 0 && since_fired_weeks_ < rule_.wait_weeks - rounding) return false;
  ++fired_;
  held_weeks_ = since_fired_weeks_ = 0;
  return true;
}

bool earns_more(double here, double there, double advantage) {
  return there > here && there - here >= advantage * std::fabs(here);
}

}  // namespace optichain::models::policy
