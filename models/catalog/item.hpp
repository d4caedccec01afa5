#pragma once
// What is made, bought and sold.

#include <optional>
#include <string>

#include "models/policy/market_price.hpp"
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
  std::optional<policy::Market> market;

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
