#include "models/state/current_terms.hpp"

#include <algorithm>

#include "sim/base/overloaded.hpp"

namespace optichain::models::state {

void limit_new_share(std::span<double> parts, const std::vector<bool>& accepted,
                     const std::vector<bool>& is_new, double most) {
  double part = 0, rest = 0, others = 0;
  for (std::size_t v = 0; v < parts.size(); ++v) {
    (is_new[v] ? part : rest) += parts[v];
    others += !is_new[v] && accepted[v] ? 1 : 0;
  }
  if (part <= most || others == 0) return;
  for (std::size_t v = 0; v < parts.size(); ++v) {
    if (is_new[v]) {
      parts[v] *= most / part;
    } else if (rest > 0) {
      parts[v] *= (1 - most) / rest;
    } else if (accepted[v]) {
      parts[v] = (1 - most) / others;
    }
  }
}

CurrentTerms::CurrentTerms(const Catalog& catalog, const Realisation& real)
    : catalog_(catalog),
      real_(real),
      passed_(catalog.qualifications.size(), false),
      moved_mix_(catalog.offers.size()),
      moved_recipe_(catalog.recipes.size()),
      line_losses_(catalog.lines.size()),
      scarcity_factor_(catalog.items.size(), 1) {
  refresh();
  for (const auto& entry : catalog.migrations) {
    for (const auto& leg : entry.legs) {
      const sim::Time now = catalog.begin();
      const auto share = intended_share(*entry.migration, leg, now);
      if (share) migrate(leg, std::min(*share, most_share(leg, now)), now);
    }
  }
}

void CurrentTerms::refresh() {
  plain_recipes_.clear();
  for (const auto& entry : catalog_.recipes) {
    const auto& from = entry.recipe->from;
    plain_recipes_.push_back({.from = from ? sim::Time{*from} : sim::Time::min(),
                              .is_plain = entry.qualifications.empty()});
  }
  plain_.clear();
  for (std::size_t c = 0; c < catalog_.channels.size(); ++c) {
    const auto& entry = catalog_.channels[c];
    const sim::Curve& share = real_.channel_share[c];
    const auto& from = entry.source->from;
    const auto first = std::find_if(entry.accepts.begin(), entry.accepts.end(),
                                    [](const auto& since) { return since.has_value(); });
    const auto variant = static_cast<std::size_t>(first - entry.accepts.begin());
    const bool any = first != entry.accepts.end();
    plain_.push_back({.from = from ? sim::Time{*from} : sim::Time::min(),
                      .share = share.value(catalog_.begin()),
                      .accepted_from = any ? sim::Time{**first} : sim::Time::max(),
                      .stock = any ? catalog_[entry.offer].variants[variant].stock : StockId{},
                      .variant = static_cast<std::uint32_t>(variant) & 0x7fffffff,
                      .is_plain = share.is_constant() && entry.holds.empty() &&
                                  entry.qualifications.empty() &&
                                  entry.variant_qualifications.empty()});
  }
}

double CurrentTerms::weight_by_terms(ChannelId channel, sim::Time now) const {
  if (!may_order(channel, now)) return 0;
  const double share = real_.channel_share[channel.index()].value(now);
  return catalog_[channel].holds.empty() ? share : share * weight_left_of(channel, now);
}

/// Of the variants that the buyer takes at all, the one that programs leave most of counts.
double CurrentTerms::weight_left_of(ChannelId channel, sim::Time now) const {
  const auto& c = catalog_[channel];
  double left = 0;
  for (std::size_t v = 0; v < c.accepts.size(); ++v) {
    if (c.accepts[v]) left = std::max(left, weight_left(c.holds, v, now));
  }
  return left;
}

std::optional<ProgramId> CurrentTerms::blocked_by(ChannelId channel, sim::Time now) const {
  const auto& c = catalog_[channel];
  if (c.holds.empty() || weight_left_of(channel, now) > 0) return std::nullopt;
  for (const Hold& hold : c.holds) {
    if (hold.weight == 0 && hold.from <= now && now < hold.until) return hold.program;
  }
  return std::nullopt;
}

bool CurrentTerms::refuses_orders(ChannelId channel, sim::Time now) const {
  if (!is_closed(channel, now)) return false;
  const auto& holds = catalog_[channel].holds;
  return std::any_of(holds.begin(), holds.end(), [&](const Hold& hold) {
    return hold.withdraws && hold.from <= now && now < hold.until;
  });
}

std::optional<CurrentTerms::LineLoss> CurrentTerms::loss_of(LineId line, sim::Time now) const {
  const auto& loss = line_losses_[line.index()];
  return loss && now < loss->until ? loss : std::nullopt;
}

double CurrentTerms::recipe_weight(RecipeId recipe, sim::Time now) const {
  if (!can_start(recipe, now)) return 0;
  const auto& moved = moved_recipe_[recipe.index()];
  return moved ? *moved : real_.recipe_share[recipe.index()].value(now);
}

double CurrentTerms::price_usd(OfferId offer, ItemId item, sim::Time now) const {
  const auto& own = real_.offer_price[offer.index()];
  return own ? own->value(now) * price_factor(item, now) : price_usd(item, now);
}

void CurrentTerms::add_by_mix(ChannelId channel, double pieces, sim::Time now,
                              std::span<double> by_variant) const {
  if (pieces == 0) return;
  if (by_variant.size() == 1) {
    by_variant[0] += pieces;
    return;
  }
  const auto& entry = catalog_[channel];
  const auto weight = [&](std::size_t v, bool by_mix) {
    if (!accepts(channel, v, now)) return 0.0;
    return by_mix ? mix(entry.offer, v, now) : 1.0;
  };
  for (const bool by_mix : {true, false}) {  // variants outside the mix share equally
    double total = 0;
    for (std::size_t v = 0; v < by_variant.size(); ++v) total += weight(v, by_mix);
    if (total <= 0) continue;
    if (!entry.limits.empty()) {
      std::vector<double> parts(by_variant.size());
      std::vector<bool> accepted(by_variant.size());
      for (std::size_t v = 0; v < parts.size(); ++v) {
        parts[v] = weight(v, by_mix) / total;
        accepted[v] = accepts(channel, v, now);
      }
      for (const auto& limit : entry.limits) {
        limit_new_share(parts, accepted, limit.is_new, limit.most->value(now));
      }
      for (std::size_t v = 0; v < parts.size(); ++v) by_variant[v] += pieces * parts[v];
      return;
    }
    for (std::size_t v = 0; v < by_variant.size(); ++v) {
      by_variant[v] += pieces * (weight(v, by_mix) / total);
    }
    return;
  }
}

// --- migrations ----------------------------------------------------------------------------------

double CurrentTerms::given_weight(const Catalog::MigrationLeg& leg, std::size_t way,
                                  sim::Time now) const {
  if (leg.offer.valid()) return real_.mix[leg.offer.index()][way].value(now);
  return real_.recipe_share[catalog_[leg.stock].recipes[way].index()].value(now);
}

double CurrentTerms::given_weight(const Catalog::MigrationLeg& leg,
                                  const std::vector<std::size_t>& ways, sim::Time now) const {
  double sum = 0;
  for (const std::size_t way : ways) sum += given_weight(leg, way, now);
  return sum;
}

std::optional<double> CurrentTerms::given_share(const Catalog::MigrationLeg& leg,
                                                sim::Time now) const {
  const double to = given_weight(leg, leg.to, now), from = given_weight(leg, leg.from, now);
  if (to + from <= 0) return std::nullopt;
  return to / (to + from);
}

std::optional<double> CurrentTerms::intended_share(const Migration& migration,
                                                   const Catalog::MigrationLeg& leg,
                                                   sim::Time now) const {
  const auto given = given_share(leg, now);
  if (!given) return std::nullopt;
  return std::visit(sim::Overloaded{[&](const policy::ResponsiveShare&) { return *given; },
                                    [&](const auto& law) { return share_at(law, now); }},
                    migration.share);
}

double CurrentTerms::first_share(const Migration& migration,
                                 const Catalog::MigrationLeg& leg) const {
  const sim::Time begin = catalog_.begin();
  const auto share = intended_share(migration, leg, begin);
  return std::min(share.value_or(0), most_share(leg, begin));
}

double CurrentTerms::reached_share(const Migration& migration, const Catalog::MigrationLeg& leg,
                                   double before, double target, sim::Duration since,
                                   sim::Time now) {
  const double share =
      policy::paced(before, target, migration.most_change_per_quarter, sim::to_weeks(since));
  return std::clamp(share, 0.0, most_share(leg, now));
}

void CurrentTerms::migrate(const Catalog::MigrationLeg& leg, double share, sim::Time now) {
  const double total = given_weight(leg, leg.to, now) + given_weight(leg, leg.from, now);
  const auto spread = [&](const std::vector<std::size_t>& ways, double part) {
    const double given = given_weight(leg, ways, now);
    for (const std::size_t way : ways) {
      const double among =
          given > 0 ? given_weight(leg, way, now) / given : 1.0 / static_cast<double>(ways.size());
      set_weight(leg, way, total * part * among);
    }
  };
  spread(leg.to, share);
  spread(leg.from, 1 - share);
}

void CurrentTerms::set_weight(const Catalog::MigrationLeg& leg, std::size_t way, double weight) {
  if (leg.offer.valid()) {
    auto& moved = moved_mix_[leg.offer.index()];
    moved.resize(catalog_[leg.offer].variants.size());
    moved[way] = weight;
  } else {
    moved_recipe_[catalog_[leg.stock].recipes[way].index()] = weight;
  }
}

}  // namespace optichain::models::state
