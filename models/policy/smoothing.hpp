#pragma once
// How fast what is observed week by week is forgotten.

#include <cmath>

namespace optichain::models::policy {

/// Weight of the newest week in observed rates of shipping and receiving: about a quarter of a year
/// is remembered.
inline constexpr double rate_alpha_per_week = 0.15;

/// The weight of an observation that stands for several weeks, or for a part of one.
inline double rate_alpha(double weeks) {
  return 1 - std::pow(1 - rate_alpha_per_week, weeks);
}

}  // namespace optichain::models::policy
