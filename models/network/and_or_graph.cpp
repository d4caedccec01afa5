#include "models/network/and_or_graph.hpp"

#include <algorithm>

#include <boost/dynamic_bitset.hpp>

#include "sim/base/check.hpp"

namespace optichain::models::network {
namespace {

using Labels = boost::dynamic_bitset<>;

/// The time of one way, and the need that makes it so; nothing if a need cannot be supplied.
std::optional<Fastest> time_of(const AndOrGraph::Way& way, const std::vector<Fastest>& known) {
  Fastest time{.days = 0, .way = {}, .slowest_need = {}};
  for (const std::size_t need : way.needs) {
    OPTICHAIN_CHECK(need < known.size(), "a need must be numbered before what needs it");
    if (!known[need].way) return std::nullopt;
    if (time.slowest_need && known[need].days <= time.days) continue;
    time.days = known[need].days;
    time.slowest_need = need;
  }
  time.days += way.days;
  return time;
}

}  // namespace

std::vector<Fastest> fastest(const AndOrGraph& graph) {
  std::vector<Fastest> known;
  known.reserve(graph.nodes.size());
  for (const AndOrGraph::Node& node : graph.nodes) {
    Fastest best;
    for (std::size_t w = 0; w < node.ways.size(); ++w) {
      const auto time = time_of(node.ways[w], known);
      if (!time || (best.way && time->days >= best.days)) continue;
      best = *time;
      best.way = w;
    }
    known.push_back(best);
  }
  return known;
}

std::vector<std::vector<std::size_t>> indispensable(const AndOrGraph& graph) {
  std::size_t labels = 0;
  for (const AndOrGraph::Node& node : graph.nodes) {
    if (node.label) labels = std::max(labels, *node.label + 1);
  }

  // A node that cannot be supplied falls with anything: all labels, the neutral element of the
  // intersection, so that its ways drop out by themselves.
  std::vector<Labels> falls_with;
  std::vector<std::vector<std::size_t>> lists;
  falls_with.reserve(graph.nodes.size());
  const std::vector<Fastest> supply = fastest(graph);
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    const AndOrGraph::Node& node = graph.nodes[n];
    Labels& all_ways = falls_with.emplace_back(labels);
    all_ways.set();
    lists.emplace_back();
    if (!supply[n].way) continue;
    for (const AndOrGraph::Way& way : node.ways) {
      Labels one_way(labels);
      for (const std::size_t need : way.needs) one_way |= falls_with[need];
      all_ways &= one_way;
    }
    if (node.label) all_ways.set(*node.label);
    for (std::size_t l = all_ways.find_first(); l != Labels::npos; l = all_ways.find_next(l)) {
      lists.back().push_back(l);
    }
  }
  return lists;
}

}  // namespace optichain::models::network
