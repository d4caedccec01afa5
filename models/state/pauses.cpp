#include "models/state/pauses.hpp"

#include <algorithm>
#include <utility>

#include "models/state/phase.hpp"

namespace optichain::models::state {

Pauses::Pauses(const Catalog& catalog, sim::Kernel& kernel) : catalog_(catalog), kernel_(kernel) {
  const bool used = std::any_of(
      catalog.programs.begin(), catalog.programs.end(),
      [](const auto& program) { return std::holds_alternative<Disruption>(*program.program); });
  if (!used) return;
  states_.resize(catalog.sites.size());
  channels_.resize(catalog.channels.size(), 0);
}

sim::Duration Pauses::so_far(SiteId site, Activity activity) const {
  if (!are_used()) return sim::Duration{0};
  const State& state = at(site, activity);
  return state.before + (state.depth > 0 ? kernel_.now() - state.since : sim::Duration{0});
}

void Pauses::begin(SiteId site, Activity activity) {
  State& state = at(site, activity);
  if (state.depth++ == 0) state.since = kernel_.now();
}

void Pauses::end(SiteId site, Activity activity) {
  State& state = at(site, activity);
  if (--state.depth > 0) return;
  state.before += kernel_.now() - state.since;
  for (const sim::Callback& action : std::exchange(state.waiting, {})) {
    kernel_.at(kernel_.now(), phase::arrivals, action, &catalog_[site].name);
  }
}

void Pauses::when_over(SiteId site, Activity activity, sim::Callback action) {
  at(site, activity).waiting.push_back(action);
}

}  // namespace optichain::models::state
