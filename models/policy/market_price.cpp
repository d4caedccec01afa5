#include "models/policy/market_price.hpp"

#include <algorithm>
#include <cmath>

namespace optichain::models::policy {
namespace {

/// The weight of the newest observation under exponential smoothing; all of it without memory.
double weight_of(double weeks, double memory_weeks) {
  return 1 - std::exp(-weeks / memory_weeks);
}

}  // namespace

double price_at_rest(const Market& market, const MarketView& view) {
  if (view.open <= 0 && view.per_week <= 0) return 1;
  const double cover = view.open / view.per_week;
  return std::clamp(std::pow(cover / market.normal_cover_weeks, market.sensitivity), market.floor,
                    market.ceiling);
}

double next_price_factor(const Market& market, double factor, const MarketView& view,
                         double weeks) {
  const double part = weight_of(weeks, market.adjustment_weeks);
  return std::pow(factor, 1 - part) * std::pow(price_at_rest(market, view), part);
}

double next_shipping_rate(const Market& market, double per_week, double shipped, double weeks) {
  return per_week + weight_of(weeks, market.memory_weeks) * (shipped / weeks - per_week);
}

}  // namespace optichain::models::policy
