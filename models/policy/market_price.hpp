#pragma once
// How a spot price answers to scarcity. Pure functions: the market says what it sees.

#include "models/catalog/item.hpp"

namespace optichain::models::policy {

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
