#pragma once
// What a sweep keeps of each run: figures and series that are chosen by their names.

#include <string>
#include <vector>

#include "models/study/load.hpp"
#include "models/world/results.hpp"
#include "sim/output/json.hpp"

namespace optichain::models::sweep {

struct MetricSelection {
  struct Figure {
    measures::FigureName name;
    std::string unit;
  };
  struct Curve {
    measures::SeriesName name;
    std::string unit;
  };
  std::vector<Figure> figures;
  std::vector<Curve> series;
  std::vector<sim::Time> weeks;  // of the series, if there are any

  /// True if the most that could be delivered has to be worked out for each point.
  bool needs_bound() const;
  /// The figures of a run in their order; NaN for what it does not report.
  std::vector<double> values(const world::Results& results) const;
  sim::Json json() const;
  /// Throws Json::exception for anything that json() does not give.
  static MetricSelection from_json(const sim::Json& json);
};

/// The figures and series that a study asks for, of those that a run of its scenario reports. (That
/// there are such measures was checked when the study was read.) Throws InputError for what no
/// entity of the scenario reports in its time.
MetricSelection select_metrics(const study::LoadedStudy& loaded, const world::Results& results);

}  // namespace optichain::models::sweep
