#include "models/network/and_or_graph.hpp"

#include <algorithm>

#include "sim/base/check.hpp"

namespace optichain::models::network {
namespace {

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

bool can_be_gone(const AndOrGraph::Way& way, const std::vector<Fastest>& supply) {
  return std::all_of(way.needs.begin(), way.needs.end(),
                     [&](std::size_t need) { return supply[need].way.has_value(); });
}

std::size_t label_count(const AndOrGraph& graph) {
  std::size_t count = 0;
  for (const AndOrGraph::Node& node : graph.nodes) {
    if (node.label) count = std::max(count, *node.label + 1);
  }
  return count;
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

Indispensable::Indispensable(const AndOrGraph& graph) : sets_(label_count(graph)) {
  falls_with_.reserve(graph.nodes.size());
  const std::vector<Fastest> supply = fastest(graph);
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    const AndOrGraph::Node& node = graph.nodes[n];
    LabelSets::Set all_ways = LabelSets::none;
    bool is_first = true;
    for (const AndOrGraph::Way& way : node.ways) {
      // a way that cannot be gone falls with anything, and says nothing of the others
      if (!supply[n].way || !can_be_gone(way, supply)) continue;
      LabelSets::Set one_way = LabelSets::none;
      for (const std::size_t need : way.needs) one_way = sets_.either(one_way, falls_with_[need]);
      all_ways = is_first ? one_way : sets_.both(all_ways, one_way);
      is_first = false;
    }
    if (supply[n].way && node.label) all_ways = sets_.with(all_ways, *node.label);
    falls_with_.push_back(all_ways);
  }
}

}  // namespace optichain::models::network
