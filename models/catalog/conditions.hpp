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
      : catalog_(catalog),
        real_(real),
        line_losses_(catalog.lines.size()),
        scarcity_factor_(catalog.items.size(), 1) {}

  /// The weight of a variant in what is meant to meet new orders at an offer.
  double mix(OfferId offer, std::size_t variant, sim::Time now) const {
    return real_.mix[offer.index()][variant].value(now);
  }
  /// Whether a channel's buyer takes a variant of the offer. One that a program blocks is not
  /// taken, unless all are blocked: then open orders stay as they were meant.
  bool accepts(ChannelId channel, std::size_t variant, sim::Time now) const {
    const auto& c = catalog_[channel];
    const auto& since = c.accepts[variant];
    if (!since || now < sim::Time{*since}) return false;
    return c.holds.empty() || weight_left(c.holds, variant, now) > 0 || is_closed(channel, now);
  }
  /// Whether the buyer takes the variant at any time of the run.
  bool could_accept(ChannelId channel, std::size_t variant) const {
    return catalog_[channel].accepts[variant].has_value();
  }
  /// Whether the buyer may order along a channel, whatever the share that it means to order there.
  bool may_order(ChannelId channel, sim::Time now) const {
    const auto& from = catalog_[channel].source->from;
    return (!from || now >= sim::Time{*from}) && !is_closed(channel, now);
  }
  /// What a channel weighs among its buyer's sources: its share, less what programs take of it, 0
  /// while it is not qualified or blocked.
  double weight(ChannelId channel, sim::Time now) const;
  /// Whether no program forbids to ship a variant.
  bool may_ship(ChannelId channel, std::size_t variant, sim::Time now) const {
    return models::may_ship(catalog_[channel].holds, variant, now);
  }
  /// The program that keeps the buyer from ordering anything through a channel now.
  std::optional<ProgramId> blocked_by(ChannelId channel, sim::Time now) const;
  /// Whether a channel takes no new order because of programs.
  bool is_closed(ChannelId channel, sim::Time now) const {
    return !catalog_[channel].holds.empty() && blocked_by(channel, now).has_value();
  }
  /// Whether what is open on a channel is withdrawn because of programs.
  bool refuses_orders(ChannelId channel, sim::Time now) const;
  /// Whether a site has given up selling: nothing is made any more but for open orders.
  bool is_closed(OfferId offer, sim::Time now) const { return now >= catalog_[offer].closed_from; }

  /// A line that is out or slowed down.
  struct LineLoss {
    ProgramId program;
    sim::Time until;
    double left;  // share of the capacity
  };
  /// By which program a line has less capacity now than it would have; of several, the one that
  /// came last.
  std::optional<LineLoss> loss_of(LineId line, sim::Time now) const;
  void note_loss(LineId line, const LineLoss& loss) { line_losses_[line.index()] = loss; }

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
  double weight_left_of(ChannelId channel, sim::Time now) const;

  /// What scarcity and erosion together make of a price.
  double price_factor(ItemId item, sim::Time now) const {
    return scarcity_factor_[item.index()] *
           left_by_erosion(*catalog_[item].item, catalog_.start(), now);
  }

  const Catalog& catalog_;
  const Realisation& real_;
  std::vector<std::optional<LineLoss>> line_losses_;  // by LineId, the last one
  std::vector<double> scarcity_factor_;               // by ItemId
};

}  // namespace optichain::models
