#include "models/agents/market.hpp"

#include "models/policy/market_price.hpp"
#include "models/state/phase.hpp"

namespace optichain::models::agents {

MarketAgent::MarketAgent(const Context& context, std::span<const std::unique_ptr<OrderDesk>> desks,
                         std::span<const double> needs)
    : context_(context) {
  const Catalog& catalog = context.catalog;
  for (std::size_t i = 0; i < catalog.items.size(); ++i) {
    const auto& market = catalog.items[i].item->market;
    if (!market) continue;
    const auto entity = measures::of(measures::Group::items, catalog.items[i].name);
    Spot spot{.item = ItemId{i},
              .market = &*market,
              .sellers = {},
              .factor = context.meters.level(entity, "price_factor", 1e-6),
              .price = context.meters.level(entity, "spot_price", 1e-6)};
    for (const auto& desk : desks) {
      const auto& variants = desk->entry().variants;
      for (std::size_t v = 0; v < variants.size(); ++v) {
        if (catalog[variants[v].stock].item != spot.item) continue;
        spot.sellers.push_back({desk.get(), v});
        spot.shipped_per_week += needs[variants[v].stock.index()];
      }
    }
    spots_.push_back(std::move(spot));
  }
}

void MarketAgent::begin() {
  if (spots_.empty()) return;
  for (const Spot& spot : spots_) record(spot);
  context_.kernel.at(
      context_.now(), state::phase::pricing, [this] { review(0); }, &name_);
}

void MarketAgent::review(double weeks) {
  for (Spot& spot : spots_) {
    move_price(spot, weeks);
    record(spot);
  }
  const sim::Duration every = sim::days_to_duration(context_.catalog.scenario.review_days);
  context_.kernel.at(
      context_.now() + every, state::phase::pricing,
      [this, every] { review(sim::to_weeks(every)); }, &name_);
}

void MarketAgent::move_price(Spot& spot, double weeks) const {
  const std::int64_t total = shipped(spot);
  const auto pieces = static_cast<double>(total - spot.shipped_before);
  spot.shipped_before = total;
  if (weeks == 0) return;
  spot.shipped_per_week =
      policy::next_shipping_rate(*spot.market, spot.shipped_per_week, pieces, weeks);

  policy::MarketView view{.open = 0, .per_week = spot.shipped_per_week};
  for (const Seller& s : spot.sellers) view.open += s.desk->meant(s.variant);
  const double factor = context_.terms.scarcity_factor(spot.item);
  context_.terms.set_scarcity_factor(spot.item,
                                     policy::next_price_factor(*spot.market, factor, view, weeks));
}

void MarketAgent::record(const Spot& spot) const {
  const sim::Time now = context_.now();
  const double factor = context_.terms.scarcity_factor(spot.item);
  context_.meters.set(spot.factor, sim::to_whole(factor * 1e6), now);
  context_.meters.set(spot.price, usd(context_.terms.price_usd(spot.item, now)).count(), now);
}

/// Pieces shipped by all sellers since the beginning.
std::int64_t MarketAgent::shipped(const Spot& spot) const {
  std::int64_t pieces = 0;
  for (const Seller& s : spot.sellers) {
    const StockId stock = s.desk->entry().variants[s.variant].stock;
    pieces += context_.meters.total(context_.inventory.meters(stock).shipped);
  }
  return pieces;
}

}  // namespace optichain::models::agents
