#include "models/report/graph_report.hpp"

#include "sim/base/check.hpp"

namespace optichain::models {
namespace {

/// The scenario as expected, and its structure at the start.
struct Expected {
  explicit Expected(const Catalog& catalog)
      : real(catalog),
        graph(catalog),
        structure(analyse_structure(catalog, real, graph, catalog.start())) {}
  std::optional<CapacityBound> bound(const Catalog& catalog) const {
    BoundOptions options;
    options.warm_up_orders = false;
    options.most_columns = quick_columns;
    try {
      return capacity_bound(catalog, real, graph, options);
    } catch (const sim::Error&) {
      return std::nullopt;
    }
  }
  Realisation real;
  FlowGraph graph;
  Structure structure;
};

}  // namespace

std::string graph_text(const Catalog& catalog) {
  const Expected e(catalog);
  return graph_text(catalog, e.structure, e.bound(catalog));
}

std::string graph_dot(const Catalog& catalog) {
  return graph_dot(catalog, Expected(catalog).structure);
}

std::string graph_json(const Catalog& catalog) {
  const Expected e(catalog);
  return graph_json(catalog, e.structure, e.bound(catalog));
}

}  // namespace optichain::models
