#include "models/catalog/conditions.hpp"

#include <algorithm>

namespace optichain::models {

double Conditions::weight(ChannelId channel, sim::Time now) const {
  if (!may_order(channel, now)) return 0;
  const double share = real_.channel_share[channel.index()].value(now);
  return catalog_[channel].holds.empty() ? share : share * weight_left_of(channel, now);
}

/// Of the variants that the buyer takes at all, the one that programs leave most of counts.
double Conditions::weight_left_of(ChannelId channel, sim::Time now) const {
  const auto& c = catalog_[channel];
  double left = 0;
  for (std::size_t v = 0; v < c.accepts.size(); ++v) {
    if (c.accepts[v]) left = std::max(left, weight_left(c.holds, v, now));
  }
  return left;
}

std::optional<ProgramId> Conditions::blocked_by(ChannelId channel, sim::Time now) const {
  const auto& c = catalog_[channel];
  if (c.holds.empty() || weight_left_of(channel, now) > 0) return std::nullopt;
  for (const Hold& hold : c.holds) {
    if (hold.weight == 0 && hold.from <= now && now < hold.until) return hold.program;
  }
  return std::nullopt;
}

bool Conditions::refuses_orders(ChannelId channel, sim::Time now) const {
  if (!is_closed(channel, now)) return false;
  const auto& holds = catalog_[channel].holds;
  return std::any_of(holds.begin(), holds.end(), [&](const Hold& hold) {
    return hold.withdraws && hold.from <= now && now < hold.until;
  });
}

std::optional<Conditions::LineLoss> Conditions::loss_of(LineId line, sim::Time now) const {
  const auto& loss = line_losses_[line.index()];
  return loss && now < loss->until ? loss : std::nullopt;
}

bool Conditions::can_start(RecipeId recipe, sim::Time now) const {
  const auto& from = catalog_[recipe].recipe->from;
  return !from || now >= sim::Time{*from};
}

double Conditions::recipe_weight(RecipeId recipe, sim::Time now) const {
  return can_start(recipe, now) ? real_.recipe_share[recipe.index()].value(now) : 0;
}

double Conditions::price_usd(OfferId offer, ItemId item, sim::Time now) const {
  const auto& own = real_.offer_price[offer.index()];
  return own ? own->value(now) * price_factor(item, now) : price_usd(item, now);
}

}  // namespace optichain::models
