#pragma once
// The choices a scenario makes between ways of deciding. Each alternative is a plain struct; the
// pure functions in models/policy act on them.

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/catalog/replenishment.hpp"
#include "models/catalog/variation.hpp"
#include "sim/base/fields.hpp"
#include "sim/base/rule.hpp"
#include "sim/base/value.hpp"

namespace optichain::models {

using sim::Name;

// --- allocation: who gets what is scarce -------------------------------------------------------

struct Proportional {
  static constexpr string_view title = "Proportional", tag = "proportional",
                               doc = "In proportion to open orders.";
  template <class V>
  void fields(V&) {}
  friend bool operator==(const Proportional&, const Proportional&) = default;
};
struct Priority {
  static constexpr string_view title = "Priority", tag = "priority",
                               doc =
                                   "Ranked buyers first, each in full; the others share what is "
                                   "left in proportion to their orders.";
  std::vector<Name> buyers;
  template <class V>
  void fields(V& v) {
    v.required("buyers", buyers, "buyers from first to last");
  }
  friend bool operator==(const Priority&, const Priority&) = default;
};
struct Uniform {
  static constexpr string_view title = "Uniform", tag = "uniform",
                               doc = "Equal awards, nobody more than asked (max-min).";
  template <class V>
  void fields(V&) {}
  friend bool operator==(const Uniform&, const Uniform&) = default;
};
struct Linear {
  static constexpr string_view title = "Linear", tag = "linear",
                               doc =
                                   "Equal losses, nobody less than nothing (constrained equal "
                                   "losses; Aumann and Maschler 1985).";
  template <class V>
  void fields(V&) {}
  friend bool operator==(const Linear&, const Linear&) = default;
};
struct Talmud {
  static constexpr string_view title = "Talmud", tag = "talmud",
                               doc =
                                   "Equal awards up to half of each order; what goes beyond half "
                                   "of all orders, by equal losses (Aumann and Maschler 1985).";
  template <class V>
  void fields(V&) {}
  friend bool operator==(const Talmud&, const Talmud&) = default;
};
struct Historical {
  static constexpr string_view title = "Historical", tag = "historical",
                               doc =
                                   "Turn-and-earn: in proportion to what each buyer received in "
                                   "the recent past.";
  double memory_weeks = 26;
  template <class V>
  void fields(V& v) {
    v.optional("memory_weeks", memory_weeks, sim::between(1, 520),
               "how far back sales count; older ones fade exponentially");
  }
  friend bool operator==(const Historical&, const Historical&) = default;
};
struct HighestPrice {
  static constexpr string_view title = "Highest price", tag = "highest_price",
                               doc =
                                   "Buyers with the highest premium first; equals share in "
                                   "proportion to their orders.";
  template <class V>
  void fields(V&) {}
  friend bool operator==(const HighestPrice&, const HighestPrice&) = default;
};
using AllocationPolicy =
    std::variant<Proportional, Priority, Uniform, Linear, Talmud, Historical, HighestPrice>;

// --- sharing: which product gets a line or an input ---------------------------------------------

struct ShareProportionally {
  static constexpr string_view title = "Share proportionally", tag = "proportional",
                               doc = "Every recipe gets the same part of what it wants.";
  template <class V>
  void fields(V&) {}
  friend bool operator==(const ShareProportionally&, const ShareProportionally&) = default;
};
struct ShareByMargin {
  static constexpr string_view title = "Share by margin", tag = "margin",
                               doc =
                                   "The recipe with the highest margin per unit of the scarcest "
                                   "resource first.";
  template <class V>
  void fields(V&) {}
  friend bool operator==(const ShareByMargin&, const ShareByMargin&) = default;
};
struct ShareFixed {
  static constexpr string_view title = "Share fixed", tag = "fixed",
                               doc =
                                   "Recipes fill up in the ratio of fixed shares; what one does "
                                   "not want goes to the others.";
  std::map<std::string, double> shares;
  template <class V>
  void fields(V& v) {
    v.required("shares", shares, sim::not_negative,
               "weight of each recipe; those not named take what the others leave");
  }
  friend bool operator==(const ShareFixed&, const ShareFixed&) = default;
};
using SharingRule = std::variant<ShareProportionally, ShareByMargin, ShareFixed>;

// --- forecasts ----------------------------------------------------------------------------------

struct ExponentialForecast {
  static constexpr string_view title = "Exponential forecast", tag = "exponential",
                               doc = "Exponential smoothing (Brown 1959).";
  double alpha = 0.2;
  template <class V>
  void fields(V& v) {
    v.optional("alpha", alpha, sim::share, "weight of the newest observation");
  }
  friend bool operator==(const ExponentialForecast&, const ExponentialForecast&) = default;
};
struct TrendForecast {
  static constexpr string_view title = "Trend forecast", tag = "trend",
                               doc =
                                   "Exponential smoothing of level and trend (Holt 1957), the "
                                   "trend damped (Gardner and McKenzie 1985).";
  double alpha = 0.2;
  double beta = 0.05;
  double phi = 1;
  template <class V>
  void fields(V& v) {
    v.optional("alpha", alpha, sim::share, "weight of the newest observation");
    v.optional("beta", beta, sim::share, "weight of the newest change");
    v.optional(
        "phi", phi, sim::between(0.01, 1),
        "part of the trend that is left after a week; with 1 it goes on for ever, and orders "
        "for long lead times may run away");
  }
  friend bool operator==(const TrendForecast&, const TrendForecast&) = default;
};
struct MovingAverageForecast {
  static constexpr string_view title = "Moving average forecast", tag = "moving_average",
                               doc = "The mean of the latest observations.";
  std::int64_t reviews = 8;
  template <class V>
  void fields(V& v) {
    v.optional("reviews", reviews, sim::between(1, 1000), "how many review periods are averaged");
  }
  friend bool operator==(const MovingAverageForecast&, const MovingAverageForecast&) = default;
};
struct ConstantForecast {
  static constexpr string_view title = "Constant forecast", tag = "constant",
                               doc = "Always the initial forecast.";
  template <class V>
  void fields(V&) {}
  friend bool operator==(const ConstantForecast&, const ConstantForecast&) = default;
};
struct SharedForecast {
  static constexpr string_view title = "Shared forecast", tag = "shared",
                               doc =
                                   "What the customers' plans need from here: their demand as "
                                   "announced so far, brought here through the shares, mixes and "
                                   "yields of the week. Orders are not looked at.";
  template <class V>
  void fields(V&) {}
  friend bool operator==(const SharedForecast&, const SharedForecast&) = default;
};
using ForecastMethod = std::variant<ExponentialForecast, TrendForecast, MovingAverageForecast,
                                    ConstantForecast, SharedForecast>;

// --- over-ordering: how buyers answer when they get less than they order -------------------------

struct OverOrdering {
  static constexpr string_view title = "Over-ordering",
                               doc =
                                   "Who gets less than was ordered orders more than is needed, and "
                                   "cancels the excess when supply recovers (the rationing game: "
                                   "Lee, Padmanabhan and Whang 1997).";
  double cap = 1.5;
  double sensitivity = 1;
  double memory_weeks = 8;
  template <class V>
  void fields(V& v) {
    v.optional("cap", cap, sim::between(1, 10),
               "at most this many pieces are on order for each that is needed");
    v.optional("sensitivity", sensitivity, sim::between(0, 10),
               "orders are multiplied by 1 / (recent fill rate) to this power, up to the cap: with "
               "1, so that what is needed would come if the fill rate stayed");
    v.optional("memory_weeks", memory_weeks, sim::between(0.1, 520),
               "how far back orders and shipments count in the recent fill rate; older ones fade "
               "exponentially");
  }
  friend bool operator==(const OverOrdering&, const OverOrdering&) = default;
};

}  // namespace optichain::models
