#include "models/agents/disruptions.hpp"

#include <algorithm>

#include "models/state/phase.hpp"

namespace optichain::models::agents {

Disruptions::Disruptions(const Context& context, const std::vector<ProgramMeters>& meters)
    : context_(context), meters_(meters) {
  for (std::size_t p = 0; p < context.catalog.programs.size(); ++p) {
    const auto& entry = context.catalog.programs[p];
    if (!std::holds_alternative<Disruption>(*entry.program)) continue;
    states_.push_back(
        {ProgramId{p}, sim::Stream(context.run, "programs." + entry.name, "periods"), false});
  }
}

void Disruptions::schedule() {
  const sim::Time now = context_.now();
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const auto* dated = std::get_if<DatedDisruption>(&disruption(states_[i]).when);
    if (!dated) {
      step(i);
      continue;
    }
    sim::Time from = dated->from;
    const sim::Duration length = sim::days_to_duration(dated->days);
    if (from + length <= now) {
      if (!dated->every_days) continue;
      const sim::Duration every = sim::days_to_duration(*dated->every_days);
      from += every * ((now - from - length) / every + 1);
    }
    schedule_dated(i, from);
  }
}

/// What began before the simulation and lasts begins with it.
void Disruptions::schedule_dated(std::size_t i, sim::Time from) {
  const std::string* name = &context_.catalog[states_[i].program].name;
  context_.kernel.at(
      std::max(from, context_.now()), state::phase::programs,
      [this, i, from] {
        const auto& dated = std::get<DatedDisruption>(disruption(states_[i]).when);
        set(states_[i], true);
        context_.kernel.at(
            from + sim::days_to_duration(dated.days), state::phase::programs,
            [this, i] { set(states_[i], false); }, &context_.catalog[states_[i].program].name);
        if (dated.every_days) schedule_dated(i, from + sim::days_to_duration(*dated.every_days));
      },
      name);
}

/// The state of the coming period, drawn from that of the one before; before the first nothing is
/// disrupted.
void Disruptions::step(std::size_t i) {
  State& state = states_[i];
  const auto& law = std::get<MarkovDisruption>(disruption(state).when);
  const double u = state.draws.uniform();
  const bool holds = state.holds ? u >= law.ends : u < law.starts;
  if (holds != state.holds) set(state, holds);
  context_.kernel.at(
      context_.now() + sim::days_to_duration(law.every_days), state::phase::programs,
      [this, i] { step(i); }, &context_.catalog[state.program].name);
}

void Disruptions::set(State& state, bool holds) {
  state.holds = holds;
  const auto& meters = meters_[state.program.index()];
  context_.meters.set(meters.down, holds ? 1 : 0, context_.now());
  if (holds) context_.meters.add(meters.strikes, 1);
  if (disruption(state).is_of_channels())
    return set_channels(context_.catalog[state.program], holds);
  const SiteId site = context_.catalog[state.program].site;
  if (holds) return context_.pauses.begin(site, disruption(state).pauses);
  context_.pauses.end(site, disruption(state).pauses);
  context_.continuous_review.notify(site);
}

/// Who ships along a channel may go on when the pause ends.
void Disruptions::set_channels(const Catalog::ProgramEntry& program, bool holds) {
  for (const ChannelId channel : program.channels) {
    if (holds) {
      context_.pauses.begin(channel);
    } else {
      context_.pauses.end(channel);
      context_.continuous_review.notify(context_.catalog[context_.catalog[channel].offer].site);
    }
  }
}

}  // namespace optichain::models::agents
