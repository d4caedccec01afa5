#include "models/agents/customer_agent.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "models/state/phase.hpp"
#include "sim/base/distribution.hpp"

namespace optichain::models::agents {
namespace {

/// The deviation of a period from that of the period before; the first is drawn from the law that
/// all have in the long run.
double next_deviation(const AutoregressiveVariation& law, std::optional<double> before, double u) {
  static const sim::Distribution standard_normal{sim::Law{sim::Normal{0, 1}}};
  const double innovation = law.sd_share * standard_normal.quantile(u);
  if (!before) return innovation;
  return law.rho * *before + std::sqrt(1 - law.rho * law.rho) * innovation;
}

bool comes_at_random(const Demand& demand) {
  return std::holds_alternative<PoissonProcess>(demand.variation);
}

/// Requires that it has an end.
sim::Duration patience(const Demand& demand) {
  return sim::days_to_duration(*demand.patience_days);
}

}  // namespace

CustomerAgent::CustomerAgent(const Context& context, CustomerId id, std::vector<Want> wants)
    : context_(context), id_(id) {
  for (Want& want : wants) {
    const auto& entry = context.catalog[want.id];
    State state{.want = std::move(want),
                .entry = &entry,
                .draws = sim::Stream(context.run, entry.name, "demand"),
                .carry = {},
                .demanded = context.meters.flow(measures::of(measures::Group::demands, entry.name),
                                                "demanded"),
                .given_up = context.meters.flow(measures::of(measures::Group::demands, entry.name),
                                                "given_up"),
                .deviation = {},
                .excess = {},
                .unplaced = {}};
    state.owed.assign(state.want.channels.size(), 0);
    for (trade::Channel* channel : state.want.channels) {
      channel->set_reorders(*this);
      state.ties.push_back(context.tie(context.catalog[channel->id()].name, "sellers"));
    }
    if (const auto& terms = entry.demand->over_ordering) {
      const std::vector<bool> at = over_orders_at(context.catalog, entry.channels, *terms);
      std::vector<ExcessOrders::Source> sources;
      for (std::size_t c = 0; c < at.size(); ++c) {
        sources.push_back({state.want.channels[c], at[c], state.ties[c]});
      }
      const double per_week = context.real.demand[state.want.id.index()].value(context.now());
      if (std::find(at.begin(), at.end(), true) != at.end()) {
        state.excess.emplace(context.meters, *terms, sources, per_week);
      }
    }
    wants_.push_back(std::move(state));
  }
  context.continuous_review.listen(context.catalog.party(id), *this);
}

void CustomerAgent::begin() {
  for (State& state : wants_) {
    if (comes_at_random(*state.entry->demand)) await_order(state);
    if (!state.entry->demand->patience_days) continue;
    for (const trade::Channel* channel : state.want.channels) {
      for (const InitialPieces& order : context_.catalog[channel->id()].source->initial_orders) {
        give_up_at(state, context_.now() + std::max(patience(*state.entry->demand),
                                                    sim::days_to_duration(order.in_days)));
      }
    }
  }
}

/// The next order of a Poisson process: between orders the number that is expected grows by an
/// exponential amount of mean 1, whatever the rate (Cinlar 1975). The clock of expected orders is
/// not rounded, so that whole seconds do not add up.
void CustomerAgent::await_order(State& state) {
  const auto& process = std::get<PoissonProcess>(state.entry->demand->variation);
  state.expected -= std::log1p(-state.draws.uniform_at(state.orders++));
  const sim::PiecewiseLinear& rate = context_.real.demand[state.want.id.index()].graph();
  const double wanted = state.expected * to_double(process.pieces_per_order);
  const double area = rate.cumulated(context_.catalog.begin()) + wanted * sim::seconds_per_week;
  const auto when = rate.when_cumulated(area);
  if (!when) return;  // nothing more is ever wanted
  context_.kernel.at(
      std::max(*when, context_.now()), state::phase::orders_in,
      [this, &state, pieces = process.pieces_per_order] {
        order(state, pieces);
        await_order(state);
      },
      &state.entry->name);
}

void CustomerAgent::live(sim::Agent& self) {
  const PartyId party = context_.catalog.party(id_);
  const sim::Duration every = context_.catalog.review_every(party);
  sim::Time next = context_.catalog.begin() + context_.catalog.review_offset(party);
  while (true) {
    self.wait_until(next, state::phase::orders_in);
    for (State& state : wants_) {
      if (state.excess) state.beyond_need += state.excess->review(sim::to_weeks(every));
      if (!comes_at_random(*state.entry->demand)) {
        order(state, draw_demand(state, every));
      } else if (state.waiting) {
        place_waiting(state);  // agreements may allow more than before
      }
    }
    next += every;
  }
}

void CustomerAgent::on_change() {
  for (State& state : wants_) {
    if (!state.waiting) continue;
    context_.kernel.at(
        context_.now(), state::phase::orders_in, [this, &state] { place_waiting(state); },
        &state.entry->name);
  }
}

bool CustomerAgent::reorder(ChannelId channel, sim::Time wanted, Pieces pieces) {
  State& state = wants_[context_.catalog[channel].demand.index() - wants_.front().want.id.index()];
  const Demand& demand = *state.entry->demand;
  if (demand.patience_days && wanted + patience(demand) <= context_.now()) return false;
  if (state.excess) {
    const auto& channels = state.want.channels;
    const auto from = std::find_if(channels.begin(), channels.end(),
                                   [&](const auto* other) { return other->id() == channel; });
    pieces = state.excess->take_back(**from, pieces);
    if (!pieces) return true;
  }
  const auto next = std::find_if(state.unplaced.begin(), state.unplaced.end(),
                                 [&](const Unplaced& other) { return other.wanted > wanted; });
  state.unplaced.insert(next, {wanted, pieces});
  change_waiting(state, pieces);
  context_.ledger.want_again(state.want.id, pieces);
  on_change();
  return true;
}

void CustomerAgent::change_waiting(State& state, Pieces change) const {
  state.waited = waited_so_far(state, context_.now());
  state.waited_until = context_.now();
  state.waiting += change;
}

/// Has what is not shipped given up when it is due. Several orders may be due at one instant.
void CustomerAgent::give_up_at(State& state, sim::Time due) {
  if (due == state.gives_up) return;
  state.gives_up = due;
  context_.kernel.at(
      due, state::phase::giving_up,
      [this, &state] {
        if (state.gives_up == context_.now()) state.gives_up = {};
        lose_patience(state);
      },
      &state.entry->name);
}

void CustomerAgent::lose_patience(State& state) const {
  const sim::Time limit = context_.now() - patience(*state.entry->demand);
  for (trade::Channel* channel : state.want.channels) channel->withdraw_ordered_before(limit);
  if (state.excess) state.excess->give_up_withdrawn();
  while (!state.unplaced.empty() && state.unplaced.front().wanted <= limit) {
    const Pieces pieces = state.unplaced.front().pieces;
    state.unplaced.pop_front();
    change_waiting(state, -pieces);
    context_.ledger.give_up(state.want.id, pieces);
    context_.meters.add(state.given_up, pieces.count());
  }
}

/// What is wanted until the next order.
Pieces CustomerAgent::draw_demand(State& state, sim::Duration every) {
  const sim::Time now = context_.now();
  const sim::Curve& curve = context_.real.demand[state.want.id.index()];
  const double mean = curve.integral(now, now + every) / sim::seconds_per_week;
  const double u = state.draws.uniform_at(state.orders++);

  struct Visitor {
    State& state;
    sim::Time now;
    double mean, u;
    std::int64_t operator()(const NoVariation&) const { return state.carry.take(mean); }
    std::int64_t operator()(const FactorVariation& v) const {
      return state.carry.take(mean * v.distribution.at(now, u));
    }
    std::int64_t operator()(const PoissonVariation&) const {
      if (mean <= 0) return 0;
      return sim::to_whole(sim::Distribution(sim::Law{sim::Poisson{mean}}).quantile(u));
    }
    std::int64_t operator()(const AutoregressiveVariation& v) const {
      state.deviation = next_deviation(v, state.deviation, u);
      return state.carry.take(mean * std::max(0.0, 1 + *state.deviation));
    }
    std::int64_t operator()(const PoissonProcess&) const { return 0; }
    std::int64_t operator()(const DemandTrace& v) const {
      const std::size_t next = state.orders - 1;
      if (next >= v.quantities.size()) return 0;
      return state.carry.take(v.quantities[next] * v.pieces_per_unit);
    }
  };
  return Pieces{std::visit(Visitor{state, now, mean, u}, state.entry->demand->variation)};
}

/// What is needed of what is wanted: less after more was shipped than was needed.
Pieces CustomerAgent::take_beyond_need(State& state, Pieces wanted) {
  const Pieces there = std::min(wanted, state.beyond_need);
  state.beyond_need -= there;
  return wanted - there;
}

/// Orders what is wanted now, and before that what waits for somebody to order from.
void CustomerAgent::order(State& state, Pieces wanted) {
  context_.meters.add(state.demanded, wanted.count());
  context_.ledger.want(state.want.id, wanted);
  const bool waits = !state.unplaced.empty();
  if (wanted || !waits) state.unplaced.push_back({context_.now(), wanted});
  change_waiting(state, wanted);
  place_waiting(state);
  const Demand& demand = *state.entry->demand;
  if (!demand.patience_days || state.unplaced.empty()) return;
  if (state.unplaced.back().wanted == context_.now()) {
    give_up_at(state, context_.now() + patience(demand));
  }
}

/// Fills the quotes; false if nobody may be ordered from now.
bool CustomerAgent::look_at_sellers(const State& state) {
  quotes_.clear();
  bool able = false;
  for (std::size_t c = 0; c < state.want.channels.size(); ++c) {
    const trade::Channel& channel = *state.want.channels[c];
    quotes_.push_back({context_.terms.weight(channel.id(), context_.now()),
                       channel.way_weeks() + state.want.sellers[c]->quoted_weeks(),
                       channel.committed().count()});
    quotes_.back().tie = state.ties[c];
    able = able || quotes_.back().weight > 0 || quotes_.back().committed > 0;
  }
  return able;
}

/// Orders by the quotes; returns how much of what is needed. Where all sellers can be ordered from
/// on agreements alone that is no more than these say. What a seller learns of only when patience
/// has ended is given up at once.
Pieces CustomerAgent::place(State& state, sim::Time wanted, Pieces needed) {
  Pieces on_agreements{0};
  bool freely = false;
  for (const policy::Quote& quote : quotes_) {
    freely = freely || quote.weight > 0;
    on_agreements += Pieces{quote.committed};
  }
  if (!freely) needed = std::min(needed, on_agreements);
  const Demand& demand = *state.entry->demand;
  const auto split = [&](Pieces pieces) {
    return policy::split_order(pieces.count(), quotes_, demand.lead_time_elasticity, state.owed);
  };
  std::vector<std::int64_t> parts;
  if (state.excess && freely) {
    parts = state.excess->order_for(take_beyond_need(state, needed), std::nullopt, split);
    const Pieces ordered{std::accumulate(parts.begin(), parts.end(), std::int64_t{0})};
    context_.ledger.order_beyond_need(state.want.id, ordered - needed);
  } else {
    parts = split(needed);
  }
  for (std::size_t c = 0; c < parts.size(); ++c) {
    if (parts[c] == 0) continue;
    trade::Channel& channel = *state.want.channels[c];
    channel.order(Pieces{parts[c]}, wanted);
    if (!demand.patience_days) continue;
    give_up_at(state, std::max(wanted + patience(demand), context_.now() + channel.order_delay()));
  }
  return needed;
}

/// Orders what waits, as far as somebody may be ordered from.
void CustomerAgent::place_waiting(State& state) {
  while (!state.unplaced.empty() && look_at_sellers(state)) {
    Unplaced& oldest = state.unplaced.front();
    const Pieces placed = place(state, oldest.wanted, oldest.pieces);
    change_waiting(state, -placed);
    oldest.pieces -= placed;
    if (!oldest.pieces) state.unplaced.pop_front();
  }
  while (!state.unplaced.empty() && !state.unplaced.back().pieces) state.unplaced.pop_back();
}

}  // namespace optichain::models::agents
