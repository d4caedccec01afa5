#pragma once
// A site: a plant, a module maker, a warehouse. It has stock, lines, recipes, offers and a buyer.

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/catalog/line.hpp"
#include "models/policy/allocation/all.hpp"
#include "models/policy/forecast/all.hpp"
#include "models/policy/over_ordering.hpp"
#include "models/policy/replenishment/all.hpp"
#include "models/policy/sharing/all.hpp"
#include "models/policy/units.hpp"
#include "models/policy/yield.hpp"
#include "sim/base/fields.hpp"
#include "sim/base/rule.hpp"
#include "sim/base/value.hpp"

namespace optichain::models {

/// When what is kept and owed is charged.
enum class Charging { at_reviews, continuously };

/// Who bears the cost of an express shipment.
enum class Bearer { seller, buyer };

}  // namespace optichain::models

template <>
struct optichain::sim::Words<optichain::models::Charging> {
  static constexpr std::array<std::string_view, 2> words = {"at_reviews", "continuously"};
};
template <>
struct optichain::sim::Words<optichain::models::Bearer> {
  static constexpr std::array<std::string_view, 2> words = {"seller", "buyer"};
};

namespace optichain::models {

struct InitialPieces {
  static constexpr std::string_view title = "Initial pieces",
                                    doc = "Pieces under way when the simulation begins.";
  Pieces pieces{0};
  double in_days = 0;

  template <class Visitor>
  void fields(Visitor& v) {
    v.required("pieces", pieces, sim::between(0, 1e12), "how many");
    v.required("in_days", in_days, sim::span_days, "days until they arrive");
  }
  friend bool operator==(const InitialPieces&, const InitialPieces&) = default;
};

struct Recipe {
  static constexpr std::string_view title = "Recipe", doc = "One way to make an item.";
  Name makes;
  std::map<std::string, double> inputs;
  std::optional<Name> line;
  double line_use_per_piece = 1;
  Value work_factor{1.0};
  std::optional<Pieces> lot_pieces;
  std::optional<Value> max_starts_per_week;
  Value cycle_days{0.0};
  Value yield{1.0};
  double yield_sd = 0;
  std::optional<policy::YieldLearning> yield_learning;
  Value cost_usd_per_piece{0.0};
  Value share{1.0};
  std::optional<Date> from;
  std::vector<InitialPieces> initial_lots;

  template <class Visitor>
  void fields(Visitor& v) {
    v.required("makes", makes, "the item that comes out");
    v.optional("inputs", inputs, sim::between(1e-9, 1e6), "pieces of each input per piece started");
    v.optional("line", line, "the line it runs on; without one, capacity is unlimited");
    v.optional("line_use_per_piece", line_use_per_piece, sim::between(0, 1e9),
               "work on the line per piece started");
    v.optional("work_factor", work_factor, sim::between(0, 1e6),
               "factor on the work of a lot, drawn for each lot; plans do without it");
    v.optional("lot_pieces", lot_pieces, sim::between(1, 1e15),
               "most pieces in a lot; if left out, what is started together is one lot");
    v.optional("max_starts_per_week", max_starts_per_week, sim::weekly_rate,
               "pieces that the recipe's own tools and qualification allow, at each review for the "
               "time until the next, with continuous review as time goes on; a random factor is "
               "drawn once per replication");
    v.optional("cycle_days", cycle_days, sim::span_days,
               "time from the line to stock; drawn for each lot");
    v.optional("yield", yield, sim::between(0.001, 1),
               "good pieces per piece started (with learning: the limit); a random factor is drawn "
               "once per replication");
    v.optional("yield_sd", yield_sd, sim::between(0, 0.5),
               "standard deviation of the yield from lot to lot (Beta)");
    v.optional("yield_learning", yield_learning, "how the yield improves towards its limit");
    v.optional("cost_usd_per_piece", cost_usd_per_piece, sim::between(0, 1e9),
               "paid per piece started, on top of the inputs");
    v.optional("share", share, sim::not_negative,
               "weight among the recipes that make the same item here");
    v.optional("from", from, "first day on which it can be started");
    v.optional("initial_lots", initial_lots, "pieces started before the simulation begins");
  }
  friend bool operator==(const Recipe&, const Recipe&) = default;
};

struct Stock {
  static constexpr std::string_view title = "Stock", doc = "How an item is kept at a site.";
  Pieces initial_pieces{0};
  std::optional<double> initial_weeks;
  double holding_usd_per_piece_week = 0;
  std::optional<Pieces> room_pieces;

  template <class Visitor>
  void fields(Visitor& v) {
    v.optional("initial_pieces", initial_pieces, sim::between(0, 1e12), "on hand at the beginning");
    v.optional(
        "initial_weeks", initial_weeks, sim::between(0, 520),
        "instead: on hand at the beginning, in weeks of what the customers' demand then needs "
        "of it here; no more than there is room for beside what is on its way");
    v.optional("holding_usd_per_piece_week", holding_usd_per_piece_week, sim::between(0, 1e6),
               "charged on what is in stock: at each review on what is left, or continuously");
    v.optional(
        "room_pieces", room_pieces, sim::between(0, 1e15),
        "finite buffer: no more is started or ordered than fits in with what is here and "
        "coming, so that what makes it is blocked; what is left out has room for everything");
  }
  friend bool operator==(const Stock&, const Stock&) = default;
};

struct Offer {
  static constexpr std::string_view title = "Offer",
                                    doc = "What a site sells: a family or an item.";
  policy::AllocationPolicy allocation;
  std::map<std::string, Value> mix;
  double spill = 1;
  policy::Replenishment replenish;
  policy::ForecastMethod forecast = policy::SharedForecast{};
  std::optional<double> initial_forecast_per_week;
  std::optional<Value> price_usd;
  double backlog_usd_per_piece_week = 0;
  double in_transit_usd_per_piece_week = 0;

  template <class Visitor>
  void fields(Visitor& v) {
    v.optional("allocation", allocation, "who gets what when there is not enough");
    v.optional("mix", mix, sim::not_negative,
               "of a family: weight of each variant in what is planned; equal if left out");
    v.optional(
        "spill", spill, sim::share,
        "of a family: part of what one variant cannot supply that is met, at each review, with "
        "another that the customers accept");
    v.optional("replenish", replenish, "how much is started (of what is made here)");
    v.optional("forecast", forecast, "how future orders are estimated");
    v.optional("initial_forecast_per_week", initial_forecast_per_week, sim::between(0, 1e12),
               "forecast at the beginning; the customers' demand exploded to here if left out");
    v.optional("price_usd", price_usd, sim::between(0, 1e9),
               "price of this site; the market price of the item if left out");
    v.optional("backlog_usd_per_piece_week", backlog_usd_per_piece_week, sim::between(0, 1e6),
               "charged on orders not yet shipped: at each review, or continuously");
    v.optional("in_transit_usd_per_piece_week", in_transit_usd_per_piece_week, sim::between(0, 1e6),
               "charged the same way on what is on its way to buyers");
  }
  friend bool operator==(const Offer&, const Offer&) = default;
};

struct Expediting {
  static constexpr std::string_view title = "Expediting",
                                    doc =
                                        "Pieces for orders that are late go the express way of the "
                                        "lane, the others of the same shipment the usual one.";
  double when_late_days = 0;
  Bearer paid_by = Bearer::seller;

  template <class Visitor>
  void fields(Visitor& v) {
    v.required("when_late_days", when_late_days, sim::span_days,
               "age from which an order counts as late when it is shipped");
    v.optional("paid_by", paid_by, "who pays for the express way");
  }
  friend bool operator==(const Expediting&, const Expediting&) = default;
};

struct Source {
  static constexpr std::string_view title = "Source",
                                    doc = "A seller that is bought from, and how.";
  Value share{1.0};
  std::optional<Date> from;
  double premium = 0;
  double order_delay_days = 0;
  double order_usd = 0;
  double payment_days = 0;
  std::optional<Expediting> expedite;
  std::vector<InitialPieces> initial_orders;
  std::vector<InitialPieces> initial_shipments;

  template <class Visitor>
  void fields(Visitor& v) {
    v.optional("share", share, sim::not_negative, "weight of this seller in what is ordered");
    v.optional("from", from, "first day on which the seller is qualified");
    v.optional("premium", premium, sim::between(-0.99, 100),
               "paid on top of the price, as a share of it");
    v.optional("order_delay_days", order_delay_days, sim::span_days,
               "time an order takes to reach the seller");
    v.optional("order_usd", order_usd, sim::between(0, 1e12),
               "fixed cost of an order, paid by the buyer each time, whatever the quantity");
    v.optional("payment_days", payment_days, sim::span_days,
               "time from shipment to payment; sales count when shipped, cash when paid");
    v.optional("expedite", expedite, "when orders go the express way; never if left out");
    v.optional("initial_orders", initial_orders, "orders on their way at the beginning");
    v.optional("initial_shipments", initial_shipments, "shipments on their way at the beginning");
  }
  friend bool operator==(const Source&, const Source&) = default;
};

struct Purchase {
  static constexpr std::string_view title = "Purchase", doc = "How a site buys an item.";
  std::map<std::string, Source> from;
  policy::Replenishment replenish;
  policy::ForecastMethod forecast = policy::SharedForecast{};
  std::optional<double> initial_forecast_per_week;
  double lead_time_elasticity = 0;
  std::optional<policy::OverOrdering> over_ordering;

  template <class Visitor>
  void fields(Visitor& v) {
    v.required("from", from, "sellers by name");
    v.optional("replenish", replenish, "how much is ordered");
    v.optional("forecast", forecast, "how future use is estimated");
    v.optional("initial_forecast_per_week", initial_forecast_per_week, sim::between(0, 1e12),
               "forecast at the beginning; the customers' demand exploded to here if left out");
    v.optional("lead_time_elasticity", lead_time_elasticity, sim::between(0, 10),
               "a seller's share is divided by its quoted lead time to this power: 0 keeps shares "
               "fixed, larger values turn to who can deliver");
    v.optional("over_ordering", over_ordering,
               "orders beyond the need while orders are not filled; none if left out");
  }
  friend bool operator==(const Purchase&, const Purchase&) = default;
};

struct Site {
  static constexpr std::string_view title = "Site",
                                    doc = "A plant, a maker or a warehouse: stock, lines, orders.";
  std::string description;
  std::string stage;
  std::optional<Name> region;
  std::optional<double> review_days;
  double review_offset_days = 0;
  bool continuous_review = false;
  Charging charged = Charging::at_reviews;
  policy::SharingRule sharing;
  std::map<std::string, ProductionLine> lines;
  std::map<std::string, Recipe> recipes;
  std::map<std::string, Offer> sells;
  std::map<std::string, Purchase> buys;
  std::map<std::string, Stock> stocks;

  template <class Visitor>
  void fields(Visitor& v) {
    v.optional("description", description, "what it is, in words");
    v.optional("stage", stage, "heading under which reports list it");
    v.optional("region", region, "where it is, for lanes between regions");
    v.optional("review_days", review_days, sim::between(0.04, 3653),
               "time between reviews; that of the scenario if left out");
    v.optional("review_offset_days", review_offset_days, sim::between(0, 3653),
               "how long after the beginning the first review is");
    v.optional("continuous_review", continuous_review,
               "whether it also ships, starts and orders whenever an order, a delivery or a "
               "finished lot comes in, or what may be ordered, shipped or started changes; "
               "forecasts and quotes keep to the reviews");
    v.optional("charged", charged,
               "when stock, backlog and goods in transit are charged: at each review, on what is "
               "left, for the time until the next; or continuously, integrated exactly");
    v.optional("sharing", sharing, "which recipe gets a line or an input when it is scarce");
    v.optional("lines", lines, "shared capacity");
    v.optional("recipes", recipes, "how items are made here");
    v.optional("sells", sells, "families and items sold from here");
    v.optional("buys", buys, "items bought");
    v.optional("stocks", stocks, "how items are kept; every item made or bought has stock anyway");
  }
  friend bool operator==(const Site&, const Site&) = default;
};

}  // namespace optichain::models
