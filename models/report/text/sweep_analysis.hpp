#pragma once
// What a sweep says, as tables; all from its store, none needs a run.

#include <optional>
#include <string>

#include "models/sweep/results.hpp"
#include "sim/output/table.hpp"

namespace optichain::models::report {

/// The metric at each value of each factor, or in each fifth of its range, over everything else.
sim::Table response_table(const sweep::SweepResults& results, const std::string& metric);

/// Factors by their swing: how the metric differs between the lowest and the highest setting of
/// each when it alone is varied (effects.hpp), with a 95 % interval, and what one per cent more of
/// it buys at that rate. Factors of which too few points say anything are named below instead.
sim::Table tornado_table(const sweep::SweepResults& results, const std::string& metric);
/// The same of outcomes that are worked out from several metrics.
sim::Table tornado_table(const sweep::SweepResults& results, const sim::MeasureRow& metric,
                         const sim::OutcomeTable& outcomes);

/// Sobol' indices with bootstrap intervals, for each policy; nothing unless the uncertainties'
/// design was made for them and every run is there.
std::optional<sim::Table> sobol_table(const sweep::SweepResults& results,
                                      const std::string& metric);

/// Regret of each policy over futures; nothing unless there are several policies.
std::optional<sim::Table> regret_table(const sweep::SweepResults& results,
                                       const std::string& metric, sim::Better better);

/// For each policy the share of futures in which each constraint, and all together, hold; nothing
/// if there are none.
std::optional<sim::Table> robustness_table(const sweep::SweepResults& results);

/// For each constraint the box of settings in which it fails, with density, coverage and the number
/// of different futures that support it; no box where they are too few. Nothing if there are no
/// constraints.
std::optional<sim::Table> failure_box_table(const sweep::SweepResults& results);

}  // namespace optichain::models::report
