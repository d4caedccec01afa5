#pragma once
// Root causes for people: a table by year, and a tree from the unmet pieces back to what bound
// them.

#include <string>

#include "models/run/traces.hpp"
#include "sim/output/table.hpp"

namespace optichain::models::report {

struct ExplanationOptions {
  std::string period = "all";  // of the tree
  bool by_site = false;        // the tree by stock points instead of items
  double least = 0.02;         // share of all unmet pieces below which parts are put together
  bool colour = false;
};

/// A row for each root cause: kind, item, place, and mean pieces in each period.
sim::Table cause_table(const run::StoredTraces& traces);

/// The table by kind and item, then the tree. Throws Error if there is no such period.
std::string explanation(const run::StoredTraces& traces, const ExplanationOptions& options);

/// Causes and traces with every digit.
sim::Json explanation_json(const run::StoredTraces& traces);

}  // namespace optichain::models::report
