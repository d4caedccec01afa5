#pragma once
// What is made, bought and sold.

#include <optional>
#include <string>

#include "sim/base/fields.hpp"
#include "sim/base/rule.hpp"
#include "sim/base/time.hpp"
#include "sim/base/value.hpp"

namespace optichain::models {

using sim::Date;
using sim::Name;
using sim::Value;

struct Erosion {
  static constexpr std::string_view title = "Erosion",
                                    doc =
                                        "A price that declines exponentially: after t years "
                                        "(1 - per_year)^t of it is left.";
  double per_year = 0;
  std::optional<Date> from;

  template <class Visitor>
  void fields(Visitor& v) {
    v.required("per_year", per_year, sim::between(0, 0.99), "part of the price lost in a year");
    v.optional("from", from, "when the decline begins; the start of the scenario if left out");
  }
  friend bool operator==(const Erosion&, const Erosion&) = default;
};

struct Market {
  static constexpr std::string_view title = "Market",
                                    doc =
                                        "How the spot price answers to scarcity: it moves towards "
                                        "its curve times (cover / normal cover)^sensitivity, where "
                                        "the cover is all open orders for the item over the recent "
                                        "rate of shipping, in weeks (Sterman 2000, chapter 20).";
  double normal_cover_weeks = 4;
  double sensitivity = 0;
  double adjustment_weeks = 13;
  double memory_weeks = 13;
  double floor = 1;
  double ceiling = 2;

  template <class Visitor>
  void fields(Visitor& v) {
    v.required("normal_cover_weeks", normal_cover_weeks, sim::between(0.01, 520),
               "open orders, in weeks of shipments, at which the price is that of the curve");
    v.required("sensitivity", sensitivity, sim::between(0, 10),
               "power of the cover that the price follows: at 0.5, four times the normal cover "
               "doubles it");
    v.optional("adjustment_weeks", adjustment_weeks, sim::between(0, 520),
               "time in which the price goes 63 % of the way to where scarcity would have it "
               "(exponential smoothing of its logarithm); at once if 0");
    v.optional("memory_weeks", memory_weeks, sim::between(0, 520),
               "how far back shipments count in their recent rate; older ones fade exponentially; "
               "only the last week if 0");
    v.optional("floor", floor, sim::between(0.01, 1),
               "least factor on the curve; 1 if orders below the normal cover do not lower the "
               "price");
    v.optional("ceiling", ceiling, sim::between(1, 100), "highest factor on the curve");
  }
  friend bool operator==(const Market&, const Market&) = default;
};

struct Item {
  static constexpr std::string_view title = "Item",
                                    doc =
                                        "Something that is made, bought or sold, in whole pieces.";
  std::string description;
  std::optional<Name> family;
  std::string stage;
  std::string technology;
  Value price_usd{0.0};
  std::optional<Erosion> erosion;
  std::optional<Market> market;

  template <class Visitor>
  void fields(Visitor& v) {
    v.optional("description", description, "what it is, in words");
    v.optional("family", family, "the family whose demand this item can meet");
    v.optional("stage", stage, "heading under which reports list it");
    v.optional("technology", technology,
               "label under which the variants of a family are added up in shares");
    v.optional("price_usd", price_usd, sim::between(0, 1e9),
               "market price of a piece; a random factor is drawn once per replication");
    v.optional("erosion", erosion,
               "exponential decline of its prices, those of sellers included; none if left out");
    v.optional("market", market,
               "how its prices, those of sellers included, answer to scarcity; not at all if left "
               "out");
  }
  friend bool operator==(const Item&, const Item&) = default;
};

/// What erosion leaves of an item's price at `now`, from 0 to 1; `start` is that of the scenario.
double left_by_erosion(const Item& item, sim::Time start, sim::Time now);

struct Family {
  static constexpr std::string_view title = "Family",
                                    doc = "Items that can meet the same demand (variants).";
  std::string description;
  double gbps_per_piece = 0;
  bool in_market = true;

  template <class Visitor>
  void fields(Visitor& v) {
    v.optional("description", description, "what it is, in words");
    v.optional("gbps_per_piece", gbps_per_piece, sim::between(0, 1e9),
               "data rate of a piece in Gb/s, for the bandwidth shipped");
    v.optional("in_market", in_market, "whether its sales count as the market of the scenario");
  }
  friend bool operator==(const Family&, const Family&) = default;
};

}  // namespace optichain::models
