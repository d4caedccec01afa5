#include "models/report/graph/graph_report.hpp"

#include "sim/base/check.hpp"

namespace optichain::models::report {
namespace {

/// The scenario as expected, and its structure at the start.
struct Expected {
  explicit Expected(const Catalog& catalog)
      : real(catalog),
        graph(catalog),
        structure(network::analyse_structure(catalog, real, graph, catalog.start())) {}
  std::optional<network::CapacityBound> bound(const Catalog& catalog) const {
    network::BoundOptions options;
    options.warm_up_orders = false;
    options.most_columns = network::quick_columns;
    try {
      return network::capacity_bound(catalog, real, graph, options);
    } catch (const sim::Error&) {
      return std::nullopt;
    }
  }
  state::Realisation real;
  network::FlowGraph graph;
  network::Structure structure;
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

}  // namespace optichain::models::report
