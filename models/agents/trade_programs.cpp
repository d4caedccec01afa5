#include "models/agents/trade_programs.hpp"

#include <algorithm>

#include "models/state/phase.hpp"

namespace optichain::models::agents {

void TradePrograms::schedule() {
  const auto& programs = context_.catalog.programs;
  for (std::size_t p = 0; p < programs.size(); ++p) {
    if (const auto* control = std::get_if<ExportControl>(programs[p].program)) {
      schedule(ProgramId{p}, control->from,
               control->until ? control->until->date + std::chrono::days{1} : never);
    } else if (const auto* exit = std::get_if<SupplierExit>(programs[p].program)) {
      schedule(ProgramId{p}, exit->date, never);
    }
  }
}

void TradePrograms::schedule(ProgramId program, sim::Time from, sim::Time until) {
  const std::string* name = &context_.catalog[program].name;
  if (until <= context_.now()) return;
  context_.kernel.at(
      std::max(from, context_.now()), state::phase::programs, [this, program] { begin(program); },
      name);
  if (until == never) return;
  context_.kernel.at(
      until, state::phase::programs,
      [this, program] { context_.meters.set(meters_[program.index()].down, 0, context_.now()); },
      name);
}

void TradePrograms::begin(ProgramId program) {
  const sim::Time now = context_.now();
  context_.meters.add(meters_[program.index()].strikes, 1);
  context_.meters.set(meters_[program.index()].down, 1, now);
  for (const ChannelId c : context_.catalog[program].channels) {
    if (context_.terms.refuses_orders(c, now)) {
      channels_[c.index()]->withdraw_for_program();
    }
  }
}

}  // namespace optichain::models::agents
