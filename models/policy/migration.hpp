#pragma once
// How a share moves: pure functions of prices, lead times and limits. Laws that need nothing but
// the date are in models/catalog/diffusion.hpp.

#include <optional>

#include "models/catalog/migration.hpp"

namespace optichain::models::policy {

/// What is looked at of one of two ways to the same thing.
struct Attraction {
  double price_usd = 0;
  double lead_weeks = 0;
};

/// How much the log odds of the new rise above those given, where both ways have changed since
/// `new_before` and `old_before`:
///   -price_sensitivity ln(relative price now / before) - lead_sensitivity ln(the same of lead).
/// So the shares given are reproduced while nothing changes, and the odds are those of a binary
/// logit (McFadden, "Conditional logit analysis of qualitative choice behavior", 1974) in the
/// logarithms of price and lead time. A lead time counts as a week at least; a price of 0 is not
/// compared.
double log_odds_change(const ResponsiveShare& law, const Attraction& new_now,
                       const Attraction& old_now, const Attraction& new_before,
                       const Attraction& old_before);

/// The share whose odds are those of `given` times e^log_odds. Nobody turns to what is not there:
/// a share of 0 stays 0, and one of 1 stays 1.
double shifted_share(double given, double log_odds);

/// Where something that follows its target with a time constant is after `weeks`.
double followed(double before, double target, double weeks, double adaptation_weeks);

/// The share nearest to `target` that a step of `weeks` may reach from `before`.
double paced(double before, double target, std::optional<double> most_change_per_quarter,
             double weeks);

}  // namespace optichain::models::policy
