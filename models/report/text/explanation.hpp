#pragma once
// Root causes for people: a table by year, and a tree from the unmet pieces back to what bound
// them.

#include <string>

#include "models/causes/tree.hpp"
#include "models/run/traces.hpp"
#include "sim/output/table.hpp"

namespace optichain::models::report {

struct ExplanationOptions {
  std::string period = "all";  // of the tree
  bool by_site = false;        // the tree by stock points instead of items
  double least = causes::least_share;
  bool colour = false;
};

/// A row for each root cause: kind, item, place, and mean pieces in each period.
sim::Table cause_table(const run::StoredTraces& traces);

/// The table by kind and item, then the tree. Requires a period of the traces.
std::string explanation(const run::StoredTraces& traces, const ExplanationOptions& options);

/// A row of a tree for people: what it is, and its pieces and share.
std::string row_name(const causes::TreeRow& row);
std::string row_amount(const causes::TreeRow& row);

/// Causes, traces and trees with every digit.
sim::Json explanation_json(const run::StoredTraces& traces);

}  // namespace optichain::models::report
