#pragma once
// What came of a run: key figures by name and period, weekly series, and the run's fingerprint.

#include <cstdint>
#include <string>
#include <vector>

#include "models/books/meters.hpp"
#include "models/catalog/catalog.hpp"

namespace optichain::models {

/// `group.entity.measure.period`, e.g. `families.800g.fill_rate.2026`.
struct Metric {
  std::string entity;  // group.entity
  std::string measure;
  std::string period;  // a year, a quarter or `all`
  std::string unit;
  double value = 0;
  std::string name() const { return entity + "." + measure + "." + period; }
};

/// One measure of one entity, week by week: flows of the week, levels at its end.
struct Series {
  std::string entity;
  std::string measure;
  std::string unit;
  std::vector<float> values;
};

struct Results {
  std::vector<Metric> metrics;  // in the order of name()
  std::vector<sim::Time> weeks;
  std::vector<Series> series;
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
/// The quarters, the years and `all`, where mark i is the begin of quarter i.
std::vector<ReportPeriod> report_periods(const Catalog& catalog);

/// The key figures of all periods. What every measure means is said in models/world/README.md.
std::vector<Metric> key_figures(const Catalog& catalog, const Meters& meters);

/// The weekly series of everything counted; series that stay zero are left out.
std::vector<Series> weekly_series(const Meters& meters);

}  // namespace optichain::models
