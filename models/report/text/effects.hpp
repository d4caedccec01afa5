#pragma once
// What each factor of a sweep does to a metric when it alone is varied, and how sure that is.
//
// Where points differ in one factor alone (a grid, one at a time), their differences say it. Where
// everything moves at once (Sobol', Latin hypercube), a single point says nothing of one factor:
// then a regression on all factors does, if there are points enough.

#include <span>
#include <string>
#include <vector>

#include "models/sweep/results.hpp"

namespace optichain::models::report {

/// Points that a regression needs beyond its coefficients. With so many the standard error of an
/// effect is itself known to a fifth or so: 1 / sqrt(2 x 10).
inline constexpr std::size_t fewest_to_spare = 10;

/// Values of a factor that are shown apart; more are shown by fifths of its points.
inline constexpr std::size_t most_apart = 12;
inline constexpr std::size_t fifths = 5;

struct Effect {
  std::size_t column = 0;
  /// The settings that are compared: of numbers the lowest and the highest, each from - to where a
  /// fifth of all points stands for them; of words those with the lowest and the highest mean.
  std::pair<double, double> low, high;
  double x_low = 0, x_high = 0;    // the means of those settings
  double at_low = 0, at_high = 0;  // the metric there, all else as in all points
  double swing = 0;                // at_high - at_low
  /// 95 % interval of the swing; NaN where nothing says how sure it is: a single comparison.
  double swing_low = 0, swing_high = 0;
};

struct Effects {
  double mean = 0;              // of the metric over all points; NaN if there is none
  std::vector<Effect> effects;  // by size of the swing, the largest first
  /// Factors of which the points carry no statement, and the sentences that say so.
  std::vector<std::size_t> untold;
  std::vector<std::string> sentences;
};

/// Uncertainties are compared between futures, each future with the mean of its policies; levers
/// between policies: what stands in the same future or under the same policy is no point of its
/// own.
Effects effects_of(std::span<const sweep::SweepResults::Column> columns,
                   const sim::OutcomeTable& outcomes);

}  // namespace optichain::models::report
