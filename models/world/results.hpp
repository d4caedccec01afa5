#pragma once
// What came of a run: key figures by name and period, weekly series, and the run's fingerprint.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/books/meters.hpp"
#include "models/catalog/catalog.hpp"
#include "models/causes/trace.hpp"

namespace optichain::models::world {

/// One measure of one entity, in all periods: `families.800g`, `fill_rate`.
struct Metric {
  std::string entity;
  std::string measure;
  std::string unit;
  /// By period of the results; NaN where the measure is not reported (details by quarter).
  std::vector<double> values;
};

/// `group.entity.measure.period`, e.g. `families.800g.fill_rate.2026`.
std::string metric_name(const Metric& metric, const std::string& period);

/// One measure of one entity, week by week: flows of the week, levels at its end.
struct Series {
  std::string entity;
  std::string measure;
  std::string unit;
  std::vector<double> values;
};

struct Results {
  std::vector<std::string> periods;  // quarters, then years, then `all`
  std::vector<Metric> metrics;       // in the order of entity and measure
  std::vector<sim::Time> weeks;
  std::vector<Series> series;
  std::vector<std::vector<causes::Trace>> traces;  // by period; none for quarters
  std::string fingerprint;
  std::uint64_t events = 0;   // callbacks of the agenda
  std::uint64_t wakeups = 0;  // agents let go on
};

/// Spans of time that key figures are given for, by the period marks that bound them.
struct ReportPeriod {
  std::string name;
  std::size_t from_mark;
  std::size_t to_mark;
  bool is_quarter;
};
/// Whether a period is a quarter, by its name: 2026Q3.
bool is_quarter(std::string_view period);
/// The quarters, the years and `all`, where mark i is the begin of quarter i.
std::vector<ReportPeriod> report_periods(const Catalog& catalog);

/// The key figures of these periods. What every measure means is said in models/world/README.md.
std::vector<Metric> key_figures(const Catalog& catalog, const books::Meters& meters,
                                const std::vector<ReportPeriod>& periods);

/// The weekly series of everything counted; series that stay zero are left out.
std::vector<Series> weekly_series(const books::Meters& meters);

}  // namespace optichain::models::world
