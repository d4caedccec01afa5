#pragma once
// Qualifications: what has to succeed before a buyer takes something, or a site makes it in another
// way.

#include <optional>
#include <string>
#include <vector>

#include "sim/base/fields.hpp"
#include "sim/base/rule.hpp"
#include "sim/base/value.hpp"

namespace optichain::models {

using sim::Date;
using sim::Name;
using sim::Value;

struct ScarcityTrigger {
  static constexpr std::string_view title = "Scarcity trigger",
                                    doc =
                                        "Fires when a buyer has got too little of what it ordered "
                                        "for too long.";
  std::optional<Name> of;
  double fill_below = 0.8;
  double for_weeks = 8;
  double over_weeks = 4;

  template <class Visitor>
  void fields(Visitor& v) {
    v.optional("of", of, "what it orders, of all its sellers; what is to be qualified if left out");
    v.optional("fill_below", fill_below, sim::between(0, 10),
               "the fill rate, shipped over ordered, is below this ...");
    v.optional("for_weeks", for_weeks, sim::between(0, 5200), "... at all reviews for this long");
    v.optional("over_weeks", over_weeks, sim::between(0, 520),
               "the fill rate is that of so many weeks before the review");
  }
  friend bool operator==(const ScarcityTrigger&, const ScarcityTrigger&) = default;
};

struct Qualification {
  static constexpr std::string_view title = "Qualification",
                                    doc =
                                        "A buyer tries out a seller, a variant or a recipe. Until "
                                        "that succeeds it is not used, whatever other dates say.";
  std::string description;
  Name buyer;
  std::optional<Name> seller;
  std::optional<Name> of;
  std::vector<Name> variants;
  std::optional<Name> recipe;
  std::optional<Date> start;
  std::optional<ScarcityTrigger> when;
  Value duration_days{0.0};
  double success = 1;
  std::int64_t attempts = 3;
  double retry_after_days = 0;
  double cost_usd = 0;

  template <class Visitor>
  void fields(Visitor& v) {
    v.optional("description", description, "what it is, in words");
    v.required("buyer", buyer, "the customer or site that qualifies");
    v.optional("seller", seller, "the seller from whom it may order then");
    v.optional("of", of, "what from that seller: the family or item demanded, or the item bought");
    v.optional("variants", variants,
               "of a family that a customer demands: only these are to be qualified, and others "
               "may be ordered before");
    v.optional("recipe", recipe,
               "instead of a seller: a recipe of the site that it may start then");
    v.optional("start", start, "first day of the first attempt; at once if left out");
    v.optional("when", when, "the first attempt waits, from its first day on, for scarcity");
    v.required("duration_days", duration_days, sim::span_days, "time it takes; drawn per attempt");
    v.optional("success", success, sim::share, "probability that an attempt succeeds");
    v.optional("attempts", attempts, sim::between(1, 1000), "how often it is tried at most");
    v.optional("retry_after_days", retry_after_days, sim::span_days,
               "time from a failure to the next attempt");
    v.optional("cost_usd", cost_usd, sim::between(0, 1e12),
               "paid by the buyer at the begin of each attempt");
  }
  friend bool operator==(const Qualification&, const Qualification&) = default;
};

}  // namespace optichain::models
