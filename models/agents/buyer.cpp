#include "models/agents/buyer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/policy/smoothing.hpp"

namespace optichain::models::agents {
namespace {

// What a buyer tells the policies.
using policy::StockFact;
constexpr policy::ReplenishmentNeeds told_of_input{StockFact::forecast, StockFact::lead_time,
                                                   StockFact::review_period,
                                                   StockFact::reviews_only, StockFact::downstream};
static_assert(policy::are_told<policy::ForecastMethod>(policy::ForecastNeeds{
    policy::PlanFact::plan}));

/// What is open at a desk and meant for one of its variants.
double meant(const OrderDesk& desk, StockId stock) {
  const auto& variants = desk.entry().variants;
  if (variants.size() == 1) return to_double(desk.backlog());
  double pieces = 0;
  for (std::size_t v = 0; v < variants.size(); ++v) {
    if (variants[v].stock == stock) pieces += desk.meant(v);
  }
  return pieces;
}

}  // namespace

Buyer::Buyer(const Context& context, std::vector<Input> inputs) : context_(context) {
  for (Input& input : inputs) {
    const Purchase& terms = *input.entry->purchase;
    const double per_week = terms.initial_forecast_per_week.value_or(input.initial_per_week);
    const StockId stock = input.entry->stock;
    State& state =
        inputs_.emplace_back(State{.stock = stock,
                                   .received = context.inventory.meters(stock).received,
                                   .site = input.entry->site,
                                   .is_used = input.is_used,
                                   .terms = &terms,
                                   .stock_terms = context.catalog[stock].stock,
                                   .own_desk = input.own_desk,
                                   .sources = {},
                                   .forecast = policy::Forecast(terms.forecast, per_week),
                                   .excess = {},
                                   .downstream = std::move(input.downstream)});
    for (std::size_t c = 0; c < input.channels.size(); ++c) {
      state.sources.push_back(
          {input.channels[c], input.sellers[c],
           context.tie(context.catalog[input.channels[c]->id()].name, "sellers")});
    }
    state.owed.assign(state.sources.size(), 0);
    if (!terms.over_ordering) continue;
    const auto at = over_orders_at(context.catalog, input.entry->channels, *terms.over_ordering);
    if (std::find(at.begin(), at.end(), true) == at.end()) continue;
    std::vector<ExcessOrders::Source> sources;
    for (std::size_t c = 0; c < at.size(); ++c) {
      sources.push_back({input.channels[c], at[c], state.sources[c].tie});
    }
    state.excess = std::make_unique<ExcessOrders>(context.meters, *terms.over_ordering, sources,
                                                  per_week, policy::lot_of(terms.replenish));
  }
}

/// What the orders that came in since the last review need of the input: those of the products made
/// from it, and those of buyers to whom it is sold on.
double Buyer::new_demand(const State& state, const Planner& planner) {
  double pieces = planner.need(state.stock).new_use;
  if (const OrderDesk* desk = state.own_desk) {
    const auto& variants = desk->entry().variants;
    for (std::size_t v = 0; v < variants.size(); ++v) {
      if (variants[v].stock == state.stock) pieces += desk->last_intake_of(v);
    }
  }
  return pieces;
}

/// What was wanted and could not be started or shipped for want of the input. Of what waits for a
/// line, only as much counts as the line can work off until an order placed now arrives.
double Buyer::backlog(const State& state, const Planner& planner, double lead_weeks, double weeks) {
  const auto& need = planner.need(state.stock);
  const double reviews = (lead_weeks + weeks) / weeks;
  double pieces = need.waiting + std::min(need.line_waiting, need.line_room * reviews);
  if (const OrderDesk* desk = state.own_desk) pieces += meant(*desk, state.stock);
  return pieces;
}

void Buyer::order(const Planner& planner, double weeks) {
  found_.clear();
  sold_on_.clear();
  for (State& s : inputs_) {
    s.forecast.observe(new_demand(s, planner), weeks);
    if (s.forecast.needs_plan()) s.forecast.follow(context_.plans.of(s.stock), context_.now());
    if (s.excess) s.excess->review(weeks);
    const Outlook seen = look_at(s, planner, weeks);
    found_.push_back({s.stock,
                      {.lead_weeks = seen.lead_weeks,
                       .lacking = seen.lacking,
                       .owed = seen.owed,
                       .received_per_week = receiving_rate(s, weeks)}});
    place_order(s, seen, planner, weeks);
  }
}

void Buyer::order_between_reviews(const Planner& planner, double weeks) {
  sold_on_.clear();
  for (State& s : inputs_) place_order(s, look_at(s, planner, weeks), planner, weeks);
}

/// Pieces received per week, smoothed.
double Buyer::receiving_rate(State& s, double weeks) const {
  const auto received = context_.meters.total(s.received);
  s.received_per_week +=
      policy::rate_alpha(weeks) *
      (static_cast<double>(received - s.received_before) / weeks - s.received_per_week);
  s.received_before = received;
  return s.received_per_week;
}

/// How much to order. What the site only sells on and has given up selling, it buys for open
/// orders.
double Buyer::quantity(const State& s, const policy::InventoryState& state) const {
  const OrderDesk* desk = s.own_desk;
  if (desk && !s.is_used && context_.terms.is_closed(desk->id(), context_.now())) {
    const double open = meant(*desk, s.stock);
    return std::max(0.0, std::ceil(open - 1e-6) - state.on_hand - state.pipeline);
  }
  return policy::replenishment_quantity<told_of_input>(s.terms->replenish, state, s.forecast);
}

/// When it may order again: after a review, or after as long as since the last order.
sim::Time Buyer::next_order(const State& s, double weeks) const {
  const sim::Time now = context_.now();
  const sim::Duration review = sim::days_to_duration(7 * weeks);
  return now + (s.ordered_at ? std::max(review, now - *s.ordered_at) : review);
}

/// Fills the quotes of the sellers, and adds up what they say by their weights.
Buyer::Outlook Buyer::look_at(const State& s, const Planner& planner, double weeks) {
  quotes_.clear();
  Outlook seen{};
  for (const Source& source : s.sources) {
    const trade::Channel& channel = *source.channel;
    policy::Quote quote{context_.terms.weight(channel.id(), context_.now()),
                        channel.way_weeks() + source.seller->quoted_weeks(),
                        channel.committed().count()};
    quote.tie = source.tie;
    if (quote.committed > 0) quote.last_call = channel.last_call(next_order(s, weeks)).count();
    quotes_.push_back(quote);
    seen.weight += quote.weight;
    seen.on_agreements += static_cast<double>(quote.committed);
    seen.on_order += to_double(channel.on_order());
    seen.owed += to_double(channel.open());
  }
  const bool able = seen.is_able();
  double lead = 0;  // where all is bought on agreements, by what they say
  for (const policy::Quote& quote : quotes_) {
    const double weight = seen.weight > 0 ? quote.weight : static_cast<double>(quote.committed);
    lead += weight * quote.lead_weeks;
  }
  seen.lead_weeks = able ? lead / (seen.weight > 0 ? seen.weight : seen.on_agreements)
                         : std::numeric_limits<double>::infinity();
  seen.lacking = backlog(s, planner, able ? seen.lead_weeks : 0, weeks);
  return seen;
}

void Buyer::place_order(State& s, const Outlook& seen, const Planner& planner, double weeks) {
  if (!seen.is_able()) return;  // no seller is qualified yet
  if (context_.pauses.holds(s.site, Activity::orders)) return;
  const double on_order = seen.on_order - (s.excess ? to_double(s.excess->pieces()) : 0);

  const double on_hand = to_double(context_.inventory.on_hand(s.stock));
  const policy::InventoryState state{.on_hand = on_hand - planner.part_used(s.stock),
                                     .pipeline = on_order,
                                     .backlog = seen.lacking,
                                     .lead_weeks = seen.lead_weeks,
                                     .review_weeks = weeks,
                                     .downstream = s.downstream ? s.downstream->pieces() : 0};
  // a part of a piece is bought as a whole one: less would leave somebody waiting for ever
  double wanted = std::ceil(quantity(s, state) - 1e-6);
  const double lot = to_double(policy::lot_of(s.terms->replenish));
  std::optional<Pieces> left;  // room, beside all that is there and on order
  if (const auto& room = s.stock_terms->room_pieces) {
    const double pieces = std::max(0.0, to_double(*room) - on_hand - seen.on_order);
    if (pieces < wanted) wanted = lot * std::floor(pieces / lot);  // whole lots or none
    left = Pieces{sim::to_whole(pieces)};
  }
  const bool freely = seen.weight > 0;
  if (!freely) wanted = std::min(wanted, seen.on_agreements);
  const Pieces needed{sim::to_whole(wanted)};
  const auto split = [&](Pieces pieces) {
    return policy::split_order(pieces.count(), quotes_, s.terms->lead_time_elasticity, s.owed,
                               sim::to_whole(lot));
  };
  const auto parts = s.excess && freely ? s.excess->order_for(needed, left, split) : split(needed);
  for (std::size_t c = 0; c < parts.size(); ++c) {
    s.sources[c].channel->order(Pieces{parts[c]});
    if (parts[c] > 0) s.ordered_at = context_.now();
  }
  if (s.own_desk) sold_on_.push_back({s.own_desk, {on_order + to_double(needed), seen.lead_weeks}});
}

}  // namespace optichain::models::agents
