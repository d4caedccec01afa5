#include "models/catalog/conditions.hpp"

namespace optichain::models {

double Conditions::weight(ChannelId channel, sim::Time now) const {
  if (!may_order(channel, now)) return 0;
  return real_.channel_share[channel.index()].value(now);
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
