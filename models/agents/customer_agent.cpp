#include "models/agents/customer_agent.hpp"

#include "sim/base/distribution.hpp"

namespace optichain::models {

CustomerAgent::CustomerAgent(const Context& context, CustomerId id, std::vector<Want> wants)
    : context_(context), id_(id) {
  for (Want& want : wants) {
    const auto& entry = context.catalog[want.id];
    wants_.push_back({std::move(want), &entry, sim::Stream(context.run, entry.name, "demand"), 0,
                      Carry{}, context.meters.flow("demands." + entry.name, "demanded")});
  }
}

void CustomerAgent::live(sim::Agent& self) {
  const PartyId party = context_.catalog.party(id_);
  const sim::Duration every = context_.catalog.review_every(party);
  sim::Time next = context_.catalog.begin() + context_.catalog.review_offset(party);
  while (true) {
    self.wait_until(next, phase::orders_in);
    for (State& state : wants_) {
      lose_patience(state);
      order(state, every);
    }
    next += every;
  }
}

void CustomerAgent::lose_patience(const State& state) const {
  if (!state.entry->demand->patience_days) return;
  const sim::Time limit =
      context_.now() - sim::days_to_duration(*state.entry->demand->patience_days);
  for (Channel* channel : state.want.channels) channel->withdraw_ordered_before(limit);
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
  };
  return Pieces{std::visit(Visitor{state, now, mean, u}, state.entry->demand->variation)};
}

void CustomerAgent::order(State& state, sim::Duration every) {
  const Pieces wanted = draw_demand(state, every);
  context_.meters.add(state.demanded, wanted.count());
  std::vector<Quote>& quotes = quotes_;
  quotes.clear();
  for (std::size_t c = 0; c < state.want.channels.size(); ++c) {
    const Channel& channel = *state.want.channels[c];
    quotes.push_back({context_.conditions.weight(channel.id(), context_.now()),
                      channel.way_weeks() + state.want.sellers[c]->quoted_weeks(),
                      channel.committed().count()});
  }
  const auto parts = split_order(wanted.count(), quotes, state.entry->demand->lead_time_elasticity);
  for (std::size_t c = 0; c < parts.size(); ++c) {
    state.want.channels[c]->order(Pieces{parts[c]});
  }
}

}  // namespace optichain::models
