#pragma once
// Customers: where demand comes from.

#include <map>
#include <optional>
#include <string>

#include "models/catalog/site.hpp"
#include "models/catalog/variation.hpp"
#include "models/policy/over_ordering.hpp"

namespace optichain::models {

struct DemandRevision {
  static constexpr std::string_view title = "Demand revision",
                                    doc =
                                        "A demand that becomes another one. Who forecasts from "
                                        "shared plans learns of it when it is announced.";
  Date announced{};
  Date from{};
  std::optional<double> factor;
  std::optional<Value> pieces_per_week;

  template <class Visitor>
  void fields(Visitor& v) {
    v.required("announced", announced, "day on which the plans of the customer change");
    v.required("from", from, "first day of the other demand");
    v.optional("factor", factor, sim::between(0, 1000),
               "what was planned from that day on is multiplied by this");
    v.optional("pieces_per_week", pieces_per_week, sim::weekly_rate,
               "instead: the demand from that day on; a random factor is drawn once per "
               "replication");
  }
  friend bool operator==(const DemandRevision&, const DemandRevision&) = default;
};

struct Demand {
  static constexpr std::string_view title = "Demand",
                                    doc = "What a customer wants of a family or an item.";
  Value pieces_per_week{0.0};
  Variation variation;
  std::map<std::string, Source> from;
  std::map<std::string, Date> accepts;
  std::optional<double> patience_days;
  double lead_time_elasticity = 0;
  std::optional<policy::OverOrdering> over_ordering;
  std::map<std::string, DemandRevision> revisions;
  double value_usd_per_piece = 0;

  template <class Visitor>
  void fields(Visitor& v) {
    v.required("pieces_per_week", pieces_per_week, sim::weekly_rate,
               "demand; a random factor is drawn once per replication");
    v.optional("variation", variation, "how demand varies from order to order");
    v.required("from", from, "sellers by name");
    v.optional("accepts", accepts,
               "of a family: the variants that are qualified, each with its first day; all from "
               "the beginning if left out");
    v.optional(
        "patience_days", patience_days, sim::between(0, 36525),
        "what is not shipped for this long after it was wanted is withdrawn and lost at that "
        "instant, or when its order reaches the seller if that is later (what can be shipped then "
        "is); with 0 what is not shipped at once (lost sales); for ever if left out");
    v.optional("lead_time_elasticity", lead_time_elasticity, sim::between(0, 10),
               "a seller's share is divided by its quoted lead time to this power");
    v.optional("over_ordering", over_ordering,
               "orders beyond the need while orders are not filled; none if left out");
    v.optional("revisions", revisions, "later changes of the demand, in the order of their dates");
    v.optional("value_usd_per_piece", value_usd_per_piece, sim::between(0, 1e9),
               "what a piece is worth to the customer: the value of what it does not get is "
               "reported, not paid");
  }
  friend bool operator==(const Demand&, const Demand&) = default;
};

struct Customer {
  static constexpr std::string_view title = "Customer", doc = "Someone who wants finished goods.";
  std::string description;
  std::optional<Name> region;
  std::optional<double> review_days;
  double review_offset_days = 0;
  std::map<std::string, Demand> demand;

  template <class Visitor>
  void fields(Visitor& v) {
    v.optional("description", description, "who it is, in words");
    v.optional("region", region, "where it is, for lanes between regions");
    v.optional("review_days", review_days, sim::between(0.04, 3653),
               "time between orders; that of the scenario if left out");
    v.optional("review_offset_days", review_offset_days, sim::between(0, 3653),
               "how long after the beginning the first order is");
    v.required("demand", demand, "what is wanted, by family or item");
  }
  friend bool operator==(const Customer&, const Customer&) = default;
};

}  // namespace optichain::models
