#pragma once
// What holds at a moment of a run: what buyers accept, who may be ordered from, what can be
// started, which mix is meant, what things cost.
//
// It starts from the catalog and its realisation. Whoever changes the world in the course of a run
// (migrations, qualifications, markets, programs) changes it here, and everybody who decides asks
// here, so that nobody else needs to know why something changed. Without changes it says what the
// scenario's dates and curves say.

#include <optional>
#include <span>
#include <vector>

#include "models/catalog/catalog.hpp"
#include "models/state/realisation.hpp"

namespace optichain::models::state {

/// Brings the part of the new among `parts`, which sum to 1, down to `most`. The others that are
/// accepted gain in proportion, or equally if they have no part. Where no other is accepted nothing
/// is changed: orders for the new then have to wait.
void limit_new_share(std::span<double> parts, const std::vector<bool>& accepted,
                     const std::vector<bool>& is_new, double most);

class CurrentTerms {
 public:
  /// As things are at the begin of the simulation: nothing is qualified yet that has to be, and
  /// migrations whose law needs nothing but the date are where it puts them. Keeps references to
  /// both.
  CurrentTerms(const Catalog& catalog, const Realisation& real);

  /// The weight of a variant in what is meant to meet new orders at an offer.
  double mix(OfferId offer, std::size_t variant, sim::Time now) const {
    const auto& moved = moved_mix_[offer.index()];
    if (!moved.empty() && moved[variant]) return *moved[variant];
    return real_.mix[offer.index()][variant].value(now);
  }
  /// Adds the pieces of an order to what is meant of each variant of the channel's offer: over the
  /// variants the buyer accepts now, by the mix (equally if it has none of them), and no more as
  /// new ones than the buyer takes.
  void add_by_mix(ChannelId channel, double pieces, sim::Time now,
                  std::span<double> by_variant) const;
  /// Whether a channel's buyer takes a variant of the offer. One that a program blocks is not
  /// taken, unless all are blocked: then open orders stay as they were meant.
  bool accepts(ChannelId channel, std::size_t variant, sim::Time now) const {
    if (const Plain& plain = plain_[channel.index()]; plain.is_plain && plain.variant == variant) {
      return now >= plain.accepted_from;
    }
    const auto& c = catalog_[channel];
    const auto& since = c.accepts[variant];
    if (!since || now < sim::Time{*since}) return false;
    if (!all_passed(c.qualifications_of(variant))) return false;
    return c.holds.empty() || weight_left(c.holds, variant, now) > 0 || is_closed(channel, now);
  }
  /// Whether the buyer takes the variant at any time of the run.
  bool could_accept(ChannelId channel, std::size_t variant) const {
    return catalog_[channel].accepts[variant].has_value();
  }
  /// The stock point that a site's orders along a channel are for: the variant that is its item.
  /// Not valid if there is none.
  StockId ordered_from(ChannelId channel) const { return plain_[channel.index()].stock; }
  /// Whether the buyer may order along a channel, whatever the share that it means to order there.
  bool may_order(ChannelId channel, sim::Time now) const {
    const auto& from = catalog_[channel].source->from;
    return (!from || now >= sim::Time{*from}) && !is_closed(channel, now) &&
           !awaits_qualification(channel);
  }
  /// What a channel weighs among its buyer's sources: its share, less what programs take of it, 0
  /// while it is not qualified or blocked.
  double weight(ChannelId channel, sim::Time now) const {
    const Plain& plain = plain_[channel.index()];
    if (plain.is_plain) return now >= plain.from ? plain.share : 0;
    return weight_by_terms(channel, now);
  }
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
  bool can_start(RecipeId recipe, sim::Time now) const {
    const PlainRecipe& plain = plain_recipes_[recipe.index()];
    return now >= plain.from && (plain.is_plain || !awaits_qualification(recipe));
  }
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

  // --- qualifications ---
  void pass(QualificationId id) { passed_[id.index()] = true; }
  /// Whether a qualification that has not succeeded yet keeps the buyer from ordering at all, from
  /// taking a variant, or the site from starting a recipe.
  bool awaits_qualification(ChannelId channel) const {
    return !all_passed(catalog_[channel].qualifications);
  }
  bool awaits_qualification(ChannelId channel, std::size_t variant) const {
    return !all_passed(catalog_[channel].qualifications_of(variant));
  }
  bool awaits_qualification(RecipeId recipe) const {
    return !all_passed(catalog_[recipe].qualifications);
  }

  // --- migrations ---
  /// The weight of one way of a leg that the scenario's mix or recipe shares give at a date.
  double given_weight(const Catalog::MigrationLeg& leg, std::size_t way, sim::Time now) const;
  /// The share of the new by these weights; nothing if all of them are 0.
  std::optional<double> given_share(const Catalog::MigrationLeg& leg, sim::Time now) const;
  /// Where the law of a migration puts the share at a date: before any response (which starts from
  /// the given share) and without any limit. Nothing if all given weights are 0.
  std::optional<double> intended_share(const Migration& migration, const Catalog::MigrationLeg& leg,
                                       sim::Time now) const;
  /// The most that the share may be at this place.
  static double most_share(const Catalog::MigrationLeg& leg, sim::Time now) {
    return leg.most ? leg.most->value(now) : 1;
  }
  /// Where the share is at the begin of the simulation: where the law puts it, as far as it may be.
  double first_share(const Migration& migration, const Catalog::MigrationLeg& leg) const;
  /// The share that a review may reach from the one before, a time ago, on the way to a target.
  static double reached_share(const Migration& migration, const Catalog::MigrationLeg& leg,
                              double before, double target, sim::Duration since, sim::Time now);
  /// From now on the new have this share, 0 to 1. Within the new and within the old the given
  /// proportions of the date stay; among ways whose given weights are all 0 it is split equally.
  void migrate(const Catalog::MigrationLeg& leg, double share, sim::Time now);

  /// Looks again at what the catalog and the realisation say of channels, after they were changed.
  void refresh();

 private:
  /// What most channels have: a constant share from a date on, no program, nothing to qualify. It
  /// is asked for at every order, and kept together because catalog entries are spread over memory.
  struct alignas(32) Plain {
    sim::Time from;
    double share;
    sim::Time accepted_from;  // of the first variant that the buyer takes at any time
    StockId stock;            // where it is kept, whether the channel is plain or not
    std::uint32_t variant : 31, is_plain : 1;
  };
  static_assert(sizeof(Plain) == 32);
  /// A recipe that may be started from a date on, and nothing to qualify.
  struct PlainRecipe {
    sim::Time from;
    bool is_plain;
  };
  double weight_by_terms(ChannelId channel, sim::Time now) const;
  bool all_passed(std::span<const QualificationId> all) const {
    for (const QualificationId id : all) {
      if (!passed_[id.index()]) return false;
    }
    return true;
  }
  double given_weight(const Catalog::MigrationLeg& leg, const std::vector<std::size_t>& ways,
                      sim::Time now) const;
  void set_weight(const Catalog::MigrationLeg& leg, std::size_t way, double weight);

  double weight_left_of(ChannelId channel, sim::Time now) const;

  /// What scarcity and erosion together make of a price.
  double price_factor(ItemId item, sim::Time now) const {
    return scarcity_factor_[item.index()] *
           left_by_erosion(*catalog_[item].item, catalog_.start(), now);
  }

  const Catalog& catalog_;
  const Realisation& real_;
  std::vector<Plain> plain_;                                   // by ChannelId
  std::vector<PlainRecipe> plain_recipes_;                     // by RecipeId
  std::vector<bool> passed_;                                   // by QualificationId
  std::vector<std::vector<std::optional<double>>> moved_mix_;  // by OfferId; empty: nothing moves
  std::vector<std::optional<double>> moved_recipe_;            // by RecipeId
  std::vector<std::optional<LineLoss>> line_losses_;           // by LineId, the last one
  std::vector<double> scarcity_factor_;                        // by ItemId
};

}  // namespace optichain::models::state
