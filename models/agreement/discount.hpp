#pragma once
// Discounting. An agreement states what it is worth in dollars of the first day of its scenario
// (agreement_account.hpp), a decision between agreements in dollars of the day on which it is taken
// (models/lta/valuation.hpp).

#include <cmath>

#include "sim/base/time.hpp"

namespace optichain::models::agreement {

struct Discount {
  double per_year;  // cost of capital
  sim::Time to;     // in dollars of which day amounts are stated

  /// What a dollar of a time is worth on that day, and one of so many years after it.
  double at(sim::Time time) const {
    return after(static_cast<double>((time - to).count()) / seconds_per_year);
  }
  double after(double years) const { return per_year == 0 ? 1 : std::pow(1 + per_year, -years); }

  static constexpr double seconds_per_year = sim::days_per_year * 86400;
};

}  // namespace optichain::models::agreement
