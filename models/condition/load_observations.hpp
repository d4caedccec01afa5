#pragma once
// YAML -> observations: every expression and period.

#include <memory>
#include <string>
#include <vector>

#include "models/condition/observations.hpp"
#include "models/world/results.hpp"
#include "sim/base/expression.hpp"
#include "sim/base/time.hpp"
#include "sim/input/document.hpp"

namespace optichain::models::condition {

/// A figure of one series in one period.
struct LoadedFigure {
  std::string series, period;
  sim::Period time;
  double value = 0;
  double error = 0, discrepancy = 0;  // standard deviations of its logarithm
  std::optional<sim::Date> published;
  std::string unit;
  sim::Expression expression;
  std::string path;
  sim::Mark mark;
};

struct LoadedObservations {
  std::string file;
  sim::Document document;
  ObservationsText text;
  std::vector<LoadedFigure> figures;  // by end of their period, then by series
};

const sim::Schema& observations_schema();

/// True if a file is meant to hold observations.
bool are_observations(const std::string& file);

/// Reads a file of observations. Throws InputError with all that is wrong.
LoadedObservations load_observations(const std::string& file);

/// Throws InputError for metrics that a run does not report, of figures whose period has ended by
/// `end`.
void check_metrics(const LoadedObservations& observations, sim::Date end,
                   const world::Results& results);

}  // namespace optichain::models::condition
