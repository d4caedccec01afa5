#pragma once
// What came of a run: key figures by name and period, weekly series, and the run's fingerprint.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/books/meters.hpp"
#include "models/catalog/catalog.hpp"
#include "models/causes/trace.hpp"
#include "models/measures/figure_name.hpp"

namespace optichain::models::world {

/// One measure of one entity, in all periods.
struct Metric {
  measures::Entity entity;
  std::string measure;  // with its part, if it has one: `share.eml_800g`
  std::string unit;
  /// By period of the results; NaN where the measure is not reported (details by quarter).
  std::vector<double> values;
};

/// `group.entity.measure.period`, e.g. `families.800g.fill_rate.2026`.
std::string metric_name(const Metric& metric, const std::string& period);

/// One measure of one entity, week by week: flows of the week, levels at its end.
struct Series {
  measures::Entity entity;
  std::string measure;
  std::string unit;
  std::vector<double> values;
};

struct Results {
  /// The value of a figure; NaN where it is not reported.
  double value(const measures::FigureName& name) const;
  /// The series of an entity and a measure; null where it is zero or not counted.
  const Series* series_of(const measures::SeriesName& name) const;

  std::vector<std::string> periods;  // quarters, then years, then `all`
  std::vector<Metric> metrics;       // in the order of entity and measure
  std::vector<sim::Time> weeks;      // the first day of each
  std::vector<Series> series;
  std::vector<std::vector<causes::Trace>> traces;  // by period; none for quarters
  std::string fingerprint;
  std::uint64_t events = 0;   // callbacks of the agenda
  std::uint64_t wakeups = 0;  // agents let go on
};

/// The weekly series of everything counted; series that stay zero are left out.
std::vector<Series> weekly_series(const books::Meters& meters);

}  // namespace optichain::models::world
