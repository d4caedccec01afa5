#include "models/network/flow_graph.hpp"

#include <algorithm>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/depth_first_search.hpp>
#include <boost/graph/topological_sort.hpp>

namespace optichain::models::network {
namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;

/// Remembers the way of the search and keeps the first cycle it closes.
struct CycleFinder : boost::default_dfs_visitor {
  std::vector<StockId>& cycle;
  std::vector<std::size_t>& way;
  CycleFinder(std::vector<StockId>& found, std::vector<std::size_t>& stack)
      : cycle(found), way(stack) {}
  void discover_vertex(std::size_t v, const Graph&) { way.push_back(v); }
  void finish_vertex(std::size_t, const Graph&) { way.pop_back(); }
  void back_edge(Graph::edge_descriptor e, const Graph& g) {
    if (!cycle.empty()) return;
    const auto first = std::find(way.begin(), way.end(), boost::target(e, g));
    for (auto v = first; v != way.end(); ++v) cycle.emplace_back(*v);
  }
};

}  // namespace

FlowGraph::FlowGraph(const Catalog& catalog) {
  for (const auto& r : catalog.recipes) {
    for (const auto& input : r.inputs) arcs.push_back({input.stock, r.output});
  }
  for (const auto& c : catalog.channels) {
    if (!c.purchase.valid()) continue;
    const StockId to = catalog[c.purchase].stock;
    for (const auto& v : catalog[c.offer].variants) {
      if (catalog[v.stock].item == catalog[to].item) arcs.push_back({v.stock, to});
    }
  }

  Graph graph(catalog.stocks.size());
  for (const Arc& arc : arcs) boost::add_edge(arc.from.index(), arc.to.index(), graph);
  std::vector<StockId> found;
  std::vector<std::size_t> way;
  boost::depth_first_search(graph, boost::visitor(CycleFinder(found, way)));
  if (!found.empty()) {
    cycle = std::move(found);
    return;
  }
  std::vector<std::size_t> sorted;
  boost::topological_sort(graph, std::back_inserter(sorted));  // gives the reverse order
  for (auto v = sorted.rbegin(); v != sorted.rend(); ++v) order.emplace_back(*v);
}

}  // namespace optichain::models::network
