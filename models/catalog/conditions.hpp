#pragma once
// What holds at a moment of a run: what buyers accept, who may be ordered from, what can be
// started, which mix is meant, what things cost.
//
// It starts from the catalog and its realisation. Whoever changes the world in the course of a run
// (migrations, qualifications, markets, programs) changes it here, and everybody who decides asks
// here, so that nobody else needs to know why something changed. Without changes it says what the
// scenario's dates and curves say.

#include <vector>

#include "models/catalog/catalog.hpp"
#include "models/catalog/realisation.hpp"

namespace optichain::models {

class Conditions {
 public:
  /// Keeps references to both.
  Conditions(const Catalog& catalog, const Realisation& real)
      : catalog_(catalog), real_(real), scarcity_factor_(catalog.items.size(), 1) {}

  /// The weight of a variant in what is meant to meet new orders at an offer.
  double mix(OfferId offer, std::size_t variant, sim::Time now) const {
    return real_.mix[offer.index()][variant].value(now);
  }
  /// Whether a channel's buyer takes a variant of the offer.
  bool accepts(ChannelId channel, std::size_t variant, sim::Time now) const {
    const auto& since = catalog_[channel].accepts[variant];
    return since && now >= sim::Time{*since};
  }
  /// Whether the buyer takes the variant at any time of the run.
  bool could_accept(ChannelId channel, std::size_t variant) const {
    return catalog_[channel].accepts[variant].has_value();
  }
  /// Whether the buyer may order along a channel, whatever the share that it means to order there.
  bool may_order(ChannelId channel, sim::Time now) const {
    const auto& from = catalog_[channel].source->from;
    return !from || now >= sim::Time{*from};
  }
  /// What a channel weighs among its buyer's sources: its share, 0 while it is not qualified.
  double weight(ChannelId channel, sim::Time now) const;
  /// Whether a recipe may be started.
  bool can_start(RecipeId recipe, sim::Time now) const;
  /// The weight of a recipe among those that make the same item at its site; 0 if it may not be
  /// started.
  double recipe_weight(RecipeId recipe, sim::Time now) const;
  /// The price of a piece at an offer before any premium of the buyer, in USD.
  double price_usd(OfferId offer, ItemId item, sim::Time now) const;
  /// The market price of an item, in USD.
  double price_usd(ItemId item, sim::Time now) const {
    return real_.item_price[item.index()].value(now) * price_factor(item, now);
  }
  /// What scarcity makes of the prices of an item, on top of their curves; 1 at the beginning.
  double scarcity_factor(ItemId item) const { return scarcity_factor_[item.index()]; }
  void set_scarcity_factor(ItemId item, double factor) { scarcity_factor_[item.index()] = factor; }

 private:
  /// What scarcity and erosion together make of a price.
  double price_factor(ItemId item, sim::Time now) const {
    return scarcity_factor_[item.index()] *
           left_by_erosion(*catalog_[item].item, catalog_.start(), now);
  }

  const Catalog& catalog_;
  const Realisation& real_;
  std::vector<double> scarcity_factor_;  // by ItemId
};

}  // namespace optichain::models
