#pragma once
// How a spot price answers to scarcity. Pure functions: the market says what it sees.

#include <string_view>

#include "sim/base/rule.hpp"

namespace optichain::models::policy {

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

/// What a market sees of an item: open orders in pieces, and pieces shipped per week of late.
struct MarketView {
  double open = 0;
  double per_week = 0;
};

/// The factor on the curve at which the price would come to rest:
/// (cover / normal cover)^sensitivity within floor and ceiling, where cover = open / per_week.
///
/// The power form of the effect of coverage on price is that of Sterman, Business Dynamics (2000),
/// chapter 20; there coverage is that of inventories and the exponent negative, here it is that of
/// order books, which say in a shortage what stocks say in a glut. 1 where nothing is ordered nor
/// shipped, the ceiling where nothing is shipped of what is ordered.
double price_at_rest(const Market& market, const MarketView& view);

/// The factor `weeks` later: its logarithm closes 1 - exp(-weeks / adjustment_weeks) of the gap to
/// the price at rest (the traders' expected price of the same chapter, with the curve in the place
/// of the price that they remember). Requires factor > 0 and weeks > 0.
double next_price_factor(const Market& market, double factor, const MarketView& view, double weeks);

/// The recent rate of shipping, `weeks` later, in which `shipped` pieces were shipped.
double next_shipping_rate(const Market& market, double per_week, double shipped, double weeks);

}  // namespace optichain::models::policy
