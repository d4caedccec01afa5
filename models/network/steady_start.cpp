#include "models/network/steady_start.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "models/policy/apportion.hpp"
#include "models/policy/yield.hpp"

namespace optichain::models::network {
namespace {

using sim::Duration;

constexpr std::int64_t most_lots = 500;  // of one recipe or seller: more come several at a time

double per_review(double per_week, Duration every) {
  return per_week * sim::to_weeks(every);
}

/// What was started or ordered at the reviews before the beginning, the oldest first: `count` of
/// them, the latest one `last` after the beginning (before it, as a rule). `put` is told of whole
/// lots, in pieces, and of when.
template <class Put>
void each_review(double pieces, Pieces lot, Duration every, Duration last, std::int64_t count,
                 Put put) {
  policy::Carry carry;
  const std::int64_t together = std::max<std::int64_t>(1, (count + most_lots - 1) / most_lots);
  for (std::int64_t k = count; k >= 1;) {
    const std::int64_t reviews = std::min(k, together);
    const Pieces whole{carry.take(pieces * static_cast<double>(reviews) / to_double(lot)) *
                       lot.count()};
    if (whole > Pieces{0}) put(whole, last - (k - 1) * every);
    k -= reviews;
  }
}

/// The least stock on hand at which a policy asks for no more than `most`.
double least_stock(const policy::Replenishment& policy, policy::InventoryState state,
                   double per_week, double most) {
  using policy::StockFact;
  constexpr policy::ReplenishmentNeeds told{StockFact::forecast, StockFact::lead_time,
                                            StockFact::review_period, StockFact::reviews_only,
                                            StockFact::downstream};
  const policy::Forecast forecast(policy::ConstantForecast{}, per_week);
  const auto asks = [&](double on_hand) {
    state.on_hand = on_hand;
    return policy::replenishment_quantity<told>(policy, state, forecast);
  };
  const double allowed = most * (1 + 1e-12) + 1e-9;
  if (asks(0) <= allowed) return 0;
  double too_little = 0, enough = 1;
  while (asks(enough) > allowed) {
    too_little = enough;
    enough *= 2;
    if (enough > 1e18) return 0;  // whatever is there, it asks for more
  }
  while (enough - too_little > 1e-6 * std::max(1.0, enough * 1e-9)) {
    const double middle = 0.5 * (too_little + enough);
    (asks(middle) > allowed ? too_little : enough) = middle;
  }
  return enough;
}

Pieces sum_of(const std::vector<InitialPieces>& all) {
  Pieces sum{0};
  for (const InitialPieces& some : all) sum += some.pieces;
  return sum;
}

/// What is ordered, shipped or started for a stock point before the simulation begins.
Pieces coming_to(const Catalog& catalog, const Catalog::StockEntry& stock,
                 const OpeningState& beginning) {
  Pieces sum{0};
  for (const RecipeId r : stock.recipes) sum += sum_of(beginning.lots[r.index()]);
  if (!stock.purchase.valid()) return sum;
  for (const ChannelId c : catalog[stock.purchase].channels) {
    sum += sum_of(beginning.orders[c.index()]) + sum_of(beginning.shipments[c.index()]);
  }
  return sum;
}

}  // namespace

SteadyStart::SteadyStart(const Catalog& catalog, const state::Realisation& real,
                         std::span<const double> initial_needs)
    : catalog_(catalog),
      real_(real),
      terms_(catalog, real),
      needs_(initial_needs),
      flow_(catalog.channels.size(), 0) {
  find_flows();
}

void SteadyStart::find_flows() {
  const auto split = [&](const std::vector<ChannelId>& channels, double per_week) {
    double total = 0;
    for (const ChannelId c : channels) total += terms_.weight(c, catalog_.begin());
    if (total <= 0) return;
    for (const ChannelId c : channels) {
      flow_[c.index()] = per_week * (terms_.weight(c, catalog_.begin()) / total);
    }
  };
  for (std::size_t d = 0; d < catalog_.demands.size(); ++d) {
    split(catalog_.demands[d].channels, real_.demand[d].value(catalog_.begin()));
  }
  for (const auto& p : catalog_.purchases) split(p.channels, needs_[p.stock.index()]);
}

void SteadyStart::fill(OpeningState& beginning) const {
  for (std::size_t r = 0; r < catalog_.recipes.size(); ++r) {
    if (beginning.lots[r].empty()) beginning.lots[r] = lots(RecipeId{r});
  }
  for (std::size_t c = 0; c < catalog_.channels.size(); ++c) {
    if (!catalog_.channels[c].purchase.valid()) continue;
    if (beginning.orders[c].empty() && beginning.shipments[c].empty()) {
      add_orders(ChannelId{c}, beginning);
    }
  }
  for (std::size_t s = 0; s < catalog_.stocks.size(); ++s) {
    const Stock& terms = *catalog_.stocks[s].stock;
    if (!terms.initial_weeks && terms.initial_pieces == Pieces{0}) {
      const Pieces room = cut_to_room(StockId{s}, Pieces{0}, beginning);
      beginning.stock[s] = std::min(room, on_hand(StockId{s}, beginning));
    } else {
      cut_to_room(StockId{s}, beginning.stock[s], beginning);
    }
  }
}

// --- flows ---------------------------------------------------------------------------------------

/// Of what is bought along a channel, the part that is taken from a stock point.
double SteadyStart::part_of(ChannelId channel, StockId stock) const {
  const auto& entry = catalog_[channel];
  if (entry.purchase.valid()) return terms_.ordered_from(channel) == stock ? 1 : 0;
  const auto& variants = catalog_[entry.offer].variants;
  std::vector<double> parts(variants.size(), 0);
  terms_.add_by_mix(channel, 1, catalog_.begin(), parts);
  for (std::size_t v = 0; v < variants.size(); ++v) {
    if (variants[v].stock == stock) return parts[v];
  }
  return 0;
}

double SteadyStart::yield(RecipeId recipe) const {
  return std::max(recipe_yield(catalog_, real_, recipe, catalog_.begin(), 0),
                  policy::lowest_planned_yield);
}

double SteadyStart::starts_per_week(RecipeId recipe) const {
  const auto& entry = catalog_[recipe];
  double weight = 0;
  for (const RecipeId r : catalog_[entry.output].recipes) {
    weight += terms_.recipe_weight(r, catalog_.begin());
  }
  if (weight <= 0) return 0;
  return needs_[entry.output.index()] * (terms_.recipe_weight(recipe, catalog_.begin()) / weight) /
         yield(recipe);
}

Duration SteadyStart::cycle(RecipeId recipe) const {
  return sim::days_to_duration(catalog_[recipe].recipe->cycle_days.mean(catalog_.begin()));
}
Duration SteadyStart::transit(ChannelId channel) const {
  const TransportLane* lane = catalog_[channel].lane;
  return lane ? sim::days_to_duration(lane->transit_days.mean(catalog_.begin())) : Duration{0};
}
Duration SteadyStart::order_delay(ChannelId channel) const {
  return sim::days_to_duration(catalog_[channel].source->order_delay_days);
}

/// When a seller ships what has reached it by then, both counted from the beginning.
Duration SteadyStart::shipped(ChannelId channel, Duration reached) const {
  const SiteId seller = catalog_[catalog_[channel].offer].site;
  if (catalog_[seller].site->continuous_review) return reached;
  const Duration every = catalog_.review_every(catalog_.party(seller));
  const Duration first = catalog_.review_offset(catalog_.party(seller));
  const Duration over = (reached - first) % every;  // the last review
  return over > Duration{0} ? reached + (every - over) : reached - over;
}

/// When an order reaches its seller in time to be seen. Sites order at the end of their reviews:
/// what reaches the seller at once is not seen at the same instant.
Duration SteadyStart::reached(ChannelId channel, Duration ordered) const {
  const Duration delay = order_delay(channel);
  return ordered + (delay > Duration{0} ? delay : Duration{1});
}

// --- what is on its way --------------------------------------------------------------------------

std::vector<InitialPieces> SteadyStart::lots(RecipeId recipe) const {
  std::vector<InitialPieces> lots;
  const PartyId site = catalog_.party(catalog_[recipe].site);
  const Duration every = catalog_.review_every(site);
  // started at `first` - k `every` for k = 1, 2, ...; those that are done later than the beginning
  const Duration done = catalog_.review_offset(site) - every + cycle(recipe);
  if (done <= Duration{0}) return lots;
  const std::int64_t count = (done - Duration{1}) / every + 1;
  each_review(per_review(starts_per_week(recipe), every), lot_of(recipe), every, done, count,
              [&](Pieces pieces, Duration in) {
                lots.push_back({pieces, sim::to_days(in)});
              });
  return lots;
}

/// As it is started.
Pieces SteadyStart::lot_of(RecipeId recipe) const {
  const OfferId offer = catalog_[catalog_[recipe].output].offer;
  const Pieces good = offer.valid() ? policy::lot_of(catalog_[offer].offer->replenish) : Pieces{1};
  if (good == Pieces{1}) return good;
  return Pieces{policy::starts_for(to_double(good), yield(recipe))};
}

void SteadyStart::add_orders(ChannelId channel, OpeningState& beginning) const {
  const PartyId buyer = catalog_[channel].buyer;
  const Duration every = catalog_.review_every(buyer);
  const Duration last = catalog_.review_offset(buyer) - every;
  std::int64_t count = 0;
  while (shipped(channel, reached(channel, last - count * every)) + transit(channel) >
         Duration{0}) {
    ++count;
  }
  const Pieces lot = policy::lot_of(catalog_[catalog_[channel].purchase].purchase->replenish);
  each_review(per_review(flow_[channel.index()], every), lot, every, last, count,
              [&](Pieces pieces, Duration ordered) {
                const Duration sent = shipped(channel, reached(channel, ordered));
                const bool open = sent >= Duration{0};
                const Duration in = open ? ordered + order_delay(channel) : sent + transit(channel);
                auto& all = (open ? beginning.orders : beginning.shipments)[channel.index()];
                all.push_back({pieces, sim::to_days(std::max(Duration{0}, in))});
              });
}

/// Good pieces that come to a stock point, of what is under way at the beginning.
std::vector<SteadyStart::Coming> SteadyStart::coming(StockId stock,
                                                     const OpeningState& beginning) const {
  std::vector<Coming> all;
  for (const RecipeId r : catalog_[stock].recipes) {
    for (const InitialPieces& lot : beginning.lots[r.index()]) {
      all.push_back({to_double(lot.pieces) * yield(r), sim::days_to_duration(lot.in_days)});
    }
  }
  for (const ChannelId c : channels_to(stock)) {
    for (const InitialPieces& shipment : beginning.shipments[c.index()]) {
      all.push_back({to_double(shipment.pieces), sim::days_to_duration(shipment.in_days)});
    }
    for (const InitialPieces& order : beginning.orders[c.index()]) {
      all.push_back(
          {to_double(order.pieces), shipped(c, sim::days_to_duration(order.in_days)) + transit(c)});
    }
  }
  return all;
}

// --- what is in stock ----------------------------------------------------------------------------

/// Pieces ordered along a channel that the seller has seen by its review `until`.
double SteadyStart::taken_along(ChannelId channel, Duration until,
                                const OpeningState& beginning) const {
  const auto& entry = catalog_[channel];
  double pieces = 0;
  for (const InitialPieces& order : beginning.orders[channel.index()]) {
    if (sim::days_to_duration(order.in_days) <= until) pieces += to_double(order.pieces);
  }
  const Duration delay = order_delay(channel);
  if (entry.demand.valid() &&
      std::holds_alternative<PoissonProcess>(catalog_[entry.demand].demand->variation)) {
    return pieces + per_review(flow_[channel.index()], std::max(Duration{0}, until - delay));
  }
  const Duration every = catalog_.review_every(entry.buyer);
  // customers order before a review's allocation, sites after it
  const bool after = entry.purchase.valid() && delay == Duration{0};
  const Duration time =
      until - delay - catalog_.review_offset(entry.buyer) - (after ? Duration{1} : Duration{0});
  if (time < Duration{0}) return pieces;
  return pieces + per_review(flow_[channel.index()], every) * static_cast<double>(time / every + 1);
}

/// What leaves a stock point up to its site's first order or start.
double SteadyStart::taken(StockId stock, const OpeningState& beginning) const {
  const auto& entry = catalog_[stock];
  const PartyId site = catalog_.party(entry.site);
  const Duration first = catalog_.review_offset(site);
  double pieces = 0;
  if (entry.offer.valid()) {
    for (const ChannelId c : catalog_[entry.offer].channels) {
      const double part = part_of(c, stock);
      if (part > 0) pieces += part * taken_along(c, first, beginning);
    }
  }
  if (!entry.purchase.valid()) return pieces;
  for (const RecipeId r : catalog_[entry.site].recipes) {  // they are started before it orders
    for (const auto& input : catalog_[r].inputs) {
      if (input.stock != stock) continue;
      pieces += input.pieces * per_review(starts_per_week(r), catalog_.review_every(site));
    }
  }
  return pieces;
}

/// What the policy keeps in stock at the first review, before it orders or starts. A family has one
/// policy: each variant has the part of its position that it has of the need.
double SteadyStart::kept(StockId stock, const OpeningState& beginning) const {
  const auto& entry = catalog_[stock];
  const PartyId site = catalog_.party(entry.site);
  const Duration every = catalog_.review_every(site), first = catalog_.review_offset(site);
  policy::InventoryState state{.review_weeks = sim::to_weeks(every)};
  const policy::Replenishment* policy = nullptr;
  double need = 0, weights = 0, own_pipeline = 0;
  const auto add_way = [&](double weight, Duration way) {
    state.lead_weeks += weight * sim::to_weeks(way);
    weights += weight;
  };
  const auto add_stock = [&](StockId s) {
    need += needs_[s.index()];
    for (const Coming& some : coming(s, beginning)) {
      if (some.in <= first) continue;
      state.pipeline += some.pieces;
      if (s == stock) own_pipeline += some.pieces;
    }
  };
  if (entry.purchase.valid()) {
    const auto& purchase = catalog_[entry.purchase];
    policy = &purchase.purchase->replenish;
    add_stock(stock);
    for (const ChannelId c : purchase.channels) {
      add_way(terms_.weight(c, catalog_.begin()), order_delay(c) + transit(c));
    }
  } else if (entry.offer.valid()) {
    policy = &catalog_[entry.offer].offer->replenish;
    for (const auto& variant : catalog_[entry.offer].variants) {
      add_stock(variant.stock);
      for (const RecipeId r : variant.recipes) add_way(starts_per_week(r) * yield(r), cycle(r));
    }
  }
  if (!policy || weights <= 0 || need <= 0) return 0;
  if (policy::needs(*policy).has(policy::StockFact::downstream)) return 0;
  state.lead_weeks /= weights;
  const double position =
      state.pipeline + least_stock(*policy, state, need, per_review(need, every));
  return std::max(0.0, position * (needs_[stock.index()] / need) - own_pipeline);
}

Pieces SteadyStart::on_hand(StockId stock, const OpeningState& beginning) const {
  const Duration first = catalog_.review_offset(catalog_.party(catalog_[stock].site));
  double pieces = kept(stock, beginning) + taken(stock, beginning);
  for (const Coming& some : coming(stock, beginning)) {
    if (some.in <= first) pieces -= some.pieces;
  }
  return Pieces{sim::to_whole(std::max(0.0, std::ceil(pieces - 1e-4)))};
}

/// Leaves out what comes latest, of what the scenario does not say itself, until there is room for
/// the rest beside what is there; returns how much room is left.
Pieces SteadyStart::cut_to_room(StockId stock, Pieces there, OpeningState& beginning) const {
  const auto& entry = catalog_[stock];
  if (!entry.stock->room_pieces) return Pieces{std::numeric_limits<std::int64_t>::max()};
  struct Way {
    std::vector<InitialPieces>* all;
    std::function<Duration(Duration)> arrival;  // of what is left of it last
  };
  std::vector<Way> ways;
  for (const RecipeId r : entry.recipes) {
    if (!catalog_[r].recipe->initial_lots.empty()) continue;
    ways.push_back({&beginning.lots[r.index()], [](Duration in) { return in; }});
  }
  for (const ChannelId c : channels_to(stock)) {
    const Source& source = *catalog_[c].source;
    if (!source.initial_orders.empty() || !source.initial_shipments.empty()) continue;
    ways.push_back({&beginning.shipments[c.index()], [](Duration in) { return in; }});
    ways.push_back({&beginning.orders[c.index()],
                    [this, c](Duration in) { return shipped(c, in) + transit(c); }});
  }
  Pieces room = *entry.stock->room_pieces - there - coming_to(catalog_, entry, beginning);
  while (room < Pieces{0}) {
    Way* latest = nullptr;
    Duration when{};
    for (Way& way : ways) {
      if (way.all->empty()) continue;
      const Duration in = way.arrival(sim::days_to_duration(way.all->back().in_days));
      if (latest && in <= when) continue;
      latest = &way;
      when = in;
    }
    if (!latest) break;
    room += latest->all->back().pieces;
    latest->all->pop_back();
  }
  return std::max(Pieces{0}, room);
}

std::span<const ChannelId> SteadyStart::channels_to(StockId stock) const {
  const PurchaseId purchase = catalog_[stock].purchase;
  if (!purchase.valid()) return {};
  return catalog_[purchase].channels;
}

OpeningState opening_state(const Catalog& catalog, const state::Realisation& real,
                           std::span<const double> initial_needs) {
  OpeningState beginning;
  for (const auto& recipe : catalog.recipes) beginning.lots.push_back(recipe.recipe->initial_lots);
  for (const auto& channel : catalog.channels) {
    beginning.orders.push_back(channel.source->initial_orders);
    beginning.shipments.push_back(channel.source->initial_shipments);
  }
  for (std::size_t s = 0; s < catalog.stocks.size(); ++s) {
    const Stock& terms = *catalog.stocks[s].stock;
    if (!terms.initial_weeks) {
      beginning.stock.push_back(terms.initial_pieces);
      continue;
    }
    Pieces there{sim::to_whole(*terms.initial_weeks * initial_needs[s])};
    if (const auto& room = terms.room_pieces) {
      const Pieces coming = coming_to(catalog, catalog.stocks[s], beginning);
      there = std::min(there, std::max(Pieces{0}, *room - coming));
    }
    beginning.stock.push_back(there);
  }
  if (catalog.scenario.initial == InitialState::steady) {
    SteadyStart(catalog, real, initial_needs).fill(beginning);
  }
  return beginning;
}

}  // namespace optichain::models::network
