#include "models/network/best_case.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "models/network/explosion.hpp"
#include "models/network/line_capacity.hpp"
#include "models/network/steady_start.hpp"
#include "models/policy/contract_price.hpp"
#include "models/policy/replenishment/all.hpp"
#include "models/policy/start_limit.hpp"
#include "models/policy/yield.hpp"
#include "sim/kernel/calendar.hpp"

namespace optichain::models::network {
namespace {

using sim::Time;

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double longest_days = 1e5;  // centuries: beyond any scenario, and no date overflows

/// The highest value of a curve at any second of a span.
double highest_within(const sim::Curve& curve, Time from, Time until) {
  double high = std::max(curve.value(from), curve.value(until - sim::Duration{1}));
  for (const auto& knot : curve.knots()) {
    if (from <= knot.time && knot.time < until) high = std::max(high, knot.value);
  }
  return high;
}

/// The mean of what multiplies the curve of a demand.
double mean_factor(const Variation& variation, Time time) {
  if (const auto* factor = std::get_if<FactorVariation>(&variation)) {
    return factor->distribution.mean(time);
  }
  const auto* series = std::get_if<AutoregressiveVariation>(&variation);
  if (!series || series->sd_share == 0) return 1;
  // a normal variable of mean 1 that is cut off at 0
  const double z = 1 / series->sd_share;
  const double density = std::exp(-0.5 * z * z) / std::sqrt(2 * std::numbers::pi);
  return 0.5 * std::erfc(-z / std::numbers::sqrt2) + series->sd_share * density;
}

}  // namespace

BestCase::BestCase(const Catalog& catalog, const state::Realisation& real, const FlowGraph& graph,
                   const StartState* at_start)
    : catalog_(catalog),
      real_(real),
      graph_(graph),
      at_start_(at_start),
      periods_(sim::quarters_between(catalog.start(), catalog.end())) {
  if (catalog.begin() < catalog.start() && !at_start) {
    periods_.insert(periods_.begin(), {"warm-up", catalog.begin(), catalog.start()});
  }
}

std::optional<std::size_t> BestCase::period_of(Time time) const {
  for (std::size_t t = 0; t < periods_.size(); ++t) {
    if (time < periods_[t].end) return t;
  }
  return std::nullopt;
}

/// The first review of a site or customer at or after a time.
Time BestCase::first_review(PartyId party, Time from) const {
  const sim::Rhythm reviews{catalog_.begin() + catalog_.review_offset(party),
                            catalog_.review_every(party)};
  return reviews.after(from - sim::Duration{1});
}

std::vector<std::vector<double>> BestCase::given_at_start() const {
  std::vector<std::vector<double>> given(catalog_.stocks.size(),
                                         std::vector<double>(periods_.size(), 0));
  for (std::size_t s = 0; s < given.size(); ++s) given[s][0] = to_double(at_start_->stock[s]);
  for (std::size_t r = 0; r < catalog_.recipes.size(); ++r) {
    const Time start = catalog_.start();
    const double good = yield(RecipeId{r}, start, ready_after(RecipeId{r}, start));
    given[catalog_.recipes[r].output.index()][0] += good * to_double(at_start_->in_process[r]);
  }
  for (std::size_t c = 0; c < catalog_.channels.size(); ++c) {
    const PurchaseId purchase = catalog_.channels[c].purchase;
    if (!purchase.valid()) continue;
    given[catalog_[purchase].stock.index()][0] += to_double(at_start_->in_transit[c]);
  }
  add_owed_parts(given);
  return given;
}

void BestCase::add_owed_parts(std::vector<std::vector<double>>& given) const {
  for (const auto& recipe : catalog_.recipes) {
    for (const auto& input : recipe.inputs) {
      if (input.pieces != std::floor(input.pieces)) given[input.stock.index()][0] += 1;
    }
  }
}

std::vector<std::vector<double>> BestCase::given_pieces() const {
  if (at_start_) return given_at_start();
  std::vector<std::vector<double>> given(catalog_.stocks.size(),
                                         std::vector<double>(periods_.size(), 0));
  const OpeningState before =
      opening_state(catalog_, real_, initial_needs(catalog_, real_, graph_));
  for (std::size_t s = 0; s < given.size(); ++s) given[s][0] = to_double(before.stock[s]);

  const auto arrival = [&](const InitialPieces& what) {
    return catalog_.begin() + sim::days_to_duration(what.in_days);
  };
  for (std::size_t r = 0; r < catalog_.recipes.size(); ++r) {
    const auto& recipe = catalog_.recipes[r];
    for (const InitialPieces& lot : before.lots[r]) {
      const Time ready = arrival(lot);
      const auto t = period_of(ready);
      if (!t) continue;
      const double good = yield(RecipeId{r}, ready, ready + sim::Duration{1});
      given[recipe.output.index()][*t] += good * to_double(lot.pieces);
    }
  }
  add_owed_parts(given);
  for (std::size_t i = 0; i < catalog_.channels.size(); ++i) {
    const auto& c = catalog_.channels[i];
    if (!c.purchase.valid()) continue;
    for (const InitialPieces& shipment : before.shipments[i]) {
      const auto t = period_of(arrival(shipment));
      if (t) given[catalog_[c.purchase].stock.index()][*t] += to_double(shipment.pieces);
    }
  }
  return given;
}

double BestCase::yield(RecipeId id, Time from, Time until) const {
  const double limit = std::min(1.0, highest_within(real_.recipe_yield[id.index()], from, until));
  const auto& learning = catalog_[id].recipe->yield_learning;
  // Learning goes one way only, so one of the two ends of the span has the highest yield.
  const double first = policy::mean_yield(limit, learning, from, catalog_.start(), 0);
  const double last = policy::mean_yield(limit, learning, until, catalog_.start(), infinite);
  return std::max({first, last, policy::lowest_planned_yield});
}

Time BestCase::ready_by(RecipeId id, std::size_t period) const {
  return ready_after(id, periods_[period].end);
}

/// When the last piece is ready whose work is done before a time, or until the next review.
Time BestCase::ready_after(RecipeId id, Time work_done) const {
  const auto& recipe = catalog_[id];
  const Value& cycle = recipe.recipe->cycle_days;
  const double days = cycle.curve().highest() * cycle.factor().quantile(1 - 1e-9);
  sim::Duration longest = sim::days_to_duration(std::clamp(days, 0.0, longest_days));
  // a lot that is on a line when it breaks down may leave it at any time
  if (recipe.line.valid() && (may_lose_capacity(catalog_, recipe.line) || may_queue(id))) {
    longest = sim::days_to_duration(longest_days);
  }
  return work_done + catalog_.review_every(catalog_.party(recipe.site)) + longest;
}

double BestCase::starts(RecipeId id, std::size_t period) const {
  const auto& recipe = catalog_[id];
  const auto& p = periods_[period];
  Time begin = std::max(p.begin, catalog_.earliest(id));
  if (recipe.recipe->from) begin = std::max(begin, Time{*recipe.recipe->from});
  if (begin >= p.end) return 0;
  const auto& limit = real_.recipe_starts[id.index()];
  if (!limit) return infinite;
  const PartyId site = catalog_.party(recipe.site);
  if (catalog_[recipe.site].site->continuous_review) return accrued(id, *limit, begin, p.end);
  const double granted = limit->integral(first_review(site, begin), first_review(site, p.end));
  // a piece, or a lot, that it allows a part of is started, and the rest of it paid for later; and
  // a fraction of a piece is kept from before
  const double kept = limit->integral(catalog_.begin(), begin) > 0 ? 1 : 0;
  if (granted <= 0 && kept == 0) return 0;
  return granted / sim::seconds_per_week + kept + largest_start(id);
}

/// What a recipe does not start in parts: a piece, or as many as a lot takes at the lowest yield.
double BestCase::largest_start(RecipeId id) const {
  const OfferId offer = catalog_[catalog_[id].output].offer;
  const Pieces good = offer.valid() ? policy::lot_of(catalog_[offer].offer->replenish) : Pieces{1};
  if (good == Pieces{1}) return 1;
  double lowest = real_.recipe_yield[id.index()].lowest();
  if (const auto& learning = catalog_[id].recipe->yield_learning) {
    lowest = std::min(lowest, learning->initial);
  }
  lowest = std::clamp(lowest, policy::lowest_planned_yield, 1.0);
  return static_cast<double>(policy::starts_for(to_double(good), lowest));
}

/// What a recipe's own limit allows where review is continuous: as time goes on, with what may be
/// unused at the beginning; where capacity may be reserved, at reviews for the time until the next.
double BestCase::accrued(RecipeId id, const sim::Curve& limit, Time begin, Time end) const {
  const SiteId site = catalog_[id].site;
  const PartyId party = catalog_.party(site);
  const sim::Duration every = catalog_.review_every(party);
  const bool may_reserve =
      std::any_of(catalog_.agreements.begin(), catalog_.agreements.end(),
                  [&](const auto& agreement) { return catalog_[agreement.offer].site == site; });
  if (may_reserve) {
    // granted at the last review before
    begin = std::max(first_review(party, begin) - every, catalog_.begin());
    end = first_review(party, end);
  }
  double pieces = limit.integral(begin, end) / sim::seconds_per_week;
  // where it is granted at reviews, a piece or lot that it may start a part of
  if (may_reserve && pieces > 0) pieces += largest_start(id);
  // a fraction of a piece, and what is unused
  if (limit.integral(catalog_.begin(), begin) > 0) {
    pieces += 1 + policy::most_unused(limit, begin, policy::look_every(every), largest_start(id));
  }
  return pieces;
}

bool BestCase::can_ship(ChannelId id, std::size_t variant, std::size_t period) const {
  const auto& c = catalog_[id];
  const Time end = periods_[period].end;
  if (!c.accepts[variant] || Time{*c.accepts[variant]} >= end) return false;
  if (catalog_.earliest(id, variant) >= end) return false;
  if (!may_ship_within(c.holds, variant, periods_[period].begin, end)) return false;
  // New orders need a qualified seller, those that are open at the beginning do not.
  const bool any_open =
      at_start_ ? at_start_->open[id.index()] > Pieces{0} : !c.source->initial_orders.empty();
  if (any_open) return true;
  return catalog_.earliest(id) < end && (!c.source->from || Time{*c.source->from} < end);
}

double BestCase::price_usd(ChannelId id, std::size_t variant, std::size_t period) const {
  const auto& c = catalog_[id];
  const auto& own = real_.offer_price[c.offer.index()];
  const ItemId item = catalog_[catalog_[c.offer].variants[variant].stock].item;
  const sim::Curve& price = own ? *own : real_.item_price[item.index()];
  const double spot = highest_price_usd(item, price, period) * (1 + c.source->premium);
  double highest = spot;
  for (const auto& agreement : catalog_.agreements) {
    if (agreement.offer != c.offer) continue;
    const bool taken = std::any_of(agreement.parts.begin(), agreement.parts.end(),
                                   [&](const auto& part) { return part.channel == id; });
    if (taken) highest = std::max(highest, contract_price_usd(agreement, spot, period));
  }
  return highest;
}

/// The highest price of an agreement in a period.
double BestCase::contract_price_usd(const Catalog::AgreementEntry& agreement, double spot,
                                    std::size_t period) const {
  const auto& p = periods_[period];
  policy::PriceBasis basis{.spot = spot};
  if (agreement.index.valid()) {
    // the first price is at its lowest, as the market has it, and later ones are at their highest
    const Item& item = *catalog_[agreement.index].item;
    const sim::Curve& index = real_.item_price[agreement.index.index()];
    const sim::Time first = std::max(sim::Time{agreement.agreement->from}, catalog_.begin());
    basis.index = highest_price_usd(agreement.index, index, period);
    basis.index_first = index.value(first) * (item.market ? item.market->floor : 1) *
                        left_by_erosion(item, catalog_.start(), first);
  }
  const auto* fixed = std::get_if<policy::FixedPrice>(&agreement.agreement->price);
  if (fixed) return highest_within(fixed->usd, p.begin, p.end);
  return policy::contract_price(agreement.agreement->price, p.begin, basis);
}

/// The highest price of an item in a period that a curve, its market and its erosion allow.
double BestCase::highest_price_usd(ItemId item, const sim::Curve& curve, std::size_t period) const {
  const Item& terms = *catalog_[item].item;
  const auto& p = periods_[period];
  const double scarcity = terms.market ? terms.market->ceiling : 1;
  return highest_within(curve, p.begin, p.end) * scarcity *
         left_by_erosion(terms, catalog_.start(), p.begin);
}

double BestCase::ordered(DemandId id, std::size_t period) const {
  const auto& demand = catalog_[id];
  const PartyId party = catalog_.party(demand.customer);
  const sim::Duration every = catalog_.review_every(party);
  const sim::Curve& curve = real_.demand[id.index()];
  double pieces = 0;
  if (std::holds_alternative<PoissonProcess>(demand.demand->variation)) {
    const auto& p = periods_[period];
    return curve.integral(p.begin, p.end) / sim::seconds_per_week;
  }
  const auto* trace = std::get_if<DemandTrace>(&demand.demand->variation);
  if (trace) return traced(*trace, party, period);
  for (Time t = first_review(party, periods_[period].begin); t < periods_[period].end; t += every) {
    pieces += mean_factor(demand.demand->variation, t) * curve.integral(t, t + every) /
              sim::seconds_per_week;
  }
  return pieces;
}

/// The orders of a trace that fall in a period.
double BestCase::traced(const DemandTrace& trace, PartyId party, std::size_t period) const {
  const sim::Duration every = catalog_.review_every(party);
  const Time first = catalog_.begin() + catalog_.review_offset(party);
  double pieces = 0;
  for (std::size_t i = 0; i < trace.quantities.size(); ++i) {
    const Time at = first + every * static_cast<std::int64_t>(i);
    if (at >= periods_[period].end) break;
    if (at >= periods_[period].begin) pieces += trace.quantities[i] * trace.pieces_per_unit;
  }
  return pieces;
}

/// Whether more may be let onto the line than it can do until the next review.
bool BestCase::may_queue(RecipeId id) const {
  const ProductionLine& line = *catalog_[catalog_[id].line].line;
  return line.servers > 1 || !std::holds_alternative<ReleaseByCapacity>(line.release) ||
         catalog_[id].recipe->work_factor.is_random();
}

double BestCase::line_use(RecipeId id) const {
  const Recipe& recipe = *catalog_[id].recipe;
  return recipe.line_use_per_piece * std::max(0.0, recipe.work_factor.lowest());
}

double BestCase::over_ordering(DemandId id) const {
  const auto& demand = catalog_[id];
  const auto& terms = demand.demand->over_ordering;
  if (!terms) return 1;
  const auto at = over_orders_at(catalog_, demand.channels, *terms);
  return std::find(at.begin(), at.end(), true) != at.end() ? terms->cap : 1;
}

double BestCase::ordered_before(DemandId id) const {
  double pieces = 0;
  for (const ChannelId c : catalog_[id].channels) {
    if (at_start_) {
      pieces += to_double(at_start_->open[c.index()]);
      continue;
    }
    for (const auto& order : catalog_[c].source->initial_orders) pieces += to_double(order.pieces);
  }
  return pieces;
}

std::vector<double> BestCase::still_open(DemandId id, const std::vector<double>& ordered) const {
  const auto& demand = catalog_[id];
  if (!demand.demand->patience_days) return std::vector<double>(periods_.size(), infinite);
  const double patience = *demand.demand->patience_days;
  double days = patience;
  for (const ChannelId c : demand.channels) {
    days = std::max(days, patience + catalog_[c].source->order_delay_days);
    for (const auto& order : catalog_[c].source->initial_orders) {
      days = std::max(days, order.in_days);
    }
  }
  const sim::Duration life = sim::days_to_duration(days);
  std::vector<double> open(periods_.size(), 0);
  for (std::size_t t = 0; t < periods_.size(); ++t) {
    for (std::size_t from = 0; from <= t; ++from) {
      if (periods_[from].end + life > periods_[t].end) open[t] += ordered[from];
    }
  }
  return open;
}

}  // namespace optichain::models::network
