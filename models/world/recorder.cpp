#include "models/world/recorder.hpp"

#include <utility>

namespace optichain::models::world {

Recorder::Recorder(Assembly& world)
    : world_(world),
      audit_(world),
      tracer_({world.catalog, world.real, world.terms, world.graph, world.inventory, world.channels,
               world.desks, world.sites, world.customers},
              world.meters),
      demanded_before_(world.catalog.demands.size(), 0),
      need_carry_(world.catalog.stocks.size()) {
  for (const auto& demand : world.catalog.demands) {
    demanded_.push_back(
        world.meters.of(measures::of(measures::Group::demands, demand.name))("demanded"));
  }
  for (const auto& recipe : world.catalog.recipes) {
    started_.push_back(
        world.meters.of(measures::of(measures::Group::recipes, recipe.name))("started"));
  }
}

void Recorder::begin_periods() {
  quarters_ = sim::quarters_between(world_.catalog.start(), world_.catalog.end());
  for (std::size_t q = 0; q < quarters_.size(); ++q) {
    world_.kernel.at(
        quarters_[q].begin, state::phase::closing, [this, q] { close_period(q); }, &name_);
  }
}

void Recorder::begin_plans() {
  if (world_.plans.is_used()) update_plans();
}

void Recorder::begin_weeks() {
  trace_reviews(world_.catalog.start());
}

void Recorder::finish() {
  end_week(world_.catalog.end());
  close_books(world_.catalog.end());
}

void Recorder::close_period(std::size_t quarter) {
  close_books(world_.kernel.now());
  if (quarter == 0) world_.meters.mark_week(world_.kernel.now());  // the base of the first week
}

/// Brings all figures up to a time and marks it as the end of a period.
void Recorder::close_books(sim::Time time) {
  charge(time);
  sample_lines();
  sample_money(time);
  look_at_channels(time);
  record_needs();
  world_.lost_margins->value_open(time);
  tracer_.trace(world_.kernel.now());
  tracer_.mark_period();
  world_.meters.mark_period(time);
  waits_.mark(world_, time);
}

/// Traces what was found at the reviews of an instant, and puts down when its week ends.
void Recorder::trace_reviews(sim::Time time) {
  const sim::Time next = time + sim::days_to_duration(world_.catalog.scenario.review_days);
  world_.kernel.at(
      time, state::phase::recording, [this, time] { tracer_.trace(time); }, &name_);
  if (next >= world_.catalog.end()) return;
  world_.kernel.at(
      next - sim::Duration{1}, state::phase::ending,
      [this, next] {
        end_week(next);
        trace_reviews(next);
      },
      &name_);
}

/// Ends a week of the series, at its last instant: nothing of what changes when the next one begins
/// counts. Holds the books against the agents.
void Recorder::end_week(sim::Time next) {
  const sim::Time now = next - sim::Duration{1};
  charge(now);
  look_at_channels(now);
  sample_lines();
  sample_money(now);
  record_needs();
  world_.meters.mark_week(next);
  audit_.hold();
}

/// Charges all that is integrated over time.
void Recorder::charge(sim::Time until) {
  world_.line_costs->charge(until);
  for (const auto& site : world_.sites) site->charge_until(until);
}

/// Records what is owed along channels and what was withdrawn. All that is asked of a channel is
/// asked at once: in large networks each look at it has to be fetched from memory.
void Recorder::look_at_channels(sim::Time now) {
  backlogs_.assign(world_.desks.size(), Pieces{0});
  audit_.begin_channels();
  for (const auto& channel : world_.channels) {
    world_.meters.set(channel->meters().backlog, channel->not_shipped().count(), now);
    backlogs_[channel->offer().index()] += channel->open();
    audit_.see(*channel);
    world_.lost_margins->note_withdrawn(*channel);
  }
  for (std::size_t o = 0; o < world_.desks.size(); ++o) world_.desks[o]->record(backlogs_[o], now);
  for (std::size_t d = 0; d < world_.sampled.backlog.size(); ++d) {
    Pieces open = world_.waiting(DemandId{d});
    for (const ChannelId c : world_.catalog.demands[d].channels) {
      open += world_.channels[c.index()]->not_shipped();
    }
    world_.meters.set(world_.sampled.backlog[d], open.count(), now);
    world_.lost_margins->note_given_up(DemandId{d});
  }
}

void Recorder::sample_lines() {
  const sim::Time now = world_.kernel.now();
  for (std::size_t l = 0; l < world_.lines.size(); ++l) {
    world_.meters.set(world_.sampled.lines[l].done,
                      sim::to_whole(world_.lines[l]->work_done() * 1e3), now);
    world_.meters.set(world_.sampled.lines[l].possible,
                      sim::to_whole(world_.lines[l]->work_possible() * 1e3), now);
  }
}

void Recorder::sample_money(sim::Time now) {
  for (std::size_t p = 0; p < world_.sampled.parties.size(); ++p) {
    const PartyId party{p};
    world_.meters.set(world_.sampled.parties[p].cash, world_.ledger.cash(party).count(), now);
    world_.meters.set(world_.sampled.parties[p].receivable,
                      world_.accounts.receivable(party).count(), now);
    world_.meters.set(world_.sampled.parties[p].payable, world_.accounts.payable(party).count(),
                      now);
  }
}

/// What the demand since the last record needs of every stock point.
void Recorder::record_needs() {
  std::vector<double> demand(demanded_.size());
  for (std::size_t d = 0; d < demanded_.size(); ++d) {
    const std::int64_t total = world_.meters.total(demanded_[d]);
    demand[d] = static_cast<double>(total - demanded_before_[d]);
    demanded_before_[d] = total;
  }
  const auto needs = world_.explosion.needs(world_.kernel.now(), demand, pieces_started());
  for (std::size_t s = 0; s < needs.size(); ++s) {
    if (needs[s] > 0) world_.meters.add(world_.sampled.needed[s], need_carry_[s].take(needs[s]));
  }
}

std::vector<double> Recorder::pieces_started() const {
  std::vector<double> started(started_.size());
  for (std::size_t r = 0; r < started_.size(); ++r) {
    started[r] = static_cast<double>(world_.meters.total(started_[r]));
  }
  return started;
}

void Recorder::update_plans() {
  world_.plans.update(world_.kernel.now(), pieces_started());
  world_.kernel.at(
      world_.kernel.now() + sim::one_week, state::phase::closing, [this] { update_plans(); },
      &name_);
}

}  // namespace optichain::models::world
