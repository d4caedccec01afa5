#include <algorithm>
#include <cmath>
#include <csignal>
#include <set>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dominator_tree.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <malloc.h>

#include "models/network/and_or_graph.hpp"
#include "models/network/capacity_bound.hpp"
#include "models/network/label_sets.hpp"
#include "models/network/linear_program.hpp"
#include "models/network/structure.hpp"
#include "models/report/graph/graph_report.hpp"
#include "models/scenario/load.hpp"
#include "sim/base/random.hpp"
#include "sim/output/json.hpp"

namespace optichain::models {
namespace {

using doctest::Approx;
using Words = std::vector<std::string>;

/// A scenario from text with everything that is derived from it, and questions by name.
struct Network {
  explicit Network(const std::string& yaml, const Words& changes = {})
      : loaded(scenario::scenario_from_text(yaml, "t.yaml", changes)),
        catalog(loaded.scenario),
        real(catalog),
        graph(catalog) {}

  scenario::LoadedScenario loaded;
  Catalog catalog;
  state::Realisation real;
  network::FlowGraph graph;

  network::Structure structure() const {
    return network::analyse_structure(catalog, real, graph, catalog.start());
  }
  network::CapacityBound bound(const network::BoundOptions& options = {}) const {
    return network::capacity_bound(catalog, real, graph, options);
  }
  template <class Entries>
  static std::size_t find(const Entries& entries, const std::string& name) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (entries[i].name == name) return i;
    }
    FAIL("no " << name);
    return 0;
  }
  std::size_t stock(const std::string& name) const { return find(catalog.stocks, name); }
  std::size_t site(const std::string& name) const { return find(catalog.sites, name); }
  std::size_t line(const std::string& name) const { return find(catalog.lines, name); }
  std::size_t product(const std::string& name) const { return find(catalog.products, name); }
  std::size_t demand(const std::string& name) const { return find(catalog.demands, name); }
  Words names(const std::vector<SiteId>& sites) const {
    Words words;
    for (const SiteId s : sites) words.push_back(catalog[s].name);
    return words;
  }
  std::string chain(const network::Structure::DemandSupply& supply) const {
    std::string text;
    for (const auto& link : supply.chain) {
      text += fmt::format("{} {};", catalog[link.stock].name, link.days);
    }
    return text;
  }
};

bool near(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double x, double y) { return std::abs(x - y) <= 1e-6 * (1 + std::abs(y)); });
}

// --- AND-OR graphs ------------------------------------------------------------------------------

TEST_CASE("AND-OR graph: a way waits for its slowest need, a node takes its fastest way") {
  // plate 3 = (cup 0 and saucer 1) in 5 more days, or (cup 0 and saucer 2) in 1 more day
  network::AndOrGraph graph;
  graph.nodes = {
      {.label = 0, .ways = {{{}, 2.0}}}, {.label = 1, .ways = {{{}, 1.0}}},
      {.label = 2, .ways = {{{}, 9.0}}}, {.label = 3, .ways = {{{0, 1}, 5.0}, {{0, 2}, 1.0}}},
      {.label = 4, .ways = {}},          {.label = 5, .ways = {{{3, 4}, 0.0}}}};
  const auto supply = network::fastest(graph);
  CHECK(supply[3].days == 7);  // max(2, 1) + 5, against max(2, 9) + 1
  CHECK(supply[3].way == 0);
  CHECK(supply[3].slowest_need == 0);
  CHECK_FALSE(supply[4].way);  // no way at all
  CHECK_FALSE(supply[5].way);  // needs what has no way
  const network::Indispensable needs(graph);
  CHECK(needs.of(3) == std::vector<std::size_t>{0, 3});  // either saucer will do
  CHECK(needs.of(5).empty());
}

/// Bytes that were asked for and not given back.
std::size_t bytes_held() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

TEST_CASE("AND-OR graph: what nodes in a row fall with takes room in proportion to their number") {
  const auto bytes_a_node = [](std::size_t size) {
    network::AndOrGraph row;
    for (std::size_t n = 0; n < size; ++n) {
      network::AndOrGraph::Node node{.label = n, .ways = {{{}, 1.0}}};
      if (n > 0) node.ways[0].needs.push_back(n - 1);
      row.nodes.push_back(std::move(node));
    }
    const std::size_t before = bytes_held();
    const network::Indispensable needs(row);
    const std::size_t after = bytes_held();
    CHECK(needs.of(size - 1).size() == size);
    CHECK(needs.of(size / 2).size() == size / 2 + 1);
    return (after - before) / size;
  };
  // A new path for each, of 4 and of 8 branches, in lists with room to grow. A set of its own would
  // take an eighth of a byte a node: 125 and 2,000 bytes.
  CHECK(bytes_a_node(1'000) < 150);
  CHECK(bytes_a_node(16'000) < 300);
}

TEST_CASE(
    "AND-OR graph: sets of labels are what std::set says, and share what they have in common") {
  sim::Stream stream({.seed = 1}, "label", "sets");
  const std::size_t labels = 1000;
  network::LabelSets sets(labels);
  std::vector<std::pair<network::LabelSets::Set, std::set<std::size_t>>> all = {
      {network::LabelSets::none, {}}};
  const auto any = [&] {
    return all[std::min(all.size() - 1, static_cast<std::size_t>(stream.uniform() *
                                                                 static_cast<double>(all.size())))];
  };
  for (int i = 0; i < 600; ++i) {
    auto [a, in_a] = any();
    const auto [b, in_b] = any();
    const double what = stream.uniform();
    if (what < 0.5) {
      const auto label = static_cast<std::size_t>(stream.uniform() * labels);
      a = sets.with(a, label);
      in_a.insert(label);
    } else if (what < 0.8) {
      a = sets.either(a, b);
      in_a.insert(in_b.begin(), in_b.end());
    } else {
      a = sets.both(a, b);
      std::erase_if(in_a, [&](std::size_t label) { return !in_b.contains(label); });
    }
    CHECK(sets.labels(a) == std::vector<std::size_t>(in_a.begin(), in_a.end()));
    all.emplace_back(a, in_a);
  }
  const auto last = all.back().first;
  CHECK(sets.either(last, last) == last);
  CHECK(sets.both(last, network::LabelSets::none) == network::LabelSets::none);
  for (const std::size_t label : sets.labels(last)) CHECK(sets.with(last, label) == last);
}

/// A whole number from 0 to n - 1.
std::size_t pick(sim::Stream& stream, std::size_t n) {
  return std::min(n - 1, static_cast<std::size_t>(stream.uniform() * static_cast<double>(n)));
}

/// Between labels, so that their sets have branches.
constexpr std::size_t far_apart = 50;

/// Nodes need earlier ones; at most `most_needs` a way. Few of the first nodes have a way of their
/// own.
network::AndOrGraph random_graph(sim::Stream& stream, std::size_t most_needs, std::size_t labels) {
  network::AndOrGraph graph;
  const std::size_t size = 2 + pick(stream, 24);
  for (std::size_t n = 0; n < size; ++n) {
    network::AndOrGraph::Node node;
    node.label = far_apart * (labels == 0 ? n : pick(stream, labels));
    if (stream.uniform() < 0.1) node.label.reset();
    if (n == 0 || stream.uniform() < 0.15) node.ways.emplace_back();
    for (std::size_t w = pick(stream, 4); w > 0 && n > 0; --w) {
      network::AndOrGraph::Way way;
      for (std::size_t i = 1 + pick(stream, most_needs); i > 0; --i) {
        way.needs.push_back(pick(stream, n));
      }
      node.ways.push_back(std::move(way));
    }
    graph.nodes.push_back(std::move(node));
  }
  return graph;
}

/// Whether each node can be supplied when one label fails, by repeating until nothing changes.
std::vector<bool> supplied_without(const network::AndOrGraph& graph,
                                   std::optional<std::size_t> failed) {
  std::vector<bool> supplied(graph.nodes.size(), false);
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
      const auto& node = graph.nodes[n];
      if (supplied[n] || (failed && node.label == failed)) continue;
      const bool works = std::any_of(node.ways.begin(), node.ways.end(), [&](const auto& way) {
        return std::all_of(way.needs.begin(), way.needs.end(),
                           [&](std::size_t need) { return supplied[need]; });
      });
      if (works) supplied[n] = changed = true;
    }
  }
  return supplied;
}

TEST_CASE(
    "Property: without AND, what is indispensable are the dominators of Lengauer and Tarjan") {
  using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;
  std::size_t dominators = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    sim::Stream stream({.seed = seed}, "graph", "or");
    const network::AndOrGraph graph = random_graph(stream, 1, 0);
    const std::size_t size = graph.nodes.size(), source = size;
    // Boost wants no edges from nodes that the source does not reach.
    const auto reached = supplied_without(graph, {});
    Graph g(size + 1);
    for (std::size_t n = 0; n < size; ++n) {
      for (const auto& way : graph.nodes[n].ways) {
        if (way.needs.empty()) {
          boost::add_edge(source, n, g);
        } else if (reached[way.needs[0]]) {
          boost::add_edge(way.needs[0], n, g);
        }
      }
    }
    std::vector<std::size_t> parent(size + 1, Graph::null_vertex());
    boost::lengauer_tarjan_dominator_tree(
        g, source,
        boost::make_iterator_property_map(parent.begin(), boost::get(boost::vertex_index, g)));

    const network::Indispensable found(graph);
    for (std::size_t n = 0; n < size; ++n) {
      std::vector<std::size_t> expected;
      if (parent[n] != Graph::null_vertex()) {
        for (std::size_t v = n; v != source; v = parent[v]) {
          if (graph.nodes[v].label) expected.push_back(*graph.nodes[v].label);
        }
      }
      std::sort(expected.begin(), expected.end());
      CHECK(found.of(n) == expected);
      dominators += expected.size();
    }
  }
  CHECK(dominators > 5000);  // the graphs are not trivial
}

TEST_CASE("Property: with AND and OR, what is indispensable is what brute force finds") {
  std::size_t indispensables = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    sim::Stream stream({.seed = seed}, "graph", "and or");
    const std::size_t labels = 8;
    const network::AndOrGraph graph = random_graph(stream, 3, labels);
    const network::Indispensable found(graph);
    const auto supply = network::fastest(graph);
    const auto normally = supplied_without(graph, {});
    std::vector<std::vector<std::size_t>> expected(graph.nodes.size());
    for (std::size_t label = 0; label < labels; ++label) {
      const auto left = supplied_without(graph, far_apart * label);
      for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
        if (normally[n] && !left[n]) expected[n].push_back(far_apart * label);
      }
    }
    for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
      CHECK(supply[n].way.has_value() == normally[n]);
      CHECK(found.of(n) == expected[n]);
      indispensables += expected[n].size();
    }
  }
  CHECK(indispensables > 5000);
}

// --- structure ----------------------------------------------------------------------------------

// A maker needs a laser, from either of two fabs, and two DSPs, through one hub.
const char* const laser_chain = R"(
name: Lasers
start: 2026-01-01
end: 2026-12-31
items: {module: {}, laser: {}, wafer: {}, dsp: {}}
lanes:
  usual: {transit_days: 5}
  short: {from: hub, to: maker, transit_days: {uniform: {low: 0.5, high: 1.5}}}
sites:
  maker:
    recipes: {assemble: {makes: module, inputs: {laser: 1, dsp: 2}, cycle_days: 10}}
    buys:
      laser: {from: {fab_a: {}, fab_b: {}}}
      dsp: {from: {hub: {}}}
    sells: {module: {}}
  fab_a:
    review_days: 14
    recipes: {grow: {makes: laser, cycle_days: 60}}
    sells: {laser: {}}
  fab_b:
    recipes: {grow: {makes: laser, inputs: {wafer: 0.01}, cycle_days: 30}}
    buys: {wafer: {from: {foundry: {}}}}
    sells: {laser: {}}
  foundry:
    recipes: {pull: {makes: wafer, cycle_days: 40}}
    sells: {wafer: {}}
  hub:
    buys: {dsp: {from: {chip_fab: {order_delay_days: 3}}}}
    sells: {dsp: {}}
  chip_fab:
    review_days: 28
    recipes: {etch: {makes: dsp, cycle_days: {triangular: {low: 40, mode: 50, high: 60}}}}
    sells: {dsp: {}}
    stocks: {wafer: {initial_pieces: 5}}
customers:
  cloud: {demand: {module: {pieces_per_week: 7, from: {maker: {}}}}}
  tinkerer: {demand: {dsp: {pieces_per_week: 1, from: {chip_fab: {}}}}}
)";

TEST_CASE("Tiers: the longest way to a customer, counted in deliveries") {
  const Network n(laser_chain);
  const network::Structure s = n.structure();
  const auto tier = [&](const char* site) { return s.site_tier[n.site(site)]; };
  CHECK(tier("maker") == 1);
  CHECK(tier("fab_a") == 2);
  CHECK(tier("fab_b") == 2);
  CHECK(tier("foundry") == 3);
  CHECK(tier("hub") == 2);
  CHECK(tier("chip_fab") == 3);  // also sells to a customer, but the longest way counts
  CHECK(s.stock_tier[n.stock("maker.dsp")] == 1);  // a recipe is no delivery
  CHECK(s.stock_tier[n.stock("fab_b.wafer")] == 2);
  CHECK(s.stock_tier[n.stock("chip_fab.wafer")] == std::nullopt);  // on no way to a customer
}

TEST_CASE("Critical lead time: the slowest input of the fastest way, with its chain") {
  const Network n(laser_chain);
  const network::Structure s = n.structure();
  // A delivery takes order delay + the seller's review period + transit; a start waits for half a
  // review period of the maker if it has inputs.
  //   laser from fab_a    60 + (14 + 5)                                  = 79
  //   laser from fab_b    40 + (7 + 5) + 3.5 + 30 + (7 + 5)              = 97.5, not the fastest
  //   dsp through the hub 50 + (3 + 28 + 5) = 86, and then 86 + (7 + 1)  = 94, the slowest input
  //   module              94 + 3.5 + 10 = 107.5, at the customer 107.5 + (7 + 5) = 119.5
  const auto& cloud = s.demands[n.demand("cloud.module")];
  CHECK(cloud.reachable);
  CHECK(cloud.critical_days == Approx(119.5));
  CHECK(cloud.delivery_days == Approx(12));
  CHECK(n.chain(cloud) == "maker.module 13.5;maker.dsp 8;hub.dsp 36;chip_fab.dsp 50;");
  CHECK(s.demands[n.demand("tinkerer.dsp")].critical_days == Approx(50 + 28 + 5));
}

TEST_CASE("Critical lead time: without the hub's DSP as the slowest, the faster laser fab counts") {
  const Network n(laser_chain, {"sites.chip_fab.recipes.etch.cycle_days=1"});
  // dsp: 1 + 36 + 8 = 45, so the laser at 79 is what the module waits for
  const auto cloud = n.structure().demands[n.demand("cloud.module")];
  CHECK(cloud.critical_days == Approx(79 + 13.5 + 12));
  CHECK(n.chain(cloud) == "maker.module 13.5;maker.laser 19;fab_a.laser 60;");
}

TEST_CASE("Single points of failure: all inputs are needed, one of the sellers is enough") {
  const Network n(laser_chain);
  const network::Structure s = n.structure();
  CHECK(n.names(s.demands[n.demand("cloud.module")].indispensable) ==
        Words{"chip_fab", "hub", "maker"});
  CHECK(n.names(s.demands[n.demand("tinkerer.dsp")].indispensable) == Words{"chip_fab"});
  // without fab_a, fab_b and its foundry have no stand-in
  const Network alone(laser_chain, {"sites.maker.buys.laser.from.fab_a=~"});
  CHECK(alone.names(alone.structure().demands[alone.demand("cloud.module")].indispensable) ==
        Words{"chip_fab", "fab_b", "foundry", "hub", "maker"});
}

// One thing that is missing for each of the inputs of a module.
const char* const broken_chain = R"(
name: Broken
start: 2026-01-01
end: 2026-12-31
families: {800g: {in_market: true}}
items:
  dr8: {family: 800g}
  fr4: {family: 800g}
  dsp_3nm: {}
  laser: {}
sites:
  innolight:
    recipes: {assemble: {makes: dr8, inputs: {dsp_3nm: 1, laser: 1}}}
    buys:
      dsp_3nm: {from: {x: {}}}
      laser: {from: {fab: {}, other_fab: {from: 2026-07-01}}}
    sells: {800g: {}}
  x:
    stocks: {dsp_3nm: {initial_pieces: 100000}}
    sells: {dsp_3nm: {}}
  fab:
    lines: {epitaxy: {capacity_per_week: {2027-01-01: 0, 2027-06-01: 100}}}
    recipes: {grow: {makes: laser, line: epitaxy}}
    sells: {laser: {}}
  other_fab:
    recipes: {grow: {makes: laser}}
    sells: {laser: {}}
  late:
    recipes:
      assemble: {makes: fr4, from: 2026-04-01}
      test: {makes: dr8, max_starts_per_week: 0}
    sells: {800g: {}}
customers:
  meta:
    demand:
      800g:
        pieces_per_week: 7
        from: {innolight: {}, late: {}}
        accepts: {dr8: 2025-01-01, fr4: 2026-10-01}
  aws: {demand: {800g: {pieces_per_week: 7, from: {late: {from: 2026-03-01}}}}}
)";

TEST_CASE("Unreachable demand: what is to be qualified counts from the earliest date it can be") {
  // begun on 1 January; 30 days at least for the seller, 60 for the variant; the recipe never
  const std::string yaml = R"(
name: Trials
start: 2026-01-01
end: 2026-12-31
families: {lamp: {}}
items: {bulb: {family: lamp}, diode: {family: lamp}}
sites:
  maker: {recipes: {bulb: {makes: bulb}, diode: {makes: diode}}, sells: {lamp: {}}}
customers:
  user: {demand: {lamp: {pieces_per_week: 7, from: {maker: {}}}}}
qualifications:
  seller: {buyer: user, seller: maker, of: lamp, duration_days: {uniform: {low: 30, high: 50}}}
  kind: {buyer: user, seller: maker, of: lamp, variants: [bulb], duration_days: 60, success: 0.1}
  way: {buyer: maker, recipe: diode, duration_days: 1, success: 0}
)";
  const auto missing = [&](int days) {
    const Network n(yaml);
    return network::analyse_structure(n.catalog, n.real, n.graph,
                                      n.catalog.start() + days * sim::one_day)
        .demands[0]
        .missing;
  };
  CHECK(missing(0) == Words{"lamp at user: user buys it from maker only when qualification seller "
                            "has succeeded, on 2026-01-31 at the earliest"});
  CHECK(missing(30) ==
        Words{"diode at maker: maker makes it by recipe diode only if qualification way succeeds, "
              "which it never does",
              "lamp at user: user accepts bulb only when qualification kind has succeeded, on "
              "2026-03-02 at the earliest"});
  CHECK(missing(60).empty());
}

TEST_CASE(
    "Unreachable demand: the reason is traced down to the missing thing, stock does not count") {
  const Network n(broken_chain);
  const network::Structure s = n.structure();
  CHECK_FALSE(s.demands[n.demand("meta.800g")].reachable);
  CHECK(s.demands[n.demand("meta.800g")].missing ==
        Words{"800g at meta: meta accepts fr4 only from 2026-10-01 on",
              "dr8 at late: late makes it by recipe test, of which nothing may be started",
              "dsp_3nm at innolight: bought only from x, which neither makes nor buys it",
              "laser at innolight: bought from fab, which makes it on line epitaxy, which has no "
              "capacity",
              "laser at innolight: innolight buys it from other_fab only from 2026-07-01 on"});
  CHECK(s.demands[n.demand("aws.800g")].missing ==
        Words{"800g at aws: aws buys it from late only from 2026-03-01 on"});
  CHECK_FALSE(s.producible[n.stock("x.dsp_3nm")]);
  CHECK(s.producible[n.stock("other_fab.laser")]);
  CHECK(s.demands[n.demand("meta.800g")].indispensable.empty());
}

TEST_CASE("Unreachable demand: at a later date, what has been qualified by then counts") {
  const Network n(broken_chain);
  const sim::Time october = sim::parse_period("2026-10-01")->begin;
  const network::Structure s = network::analyse_structure(n.catalog, n.real, n.graph, october);
  CHECK(s.demands[n.demand("meta.800g")].reachable);  // late makes fr4, which meta now accepts
  CHECK(n.names(s.demands[n.demand("meta.800g")].indispensable) == Words{"late"});
  CHECK(s.demands[n.demand("aws.800g")].reachable);
  CHECK_FALSE(s.producible[n.stock("innolight.dr8")]);
}

// --- the linear program -------------------------------------------------------------------------

volatile std::sig_atomic_t interrupted = 0;

TEST_CASE("Linear program: maximum, prices, and a second goal that leaves the first one alone") {
  // x + y <= 10, x <= 4: the maximum of 3 x + 3 y is 30 with a price of 3 for the first row and of
  // 0 for the limit of x. Among those solutions the largest x is 4; without the first goal the
  // largest 2 x - y would be 8 as well, with y = 0.
  network::LinearProgram lp;
  const auto row = lp.add_row(10);
  const auto x = lp.add_column({{row, 1}}, 4), y = lp.add_column({{row, 1}});
  network::LinearSolver solver(lp);
  CHECK(solver.maximise({{x, 3}, {y, 3}}) == Approx(30));
  CHECK(solver.row_price(row) == Approx(3));
  CHECK(solver.limit_price(x) == Approx(0));
  CHECK(solver.maximise({{x, 2}, {y, -1}}) == Approx(8));
  CHECK(solver.limit_price(x) == Approx(2));
  CHECK(solver.maximise({{x, 3}, {y, 3}}) == Approx(30));
  solver.keep_maximum();
  CHECK(solver.maximise({{x, 2}, {y, -1}}) == Approx(2));  // 2 * 4 - 6
  CHECK(solver.value(x) == Approx(4));
  CHECK(solver.value(y) == Approx(6));
}

TEST_CASE("Linear program: solving one leaves the answers to signals as they are") {
  const auto answer = [] {
    struct sigaction action {};
    sigaction(SIGINT, nullptr, &action);
    return action;
  };
  struct sigaction ours {};
  ours.sa_handler = [](int) { interrupted = 1; };
  struct sigaction before {};
  REQUIRE(sigaction(SIGINT, &ours, &before) == 0);
  network::LinearProgram lp;
  const auto row = lp.add_row(10);
  const auto x = lp.add_column({{row, 1}}, 4);
  network::LinearSolver solver(lp);
  CHECK(solver.maximise({{x, 3}}) == Approx(12));
  CHECK((answer().sa_handler == ours.sa_handler));
  CHECK((answer().sa_flags & SA_RESTART) == 0);  // calls that wait are to return
  sigaction(SIGINT, &before, nullptr);
}

TEST_CASE("Linear program: one without a maximum is an error with a clear message") {
  network::LinearProgram lp;
  const auto row = lp.add_row(10);
  const auto x = lp.add_column({{row, -1}});
  network::LinearSolver solver(lp);
  CHECK_THROWS_WITH_AS(
      solver.maximise({{x, 1}}),
      "internal error: the linear program of 1 rows and 1 columns is unbounded (CLP "
      "status 2, 0)",
      sim::Error);
}

// --- the capacity bound -------------------------------------------------------------------------

// Everybody reviews every day, so that a quarter's orders are those of its days: 92 in 2025Q4, 90
// in 2026Q1. Rates of 70 a week are 10 a day.
const char* const two_modules = R"(
name: Two modules
start: 2025-10-01
end: 2026-03-31
review_days: 1
families: {small: {}, big: {}}
items: {chip: {}, s: {family: small, price_usd: 1}, b: {family: big, price_usd: 10}}
sites:
  fab:
    lines: {etch: {capacity_per_week: 70}}
    recipes: {make: {makes: chip, line: etch, yield: 0.5, cycle_days: 200}}
    sells: {chip: {}}
  maker:
    lines:
      assembly:
        capacity_per_week: 70
        outages: {november: {from: 2025-11-01, until: 2025-11-30}}
    recipes:
      make_s: {makes: s, inputs: {chip: 1}, line: assembly}
      make_b: {makes: b, inputs: {chip: 1}, line: assembly, line_use_per_piece: 2}
    buys: {chip: {from: {fab: {}}}}
    sells: {small: {}, big: {}}
customers:
  cloud:
    demand:
      small: {pieces_per_week: {steps: {2025-10-01: 0, 2026-01-01: 56}}, from: {maker: {}}}
      big: {pieces_per_week: {steps: {2025-10-01: 21, 2026-01-01: 0}}, from: {maker: {}}}
)";

TEST_CASE("Bound: a scarce chip with its yield, carried from one quarter to the next") {
  // Wanted: 3 b a day in Q4 (276), 8 s a day in Q1 (720). Chips: half of 10 a day, 460 in Q4 and
  // 450 in Q1. Assembly: 10 a day without the 30 days of November, 620 in Q4 and 900 in Q1.
  // Q4: 276 b take 552 of the line and 276 chips. The other 184 chips are carried to Q1, where they
  // make 450 + 184 = 634 s. All 910 chips are used, so one more etched is worth half a module.
  const Network n(two_modules);
  const network::CapacityBound b = n.bound();
  REQUIRE(b.periods.size() == 2);
  CHECK(b.periods[1].name == "2026Q1");
  CHECK(b.total == Approx(910));
  REQUIRE(b.years.size() == 2);
  CHECK(b.years[0].year == "2025");
  CHECK(b.years[0].most == Approx(276));
  CHECK(b.years[1].most == Approx(910));
  CHECK(near(b.demand[n.product("small")], {0, 720}));
  CHECK(near(b.demand[n.product("big")], {276, 0}));
  CHECK(near(b.delivered[n.product("small")], {0, 634}));
  CHECK(near(b.delivered[n.product("big")], {276, 0}));
  const auto& etch = b.lines[n.line("fab.etch")];
  CHECK(etch[0].available == Approx(920));
  CHECK(etch[1].available == Approx(900));
  CHECK(etch[0].used == Approx(920));
  CHECK(etch[0].price == Approx(0.5));
  CHECK(etch[1].price == Approx(0.5));
  const auto& assembly = b.lines[n.line("maker.assembly")];
  CHECK(assembly[0].available == Approx(620));
  CHECK(assembly[0].price == Approx(0));
  CHECK(assembly[1].price == Approx(0));
}

TEST_CASE("Bound: a line shared by two families goes to who needs less of it, or earns more") {
  const Words slow = {"sites.maker.lines.assembly.capacity_per_week=35",
                      "sites.maker.lines.assembly.outages=~"};
  // Assembly: 460 in Q4, 450 in Q1. All 720 s need 720 of it, 270 of them ahead in Q4, which leaves
  // 190 for 95 b. One more unit of work is half a b in either quarter.
  const Network n(two_modules, slow);
  const network::CapacityBound b = n.bound();
  CHECK(b.total == Approx(815));
  CHECK(near(b.delivered[n.product("small")], {0, 720}));
  CHECK(near(b.delivered[n.product("big")], {95, 0}));
  const auto& assembly = b.lines[n.line("maker.assembly")];
  CHECK(assembly[0].used == Approx(460));
  CHECK(assembly[0].price == Approx(0.5));
  CHECK(assembly[1].price == Approx(0.5));
  // To the end of 2025 alone one could make 230 b: the plan for the whole does not bound a part.
  CHECK(b.years[0].most == Approx(230));

  // In USD: b earns 5 per unit of work, s 1. All 276 b, 46 of them late in Q1, then 450 - 92 s; one
  // more unit of work makes one more s in Q1, by way of half a b that need not be late.
  const network::CapacityBound usd =
      n.bound({.weight = network::BoundOptions::Weight::usd, .demand = {}});
  CHECK(usd.total == Approx(2760 + 358));
  CHECK(near(usd.delivered[n.product("big")], {230, 46}));
  CHECK(near(usd.delivered[n.product("small")], {0, 358}));
  CHECK(usd.lines[n.line("maker.assembly")][0].price == Approx(1));
  CHECK(usd.lines[n.line("maker.assembly")][1].price == Approx(1));
}

TEST_CASE("Bound: demand that was really ordered takes the place of the expected one") {
  const Network n(two_modules);
  CHECK(
      near(network::expected_demand(n.catalog, n.real, n.graph)[n.demand("cloud.big")], {276, 0}));
  const network::CapacityBound b =
      n.bound({.demand = {{100, 0}, {0, 50}}});  // of cloud.big, cloud.small
  CHECK(b.total == Approx(150));
  CHECK(near(b.demand[n.product("big")], {100, 0}));
}

TEST_CASE("Bound: products outside the market get what the market leaves") {
  // Everybody wants chips: 910 of them. As modules they count, as spare parts they do not; the
  // market needs 276 + 634 = 910 and leaves nothing. With little wanted in the market, the spare
  // parts get theirs, one a day.
  const std::string spare = "customers.cloud.demand.chip={pieces_per_week: 7, from: {fab: {}}}";
  const Network n(two_modules, {spare});
  const network::CapacityBound b = n.bound();
  CHECK(b.total == Approx(910));
  CHECK(near(b.delivered[n.product("chip")], {0, 0}));
  const Network calm(two_modules, {spare, "customers.cloud.demand.small.pieces_per_week=0"});
  CHECK(calm.bound().total == Approx(276));
  CHECK(near(calm.bound().delivered[calm.product("chip")], {92, 90}));
  const Network lone(two_modules,
                     {spare, "families.small.in_market=false", "families.big.in_market=false"});
  CHECK(lone.bound().total == Approx(910));  // nothing is in the market: everything counts
}

// A shop that sells what it has and what arrives; its plant stands still.
const char* const shop = R"(
name: Shop
start: 2026-04-01
end: 2026-12-31
warm_up_days: 90
review_days: 1
items: {x: {}}
sites:
  shop:
    buys:
      x:
        from:
          plant: {initial_shipments: [{pieces: 5, in_days: 100}, {pieces: 9, in_days: 999}]}
    sells: {x: {}}
    stocks: {x: {initial_pieces: 10}}
  plant:
    lines: {press: {capacity_per_week: {steps: {2026-01-01: 0, 2026-10-01: 7000}}}}
    recipes: {make: {makes: x, line: press, yield: 0.5, initial_lots: [{pieces: 8, in_days: 10}]}}
    sells: {x: {}}
customers:
  walk_in:
    demand:
      x:
        pieces_per_week: {steps: {2026-01-01: 7, 2026-07-01: 0}}
        from: {shop: {initial_orders: [{pieces: 3, in_days: 0}]}}
)";

TEST_CASE("Bound: stock, lots and shipments of the beginning and of the warm-up are counted") {
  // Ordered: 3 at the beginning, 1 a day in the warm-up (90) and in 2026Q2 (91). There is: 10 in
  // stock, 4 good pieces of the lot, and 5 that arrive in Q2. In Q4 the press makes all that is
  // missing: 184 orders in all, of which those of the warm-up can be delivered late.
  const Network n(shop);
  const network::CapacityBound b = n.bound();
  REQUIRE(b.periods.size() == 4);
  CHECK(b.periods[0].name == "warm-up");
  CHECK(b.first_counted == 1);
  CHECK(near(b.demand[0], {93, 91, 0, 0}));
  CHECK(b.total == Approx(184));
  CHECK(near(b.delivered[0], {0, 19, 0, 165}));

  // Without the orders of the warm-up, the 91 of Q2 are all there is. What is there in the warm-up
  // can go to those who order then, because the press makes up for it.
  network::BoundOptions options;
  options.warm_up_orders = false;
  CHECK(n.bound(options).total == Approx(91));
  CHECK(near(n.bound(options).delivered[0], {14, 5, 0, 86}));
}

TEST_CASE("Bound: who has lost patience takes nothing any more") {
  // With 30 days of patience and a press that starts in Q4 nobody of the warm-up or of Q2 is left:
  // at the end of Q3 every order is withdrawn. Of the warm-up some may still wait in Q2, which is
  // only known to the quarter: 19 pieces find a taker.
  const Network n(shop, {"customers.walk_in.demand.x.patience_days=30"});
  CHECK(n.bound().total == Approx(19));
  // An order whose way to the seller takes longer than the patience is there all the same.
  const Network slow(shop, {"customers.walk_in.demand.x.patience_days=30",
                            "customers.walk_in.demand.x.from.shop.order_delay_days=120"});
  CHECK(slow.bound().total == Approx(19 + 91));
}

TEST_CASE("Bound: sources, variants and recipes count from their dates, own limits as granted") {
  const Network closed(shop, {"sites.shop.buys.x.from.plant.from=2027-01-01"});
  CHECK(closed.bound().total == Approx(15));  // the lot's 4 pieces stay at the plant
  // From 2026-10-01 on the recipe may start 2 pieces a day, of which 1 is good: 184 in Q4, a piece
  // that the last grant allows a part of, and what parts of a piece left before: 93 good ones.
  const Network limited(shop, {"sites.plant.recipes.make.max_starts_per_week=14",
                               "sites.plant.recipes.make.from=2026-10-01"});
  const network::CapacityBound b = limited.bound();
  CHECK(b.total == Approx(19 + 93));
  REQUIRE(b.own_limits[0].size() == 4);
  CHECK(b.own_limits[0][2].available == Approx(0));
  CHECK(b.own_limits[0][3].available == Approx(184 + 2));
  CHECK(b.own_limits[0][3].used == Approx(184 + 2));
  CHECK(b.own_limits[0][3].price == Approx(0.5));
  // What it allowed before may have left a fraction of a piece; where it never allowed any,
  // nothing.
  const Network left(shop,
                     {"sites.plant.recipes.make.max_starts_per_week={steps: {2026-01-01: 0.9, "
                      "2026-07-01: 0}}",
                      "sites.plant.recipes.make.from=2026-10-01"});
  CHECK(left.bound().own_limits[0][3].available == Approx(2));
  for (const char* review : {"false", "true"}) {
    const Network none(shop, {"sites.plant.recipes.make.max_starts_per_week=0",
                              fmt::format("sites.plant.continuous_review={}", review)});
    const network::CapacityBound nothing = none.bound();
    for (const auto& limit : nothing.own_limits[0]) CHECK(limit.available == 0);
  }
  // Starts that were granted early wait for the press: 2 a day from the beginning on, 273 days.
  const Network early(shop, {"sites.plant.recipes.make.max_starts_per_week=14"});
  CHECK(early.bound().total == Approx(184));
}

// A chip a day in 2026, sold on by a hub; the four quarters have 90, 91, 92 and 92 days.
const char* const chip_a_day = R"(
name: Chip a day
start: 2026-01-01
end: 2026-12-31
items: {chip: {}, other: {}}
sites:
  fab:
    lines: {l: {capacity_per_week: 7}, m: {capacity_per_week: 14}}
    recipes: {make: {makes: chip, line: l}, make_other: {makes: other, line: m}}
    sells: {chip: {}, other: {}}
  hub: {buys: {chip: {from: {fab: {}}}}, sells: {chip: {}}}
customers:
  buyer: {demand: {chip: {pieces_per_week: 100, from: {hub: {}}}}}
)";

TEST_CASE("Bound: programs with a date count from it, others as often and as early as they may") {
  const auto best = [](const std::string& program, Words changes = {}) {
    changes.push_back("programs={p: " + program + "}");
    return Network(chip_a_day, changes).bound().total;
  };
  CHECK(Network(chip_a_day).bound().total == Approx(365));
  // one more a day from the 183rd day on
  CHECK(best("{expansion: {site: fab, line: l, adds_per_week: 7, decided: 2026-06-01, "
             "lead_days: 31}}") == Approx(365 + 183));
  CHECK(best("{expansion: {site: fab, line: l, adds_share: 1, lead_days: 900, "
             "when: {at_most: 2}}}") == Approx(3 * 365));
  CHECK(best("{breakdowns: {site: fab, line: l, mtbf_days: 1, mttr_days: 9}}") == Approx(365));
  CHECK(best("{conversion: {site: fab, from: m, to: l, moves: 0.1, decided: 2026-06-01}}") ==
        Approx(3 * 365));
  CHECK(best("{conversion: {site: fab, from: l, to: m, moves: 0.1, decided: 2026-06-01}}") ==
        Approx(365));

  const std::string from_hub = "sites: [hub], ", from_fab = "sites: [fab], ";
  CHECK(best("{export_control: {" + from_hub + "from: 2026-10-01}}") == Approx(90 + 91 + 92));
  // the last day of the quarter is free
  CHECK(best("{export_control: {" + from_hub + "from: 2026-10-01, until: 2026-12-30}}") ==
        Approx(365));
  CHECK(best("{export_control: {" + from_hub + "from: 2026-10-01, effect: {delay: {days: 9}}}}") ==
        Approx(365));
  // the hub lays in what it can before, for customers who come later
  CHECK(best("{export_control: {" + from_fab + "from: 2026-04-01}}",
             {"customers.buyer.demand.chip.pieces_per_week={steps: {2026-01-01: 0, 2026-04-01: "
              "100}}"}) == Approx(90));

  CHECK(best("{exit: {site: fab, date: 2026-07-01}}") == Approx(365));
  CHECK(best("{exit: {site: fab, date: 2026-07-01, honours_orders: false}}") == Approx(90 + 91));
}

TEST_CASE("Unreachable demand: under export control, and after an exit, with the program's name") {
  const Network n(chip_a_day,
                  {"programs={ban: {export_control: {sites: [fab], from: 2025-06-01, until: "
                   "2026-02-28}}, end: {exit: {site: hub, date: 2026-10-01}}}"});
  const auto on = [&](const char* day) {
    return network::analyse_structure(n.catalog, n.real, n.graph, sim::parse_period(day)->begin)
        .demands.front();
  };
  CHECK_FALSE(on("2026-01-01").reachable);
  CHECK(on("2026-01-01").missing ==
        Words{"chip at hub: hub may not buy it from fab before 2026-03-01 (program ban)"});
  CHECK(on("2026-03-01").reachable);
  CHECK(on("2026-10-01").missing ==
        Words{"chip at buyer: buyer may not buy it from hub any more (program end)"});
  const std::string text = report::graph_text(n.catalog);
  CHECK(text.find("Programs\n  ban  export control from 2025-06-01 to 2026-02-28: nothing may be "
                  "shipped; buyer-seller relations: 1\n  end  hub stops selling on 2026-10-01, "
                  "after its open orders\n") != std::string::npos);
  const auto json = sim::parse_json(report::graph_json(n.catalog)).value();
  CHECK(json["programs"][1]["what"] == "hub stops selling on 2026-10-01, after its open orders");
}

TEST_CASE("Bound: a yield that is still being learnt counts at its best in each quarter") {
  // 10 pieces a day; the yield goes from 0.1 to 0.9, half of the gap in 13 weeks. What is started
  // in Q1 can be ready in Q2 and then has the yield of 26 weeks or so.
  Words changes = {"sites.fab.recipes.make.yield=0.9",
                   "sites.fab.recipes.make.yield_learning={initial: 0.1, halving_weeks: 13}",
                   "customers.cloud.demand.chip={pieces_per_week: 7000, from: {fab: {}}}",
                   "families.small.in_market=false", "families.big.in_market=false"};
  const Network n(two_modules, changes);
  const auto yield = [](double days) { return 0.9 - 0.8 * std::exp2(-days / 91); };
  CHECK(n.bound().total == Approx(1820 * yield(182)));
  CHECK(n.bound().years[0].most == Approx(920 * yield(92)));
  // Without cycle time, lots of the last day of Q4 are ready on the first of Q1 at the latest.
  changes.push_back("sites.fab.recipes.make.cycle_days=0");
  CHECK(Network(two_modules, changes).bound().total == Approx(920 * yield(93) + 900 * yield(182)));
  // Learning by pieces is not foreseen: it counts as complete.
  const Network pieces(
      two_modules, {"sites.fab.recipes.make.yield=0.4",
                    "sites.fab.recipes.make.yield_learning={initial: 0.1, halving_pieces: 1e6}"});
  CHECK(pieces.bound().total == Approx(1820 * 0.4));
}

// --- reports ------------------------------------------------------------------------------------

TEST_CASE(
    "Graph as text: tiers, lead times, single points of failure, bound and what is worth most") {
  const Network n(two_modules, {"sites.keeper={stocks: {chip: {}}}", "items.s.stage=modules"});
  CHECK(report::graph_text(n.catalog, n.structure(), n.bound()) ==
        R"(Two modules
2025-10-01 to 2026-03-31; who supplies whom as qualified on 2025-10-01

Tier 0: customers
  cloud  wants big, small

Tier 1
  b           made by maker; sold to cloud
  s  modules  made by maker; sold to cloud

Tier 2
  chip  made by fab; sold to maker

On no way to a customer
  keeper.chip

Critical lead times: days from order to delivery if there is no stock anywhere
  big    cloud  202  = 1 delivery + 0 maker.b + 1 maker.chip + 200 fab.chip
  small  cloud  202  = 1 delivery + 0 maker.s + 1 maker.chip + 200 fab.chip

Single points of failure: sites without which nothing can be supplied
  big    fab, maker  for every customer
  small  fab, maker  for every customer

At best: perfect foresight, nothing takes time, every mix that buyers accept
                                                             2025                2026
  no run delivers more of what is ordered from the start on  276 pieces          910 pieces
  a plan that does, late deliveries included:
    big                                                      276 of 276 ordered  0 of 0 ordered
    small                                                    0 of 0 ordered      634 of 720 ordered

The capacity worth most: what one percent more of it in every period would add
  line fab.etch  9.10 pieces  one more unit in 2025Q4 is worth 0.5
)");
}

TEST_CASE("Graph as text: what cannot be supplied is said with its reasons, and who differs") {
  const Network broken(broken_chain);
  const std::string text = report::graph_text(broken.catalog);
  CHECK(text.find(R"(
Cannot be supplied as things are qualified then
  800g for aws
    800g at aws: aws buys it from late only from 2026-03-01 on
  800g for meta
    800g at meta: meta accepts fr4 only from 2026-10-01 on
)") != std::string::npos);
  CHECK(text.find("Critical lead times") == std::string::npos);  // nobody is supplied at all
  const Network n(laser_chain,
                  {"customers.other={demand: {module: {pieces_per_week: 1, from: {hub2: "
                   "{}}}}}",
                   "sites.hub2={buys: {module: {from: {maker: {}}}}, sells: {module: "
                   "{}}}"});
  CHECK(report::graph_text(n.catalog, n.structure(), n.bound())
            .find("  module  chip_fab, hub, maker  for every customer\n"
                  "          hub2                  for other\n") != std::string::npos);
}

TEST_CASE("Graph as DOT: ranks by tier, one arrow from a seller to a buyer, thick who is needed") {
  const Network n(laser_chain, {"name=\"Lasers \\\"here\\\"\""});
  const std::string dot = report::graph_dot(n.catalog);
  for (const char* line : {"digraph \"Lasers \\\"here\\\"\" {\n",
                           "  \"chip_fab\" [label=\"chip_fab\\ndsp\", penwidth=3];\n",
                           "  \"fab_a\" [label=\"fab_a\\nlaser\"];\n",
                           "  {rank=same; \"fab_a\"; \"fab_b\"; \"hub\";}  // tier 2\n",
                           "  \"chip_fab\" -> \"hub\" [label=\"dsp\"];\n"}) {
    CAPTURE(line);
    CHECK(dot.find(line) != std::string::npos);
  }
  CHECK(dot.ends_with("}\n"));
}

TEST_CASE("Graph as JSON: the same findings as data") {
  const Network n(two_modules);
  // of a network too large for the program the rest is still shown
  CHECK(report::graph_text(n.catalog, n.structure(), std::nullopt).find("not worked out") !=
        std::string::npos);
  CHECK(sim::parse_json(report::graph_json(n.catalog, n.structure(), std::nullopt))
            .value()["bound"]
            .is_null());
  const auto parsed = sim::parse_json(report::graph_json(n.catalog));
  REQUIRE(parsed);
  const sim::Json& json = *parsed;
  CHECK(json["scenario"] == "Two modules");
  CHECK(json["sites"][0]["name"] == "fab");
  CHECK(json["sites"][0]["tier"] == 2);
  CHECK(json["demands"][0]["product"] == "big");
  CHECK(json["demands"][0]["critical_days"] == 202.5);
  CHECK(json["demands"][0]["single_points_of_failure"] == Words{"fab", "maker"});
  CHECK(json["bound"]["total"] == 910);
  CHECK(json["bound"]["years"][0]["most"] == 276);
  CHECK(json["bound"]["products"][2]["name"] == "small");
  CHECK(json["bound"]["products"][2]["delivered"] == std::vector<double>{0, 634});
  CHECK(json["bound"]["lines"][0]["price"] == std::vector<double>{0.5, 0.5});

  const Network broken(broken_chain);
  const sim::Json none = sim::parse_json(report::graph_json(broken.catalog)).value();
  CHECK(none["demands"][0]["reachable"] == false);
  CHECK(none["demands"][0]["missing"].size() == 1);
  CHECK(none["bound"]["own_limits"][0]["name"] == "late.test");
}

}  // namespace
}  // namespace optichain::models
