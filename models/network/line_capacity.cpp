#include "models/network/line_capacity.hpp"

#include <algorithm>
#include <utility>

namespace optichain::models::network {
namespace {

using sim::PiecewiseLinear;

bool acts_on(const Catalog::ProgramEntry& program, LineId line) {
  return std::find(program.lines.begin(), program.lines.end(), line) != program.lines.end();
}

/// What expansions by rule may add to a line from the beginning on, in work per second.
double highest_addition(const Catalog& catalog, const state::Realisation& real, LineId line) {
  double per_week = 0;
  for (std::size_t p = 0; p < catalog.programs.size(); ++p) {
    const auto* expansion = std::get_if<Expansion>(catalog.programs[p].program);
    if (!expansion || !expansion->when || !acts_on(catalog.programs[p], line)) continue;
    const double once = real.program_adds[p] ? real.program_adds[p]->highest()
                                             : expansion->adds_share.value_or(0) *
                                                   real.line_capacity[line.index()].highest();
    per_week += static_cast<double>(expansion->when->pace.at_most) * once;
  }
  return per_week / sim::seconds_per_week;
}

/// By line, the lines whose capacity may get to it by conversions, itself included.
std::vector<std::vector<bool>> origins(const Catalog& catalog) {
  const std::size_t count = catalog.lines.size();
  std::vector<std::vector<bool>> from(count, std::vector<bool>(count, false));
  for (std::size_t l = 0; l < count; ++l) from[l][l] = true;
  for (bool changed = true; changed;) {
    changed = false;
    const auto flows = [&](LineId source, LineId target) {
      for (std::size_t l = 0; l < count; ++l) {
        if (!from[source.index()][l] || from[target.index()][l]) continue;
        from[target.index()][l] = changed = true;
      }
    };
    for (const auto& program : catalog.programs) {
      const auto* conversion = std::get_if<Conversion>(program.program);
      if (!conversion) continue;
      flows(program.lines[0], program.lines[1]);
      if (conversion->back) flows(program.lines[1], program.lines[0]);
    }
  }
  return from;
}

}  // namespace

void LinePlan::add(Addition addition) {
  const auto next = std::find_if(to_come.begin(), to_come.end(), [&](const Addition& other) {
    return other.program.index() > addition.program.index();
  });
  to_come.insert(next, std::move(addition));
}

void LinePlan::decide_until(sim::Time time) {
  for (const Addition& addition : to_come) {
    if (addition.decided <= time) capacity = sim::sum(capacity, addition.capacity);
  }
  std::erase_if(to_come, [&](const Addition& addition) { return addition.decided <= time; });
}

PiecewiseLinear LinePlan::available() const {
  PiecewiseLinear all = capacity;
  for (const Addition& addition : to_come) all = sim::sum(all, addition.capacity);
  return sim::with_outages(all, outages);
}

std::optional<LinePlan::Addition> dated_addition(const Catalog& catalog,
                                                 const state::Realisation& real, ProgramId id) {
  const auto& dated = real.expansions[id.index()];
  if (!dated) return std::nullopt;
  const sim::Time decided{*std::get<Expansion>(*catalog[id].program).decided};
  return LinePlan::Addition{
      id, decided, sim::ramp(dated->begin, dated->full, dated->per_week / sim::seconds_per_week)};
}

LinePlan line_plan(const Catalog& catalog, const state::Realisation& real, LineId line) {
  LinePlan plan{real.line_capacity[line.index()].scaled(1 / sim::seconds_per_week).graph(), {}, {}};
  for (const auto& [name, o] : catalog[line].line->outages) {
    plan.outages.push_back({o.from, o.until.date + std::chrono::days{1}, o.left});
  }
  for (std::size_t p = 0; p < catalog.programs.size(); ++p) {
    if (!acts_on(catalog.programs[p], line)) continue;
    if (auto addition = dated_addition(catalog, real, ProgramId{p})) plan.add(std::move(*addition));
    const auto* exit = std::get_if<SupplierExit>(catalog.programs[p].program);
    if (exit && !exit->honours_orders) plan.outages.push_back({exit->date, never, 0});
  }
  return plan;
}

std::vector<PiecewiseLinear> line_capacities(const Catalog& catalog,
                                             const state::Realisation& real) {
  std::vector<PiecewiseLinear> capacities;
  for (std::size_t l = 0; l < catalog.lines.size(); ++l) {
    capacities.push_back(line_plan(catalog, real, LineId{l}).available());
  }
  return capacities;
}

std::vector<PiecewiseLinear> highest_line_capacities(const Catalog& catalog,
                                                     const state::Realisation& real) {
  if (catalog.programs.empty()) return line_capacities(catalog, real);
  std::vector<LinePlan> plans;
  for (std::size_t l = 0; l < catalog.lines.size(); ++l) {
    plans.push_back(line_plan(catalog, real, LineId{l}));
    plans[l].decide_until(sim::Time::max());
    const double more = highest_addition(catalog, real, LineId{l});
    if (more > 0) plans[l].capacity = sim::sum(plans[l].capacity, sim::Curve(more).graph());
  }
  const auto from = origins(catalog);
  std::vector<PiecewiseLinear> capacities;
  for (std::size_t l = 0; l < plans.size(); ++l) {
    LinePlan plan = plans[l];
    for (std::size_t other = 0; other < plans.size(); ++other) {
      if (other != l && from[l][other]) {
        plan.capacity = sim::sum(plan.capacity, plans[other].capacity);
      }
    }
    capacities.push_back(plan.available());
  }
  return capacities;
}

bool may_lose_capacity(const Catalog& catalog, LineId line) {
  return std::any_of(catalog.programs.begin(), catalog.programs.end(), [&](const auto& program) {
    const bool adds_only = std::holds_alternative<Expansion>(*program.program);
    return !adds_only && acts_on(program, line);
  });
}

}  // namespace optichain::models::network
