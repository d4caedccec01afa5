#include "models/agents/level_costs.hpp"

namespace optichain::models::agents {

LevelCosts::LevelCosts(const Context& context, SiteId site, const std::vector<OrderDesk*>& desks)
    : context_(context),
      party_(context.catalog.party(site)),
      continuously_(context.catalog[site].site->charged == Charging::continuously) {
  const auto add = [&](books::Account account, double rate, StockId stock, const OrderDesk* desk,
                       std::vector<books::MeterId> meters) {
    if (rate > 0) levels_.push_back({account, rate, stock, desk, std::move(meters)});
  };
  for (const StockId s : context.catalog[site].stocks) {
    add(books::Account::holding, context.catalog[s].stock->holding_usd_per_piece_week, s, nullptr,
        {context.inventory.meters(s).on_hand});
  }
  for (const OrderDesk* desk : desks) {
    const Offer& offer = *desk->entry().offer;
    add(books::Account::backlog, offer.backlog_usd_per_piece_week, {}, desk,
        desk->meters_of(&trade::Channel::Handles::open_level));
    add(books::Account::in_transit, offer.in_transit_usd_per_piece_week, {}, desk,
        desk->meters_of(&trade::Channel::Handles::in_transit_level));
  }
}

Pieces LevelCosts::pieces(const Level& level) const {
  if (!level.desk) return context_.inventory.on_hand(level.stock);
  return level.account == books::Account::backlog ? level.desk->backlog()
                                                  : level.desk->in_transit();
}

void LevelCosts::charge_review(double weeks) const {
  for (const Level& level : levels_) {
    context_.accounts.pay_outside(party_, level.account,
                                  usd(level.usd_per_piece_week * weeks * to_double(pieces(level))));
  }
}

/// Pays what is missing to the total that is due; rounding then never adds up.
void LevelCosts::charge_until(sim::Time until) {
  if (!continuously_) return;
  for (Level& level : levels_) {
    double piece_seconds = 0;
    for (const books::MeterId meter : level.meters) {
      piece_seconds += context_.meters.integral(meter, until);
    }
    const Money due = usd(level.usd_per_piece_week * piece_seconds / sim::seconds_per_week);
    if (due <= level.charged) continue;
    context_.accounts.pay_outside(party_, level.account, due - level.charged);
    level.charged = due;
  }
}

}  // namespace optichain::models::agents
