#include "models/agents/lost_margins.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "models/agents/unit_cost.hpp"
#include "models/network/explosion.hpp"
#include "models/policy/yield.hpp"

namespace optichain::models::agents {
namespace {

constexpr double unit_usd = 1e-3;    // of the meters
constexpr double most_units = 4e18;  // that they can count

/// The mean of values by weights, or by equal weights if all are 0; 0 of nothing.
class WeightedMean {
 public:
  void add(double weight, double value) {
    weights_ += weight;
    weighted_ += weight * value;
    ++count_;
    sum_ += value;
  }
  double value() const {
    if (weights_ > 0) return weighted_ / weights_;
    return count_ > 0 ? sum_ / count_ : 0;
  }

 private:
  double weights_ = 0, weighted_ = 0, sum_ = 0;
  int count_ = 0;
};

}  // namespace

LostMargins::LostMargins(const Context& context,
                         std::span<const std::unique_ptr<trade::Channel>> channels,
                         std::span<const std::unique_ptr<CustomerAgent>> customers)
    : context_(context),
      channels_(channels),
      agents_(customers),
      lost_margin_(context.catalog.sites.size(), 0),
      lost_value_(context.catalog.customers.size(), 0),
      withdrawn_before_(channels.size(), 0),
      given_up_before_(context.catalog.demands.size(), 0) {
  books::Meters& m = context.meters;
  for (const auto& site : context.catalog.sites) {
    const auto entity = measures::of(measures::Group::sites, site.name);
    sites_.push_back({m.flow(entity, "lost_margin", unit_usd),
                      m.level(entity, "waiting_margin", unit_usd),
                      m.level(entity, "stock_value", unit_usd)});
  }
  for (const auto& customer : context.catalog.customers) {
    const auto entity = measures::of(measures::Group::customers, customer.name);
    customers_.push_back(
        {m.flow(entity, "lost_value", unit_usd), m.level(entity, "waiting_value", unit_usd)});
  }
  for (const auto& demand : context.catalog.demands) {
    given_up_.push_back(m.of(measures::of(measures::Group::demands, demand.name))("given_up"));
  }
  for (const auto& recipe : context.catalog.recipes) {
    started_.push_back(m.of(measures::of(measures::Group::recipes, recipe.name))("started"));
  }
}

void LostMargins::record(books::MeterId meter, double usd, sim::Time as_of) const {
  context_.meters.set(meter, std::llround(std::clamp(usd / unit_usd, -most_units, most_units)),
                      as_of);
}

void LostMargins::note_withdrawn(const trade::Channel& channel) {
  const std::size_t c = channel.id().index();
  const std::int64_t total = context_.meters.total(channel.meters().withdrawn);
  if (total == withdrawn_before_[c]) return;
  const double pieces = static_cast<double>(total - withdrawn_before_[c]);
  withdrawn_before_[c] = total;
  const Catalog& catalog = context_.catalog;
  const auto& entry = catalog.channels[c];
  const std::size_t seller = catalog[entry.offer].site.index();
  lost_margin_[seller] += pieces * margin_usd(channel.id());
  record(sites_[seller].lost_margin, lost_margin_[seller], context_.now());
  if (entry.demand.valid()) lose_value(entry.demand, pieces);
}

void LostMargins::note_given_up(DemandId demand) {
  std::int64_t& before = given_up_before_[demand.index()];
  const std::int64_t total = context_.meters.total(given_up_[demand.index()]);
  if (total == before) return;
  lose_value(demand, static_cast<double>(total - before));
  before = total;
}

void LostMargins::lose_value(DemandId demand, double pieces) {
  const std::size_t buyer = context_.catalog[demand].customer.index();
  lost_value_[buyer] += pieces * value_usd(demand);
  record(customers_[buyer].lost_value, lost_value_[buyer], context_.now());
}

void LostMargins::value_open(sim::Time as_of) {
  const Catalog& catalog = context_.catalog;
  std::vector<double> margin(sites_.size()), stock(sites_.size()), value(customers_.size());
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    const auto& entry = catalog.channels[c];
    const double open = to_double(channels_[c]->open());
    if (open > 0) margin[catalog[entry.offer].site.index()] += open * margin_usd(ChannelId{c});
    if (!entry.demand.valid()) continue;
    value[catalog[entry.demand].customer.index()] +=
        (open + to_double(channels_[c]->in_mail())) * value_usd(entry.demand);
  }
  for (std::size_t d = 0; d < catalog.demands.size(); ++d) {
    const DemandId demand{d};
    value[catalog[demand].customer.index()] +=
        to_double(waiting(catalog, agents_, demand)) * value_usd(demand);
  }
  for (std::size_t s = 0; s < catalog.stocks.size(); ++s) {
    stock[catalog.stocks[s].site.index()] +=
        context_.terms.price_usd(catalog.stocks[s].item, context_.now()) *
        to_double(context_.inventory.on_hand(StockId{s}));
  }
  for (std::size_t s = 0; s < sites_.size(); ++s) {
    record(sites_[s].waiting_margin, margin[s], as_of);
    record(sites_[s].stock_value, stock[s], as_of);
  }
  for (std::size_t c = 0; c < customers_.size(); ++c) {
    record(customers_[c].waiting_value, value[c], as_of);
  }
}

/// What a piece sold along a channel earns, of a family the mean over the variants that its buyer
/// takes now by the intended mix: the price with the buyer's premium, less what it costs.
double LostMargins::margin_usd(ChannelId channel) const {
  const auto& entry = context_.catalog[channel];
  const auto& variants = context_.catalog[entry.offer].variants;
  const sim::Time now = context_.now();
  WeightedMean mean;
  for (std::size_t v = 0; v < variants.size(); ++v) {
    if (!context_.terms.accepts(channel, v, now)) continue;
    const StockId stock = variants[v].stock;
    const double price = context_.terms.price_usd(entry.offer, context_.catalog[stock].item, now);
    mean.add(context_.terms.mix(entry.offer, v, now),
             price * (1 + entry.source->premium) - cost_usd(stock));
  }
  return mean.value();
}

/// What another piece would cost: made by the recipes that may be started, or bought; 0 of what
/// nobody adds to.
double LostMargins::cost_usd(StockId stock) const {
  const auto& entry = context_.catalog[stock];
  if (entry.purchase.valid()) return buying_usd(entry.purchase);
  WeightedMean mean;
  for (const RecipeId r : entry.recipes) {
    mean.add(context_.terms.recipe_weight(r, context_.now()), making_usd(r));
  }
  return mean.value();
}

/// Inputs and conversion per good piece, at the mean yield of now.
double LostMargins::making_usd(RecipeId recipe) const {
  const sim::Time now = context_.now();
  const auto started = context_.meters.total(started_[recipe.index()]);
  const double yield = network::recipe_yield(context_.catalog, context_.real, recipe, now,
                                             static_cast<double>(started));
  return unit_cost(context_.catalog, context_.real, recipe, now, yield, [&](StockId input) {
    const PurchaseId purchase = context_.catalog[input].purchase;
    return purchase.valid() ? buying_usd(purchase) : 0;
  });
}

/// The mean price, premiums included, of the sellers that may be ordered from.
double LostMargins::buying_usd(PurchaseId purchase) const {
  const sim::Time now = context_.now();
  const auto& entry = context_.catalog[purchase];
  WeightedMean mean;
  for (const ChannelId c : entry.channels) {
    const auto& channel = context_.catalog[c];
    mean.add(context_.terms.weight(c, now),
             context_.terms.price_usd(channel.offer, context_.catalog[entry.stock].item, now) *
                 (1 + channel.source->premium));
  }
  return mean.value();
}

double LostMargins::value_usd(DemandId demand) const {
  return context_.catalog[demand].demand->value_usd_per_piece;
}

}  // namespace optichain::models::agents
