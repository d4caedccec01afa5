#pragma once
// What lines can do: their curves, planned outages taken out, and programs.

#include <optional>
#include <vector>

#include "models/state/realisation.hpp"
#include "sim/kernel/calendar.hpp"

namespace optichain::models::network {

/// The capacity of a line in work per second, and what is taken out of it.
struct LinePlan {
  /// What an expansion adds that is known to be decided at a date.
  struct Addition {
    ProgramId program;
    sim::Time decided;
    sim::PiecewiseLinear capacity;
  };
  sim::PiecewiseLinear capacity;  // what there is and what has been decided
  std::vector<Addition> to_come;  // by program
  std::vector<sim::Outage> outages;

  void add(Addition addition);
  /// What was to come is decided up to a time: a conversion of that time moves its part of it.
  void decide_until(sim::Time time);
  /// With all that is to come. Where outages overlap, what they leave multiplies.
  sim::PiecewiseLinear available() const;
};

/// What an expansion adds if it is decided at a date and not dormant.
std::optional<LinePlan::Addition> dated_addition(const Catalog& catalog,
                                                 const state::Realisation& real, ProgramId program);

/// What is certain of a line from the beginning: its curve, the expansions that are decided at a
/// date, planned outages, and the end of a site that stops at a date.
LinePlan line_plan(const Catalog& catalog, const state::Realisation& real, LineId line);

/// Capacity of every line in work per second as far as it is certain, by LineId.
std::vector<sim::PiecewiseLinear> line_capacities(const Catalog& catalog,
                                                  const state::Realisation& real);

/// The most that every line may have in any run with these numbers: nothing breaks down, every
/// expansion by a rule is decided as often as it may be, from the beginning on, and what may be
/// converted is on all the lines that it may get to. By LineId.
std::vector<sim::PiecewiseLinear> highest_line_capacities(const Catalog& catalog,
                                                          const state::Realisation& real);

/// Whether a run may take capacity away from a line that `line_capacities` has: by a breakdown, a
/// conversion, or a site that stops when its last orders are served.
bool may_lose_capacity(const Catalog& catalog, LineId line);

}  // namespace optichain::models::network
