#include "models/agents/migration_agent.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/agents/unit_cost.hpp"
#include "models/network/explosion.hpp"
#include "models/state/phase.hpp"

namespace optichain::models::agents {
namespace {

constexpr double share_unit = 1e-6;  // meters count whole millionths
constexpr double memory_weeks = 13;  // of prices and lead times before a law begins to respond

policy::Attraction remembered(const policy::Attraction& before, const policy::Attraction& seen,
                              double weeks) {
  return {policy::followed(before.price_usd, seen.price_usd, weeks, memory_weeks),
          policy::followed(before.lead_weeks, seen.lead_weeks, weeks, memory_weeks)};
}

}  // namespace

MigrationAgent::MigrationAgent(const Context& context, MigrationId id,
                               std::span<const std::unique_ptr<trade::Channel>> channels,
                               std::span<const std::unique_ptr<OrderDesk>> desks,
                               std::span<const std::unique_ptr<sim::Line>> lines)
    : context_(context),
      entry_(context.catalog[id]),
      channels_(channels),
      desks_(desks),
      lines_(lines),
      every_(sim::days_to_duration(
          entry_.migration->review_days.value_or(context.catalog.scenario.review_days))) {
  const auto entity = measures::of(measures::Group::migrations, entry_.name);
  share_meter_ = context.meters.level(entity, "share", share_unit);
  for (const auto& leg : entry_.legs) {
    const OfferId offer = leg.offer.valid() ? leg.offer : context.catalog[leg.stock].offer;
    const SiteId site = context.catalog[offer].site;
    legs_.push_back(
        {&leg, desks[offer.index()].get(), context.terms.first_share(*entry_.migration, leg), 0,
         std::nullopt,
         context.meters.level(measures::of(measures::Group::migrations,
                                           entry_.name + "." + context.catalog[site].name),
                              "share", share_unit)});
  }
}

void MigrationAgent::begin() {
  record();
  context_.kernel.at(
      context_.now() + every_, state::phase::programs, [this] { review(); }, &entry_.name);
}

void MigrationAgent::review() {
  for (Leg& leg : legs_) {
    const double before = std::exchange(leg.share, next_share(leg));
    context_.terms.migrate(*leg.entry, leg.share, context_.now());
    const bool opens = (before <= 0 && leg.share > 0) || (before >= 1 && leg.share < 1);
    if (opens && leg.entry->stock.valid()) {  // another recipe may be started
      context_.continuous_review.notify(context_.catalog[leg.desk->id()].site);
    }
  }
  record();
  context_.kernel.at(
      context_.now() + every_, state::phase::programs, [this] { review(); }, &entry_.name);
}

double MigrationAgent::next_share(Leg& leg) const {
  const sim::Time now = context_.now();
  const auto intended = context_.terms.intended_share(*entry_.migration, *leg.entry, now);
  if (!intended) return leg.share;
  double share = *intended;
  if (const auto* law = std::get_if<policy::ResponsiveShare>(&entry_.migration->share)) {
    share = respond(leg, *law, share);
  }
  return state::CurrentTerms::reached_share(*entry_.migration, *leg.entry, leg.share, share, every_,
                                            now);
}

/// Before the law begins it only remembers what it sees.
double MigrationAgent::respond(Leg& leg, const policy::ResponsiveShare& law, double given) const {
  const double weeks = sim::to_weeks(every_);
  const Pair seen{attraction(leg, leg.entry->to), attraction(leg, leg.entry->from)};
  const sim::Time from{law.from.value_or(context_.catalog.scenario.start)};
  if (!leg.before) leg.before = seen;
  if (context_.now() < from) {
    leg.before = {remembered(leg.before->to, seen.to, weeks),
                  remembered(leg.before->from, seen.from, weeks)};
    return given;
  }
  const double change =
      policy::log_odds_change(law, seen.to, seen.from, leg.before->to, leg.before->from);
  leg.response = policy::followed(leg.response, change, weeks, law.adaptation_weeks);
  return policy::shifted_share(given, leg.response);
}

/// Of several ways together: the means by their given weights.
policy::Attraction MigrationAgent::attraction(const Leg& leg,
                                              const std::vector<std::size_t>& ways) const {
  const sim::Time now = context_.now();
  double given = 0;
  for (const std::size_t way : ways) given += context_.terms.given_weight(*leg.entry, way, now);
  policy::Attraction mean;
  for (const std::size_t way : ways) {
    const double part = given > 0 ? context_.terms.given_weight(*leg.entry, way, now) / given
                                  : 1.0 / static_cast<double>(ways.size());
    if (part <= 0) continue;
    mean.price_usd += part * price_usd(leg, way);
    mean.lead_weeks += part * lead_weeks(leg, way);
  }
  return mean;
}

double MigrationAgent::price_usd(const Leg& leg, std::size_t way) const {
  if (leg.entry->stock.valid()) return cost_usd(context_.catalog[leg.entry->stock].recipes[way]);
  const StockId stock = leg.desk->entry().variants[way].stock;
  return context_.terms.price_usd(leg.entry->offer, context_.catalog[stock].item, context_.now());
}

/// Of a good piece: its inputs at their market prices and the conversion.
double MigrationAgent::cost_usd(RecipeId id) const {
  const sim::Time now = context_.now();
  const double yield = network::recipe_yield(context_.catalog, context_.real, id, now, 0);
  return unit_cost(context_.catalog, context_.real, id, now, yield, [&](StockId input) {
    return context_.terms.price_usd(context_.catalog[input].item, now);
  });
}

double MigrationAgent::lead_weeks(const Leg& leg, std::size_t way) const {
  if (leg.entry->stock.valid()) return lead_weeks(context_.catalog[leg.entry->stock].recipes[way]);
  const auto& variant = leg.desk->entry().variants[way];
  double sum = 0, weights = 0;
  for (const RecipeId r : variant.recipes) {
    const double weight = context_.terms.recipe_weight(r, context_.now());
    if (weight <= 0) continue;
    sum += weight * lead_weeks(r);
    weights += weight;
  }
  return weights > 0 ? sum / weights : lead_weeks(variant.stock);
}

/// The queue of the line, the cycle time, and the input that takes longest.
double MigrationAgent::lead_weeks(RecipeId id) const {
  const auto& recipe = context_.catalog[id];
  const sim::Time now = context_.now();
  double own = recipe.recipe->cycle_days.mean(now) / 7;
  if (recipe.line.valid()) {
    const sim::Line& line = *lines_[recipe.line.index()];
    const double per_week = line.capacity().value(now) * sim::seconds_per_week;
    if (per_week > 0) own += line.queued_work() / per_week;
  }
  double longest = 0;
  for (const auto& input : recipe.inputs) longest = std::max(longest, lead_weeks(input.stock));
  return own + longest;
}

double MigrationAgent::lead_weeks(StockId stock) const {
  const PurchaseId purchase = context_.catalog[stock].purchase;
  return purchase.valid() ? lead_weeks(purchase) : 0;
}

/// As quoted by the sellers, by their weights.
double MigrationAgent::lead_weeks(PurchaseId purchase) const {
  double sum = 0, weights = 0;
  for (const ChannelId c : context_.catalog[purchase].channels) {
    const double weight = context_.terms.weight(c, context_.now());
    const OrderDesk& seller = *desks_[context_.catalog[c].offer.index()];
    sum += weight * (channels_[c.index()]->way_weeks() + seller.quoted_weeks());
    weights += weight;
  }
  return weights > 0 ? sum / weights : 0;
}

/// Brings the meters up to date. The migration as a whole is the mean of its places by what they
/// expect to sell.
void MigrationAgent::record() {
  const sim::Time now = context_.now();
  const auto count = [](double share) { return sim::to_whole(share / share_unit); };
  double sum = 0, weights = 0, plain = 0;
  for (const Leg& leg : legs_) {
    context_.meters.set(leg.share_meter, count(leg.share), now);
    const double weight = leg.desk->forecast().per_week();
    sum += weight * leg.share;
    weights += weight;
    plain += leg.share / static_cast<double>(legs_.size());
  }
  context_.meters.set(share_meter_, count(weights > 0 ? sum / weights : plain), now);
}

}  // namespace optichain::models::agents
