#pragma once
// How a share moves: pure functions of prices, lead times and limits. Laws that need nothing but
// the date are in models/catalog/diffusion.hpp.

#include <optional>
#include <string_view>

#include "sim/base/rule.hpp"
#include "sim/base/time.hpp"

namespace optichain::models::policy {

struct ResponsiveShare {
  static constexpr std::string_view title = "Responsive share", tag = "responsive",
                                    doc =
                                        "The share moves from what the mix (of recipes: `share`) "
                                        "gives towards what has become cheaper and sooner to be "
                                        "had, as a binary logit of price and lead time (McFadden "
                                        "1974): the odds of the new are those given, times "
                                        "(relative price)^-price_sensitivity, times (relative "
                                        "lead time)^-lead_sensitivity, both against what they "
                                        "were in the quarter before it begins.";
  double price_sensitivity = 2;
  double lead_sensitivity = 1;
  double adaptation_weeks = 13;
  std::optional<sim::Date> from;
  template <class V>
  void fields(V& v) {
    v.optional("price_sensitivity", price_sensitivity, sim::between(0, 100),
               "power of the price: of a variant where it is sold; of a recipe what a good piece "
               "costs in inputs and conversion");
    v.optional("lead_sensitivity", lead_sensitivity, sim::between(0, 100),
               "power of the lead time: cycle and queue, and the longest that is quoted for an "
               "input; at least a week");
    v.optional("adaptation_weeks", adaptation_weeks, sim::between(0, 1e4),
               "time in which all but 1/e of a change of the log odds is followed");
    v.optional("from", from, "first day on which it responds; the scenario's start if left out");
  }
  friend bool operator==(const ResponsiveShare&, const ResponsiveShare&) = default;
};

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
