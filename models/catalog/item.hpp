#pragma once
// What is made, bought and sold.

#include <optional>
#include <string>

#include "sim/base/fields.hpp"
#include "sim/base/rule.hpp"
#include "sim/base/value.hpp"

namespace optichain::models {

using sim::Name;
using sim::Value;

struct Item {
  static constexpr std::string_view title = "Item",
                                    doc =
                                        "Something that is made, bought or sold, in whole pieces.";
  std::string description;
  std::optional<Name> family;
  std::string stage;
  std::string technology;
  Value price_usd{0.0};

  template <class Visitor>
  void fields(Visitor& v) {
    v.optional("description", description, "what it is, in words");
    v.optional("family", family, "the family whose demand this item can meet");
    v.optional("stage", stage, "heading under which reports list it");
    v.optional("technology", technology,
               "label under which the variants of a family are added up in shares");
    v.optional("price_usd", price_usd, sim::between(0, 1e9),
               "market price of a piece; a random factor is drawn once per replication");
  }
  friend bool operator==(const Item&, const Item&) = default;
};

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
