#pragma once
// An AND-OR graph: a node is supplied in any one of its ways, and a way needs all of its inputs.
//
//   AndOrGraph graph;                                           // a plate needs a cup and one of
//   graph.nodes = {{.label = 0, .ways = {{}}},                  // two saucers:
//                  {.label = 1, .ways = {{}}},
//                  {.label = 2, .ways = {{}}},
//                  {.label = 3, .ways = {{{0, 1}, 5.0}, {{0, 2}, 7.0}}}};
//   fastest(graph)[3].days;                                     // 5
//   Indispensable(graph).of(3);                                 // {0, 3}
//
// Such a graph is a directed hypergraph with one head per arc (Gallo, Longo, Pallottino and Nguyen,
// "Directed hypergraphs and applications", Discrete Applied Mathematics 42, 1993). Here it has no
// cycle, and nodes are numbered so that what is needed comes before what needs it; one pass in that
// order is then enough for every question, because each node's answer follows from its needs'.

#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

#include "models/network/label_sets.hpp"

namespace optichain::models::network {

struct AndOrGraph {
  /// One way of supplying a node: all the nodes it needs, and the days it takes from then on.
  struct Way {
    std::vector<std::size_t> needs;
    double days = 0;
  };
  /// A node without a way is never supplied; a way without needs always works.
  struct Node {
    std::optional<std::size_t> label;  // what fails as one: nodes may share it; nothing never fails
    std::vector<Way> ways;
  };
  std::vector<Node> nodes;
};

/// How a node is supplied soonest if nothing is there.
struct Fastest {
  double days = std::numeric_limits<double>::infinity();
  std::optional<std::size_t> way;           // nothing if the node cannot be supplied at all
  std::optional<std::size_t> slowest_need;  // the node that this way waits for longest, if any
};

/// For each node: the days until its needs are there, which is the maximum over the needs of a way
/// and the minimum over ways, plus the days of the way; the first of equals is taken. For one way
/// per node this is the critical path method (Kelley and Walker 1959); for one need per way the
/// shortest path; together it is the minimum of a superior function over a grammar (Knuth, "A
/// generalization of Dijkstra's algorithm", Information Processing Letters 6, 1977).
/// Nodes that cannot be supplied are those outside the least fixpoint of "some way has all its
/// needs" (Dowling and Gallier, Journal of Logic Programming 1, 1984).
std::vector<Fastest> fastest(const AndOrGraph& graph);

/// Of each node the labels without which it cannot be supplied: if all nodes of one of them failed,
/// this one would too. None where the node cannot be supplied anyway.
///
/// A node falls with its own label or when every way falls, and a way falls when any need falls. So
/// indispensable(node) = own label + intersection over ways of the union over needs. Where every
/// way has one need these are the dominators from a source before all nodes without needs (Lengauer
/// and Tarjan 1979; the equations are those of Allen and Cocke 1972).
///
/// What a node falls with is mostly what its needs fall with, which is kept once: n nodes in a row
/// take n log n, though the last falls with all n.
class Indispensable {
 public:
  explicit Indispensable(const AndOrGraph& graph);
  /// Ascending.
  std::vector<std::size_t> of(std::size_t node) const { return sets_.labels(falls_with_[node]); }

 private:
  LabelSets sets_;
  std::vector<LabelSets::Set> falls_with_;  // by node
};

}  // namespace optichain::models::network
