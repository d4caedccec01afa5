#pragma once
// What a run is judged by: the formula of every measure, of what was counted.

#include <vector>

#include "models/books/meters.hpp"
#include "models/catalog/catalog.hpp"
#include "models/world/report_periods.hpp"
#include "models/world/results.hpp"
#include "models/world/waits.hpp"

namespace optichain::models::world {

/// The key figures of these periods. What every measure means is said in models/measures.
std::vector<Metric> key_figures(const Catalog& catalog, const books::Meters& meters,
                                const Waits& waits, const std::vector<ReportPeriod>& periods);

}  // namespace optichain::models::world
