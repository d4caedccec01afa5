#include "models/world/root_causes.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include <fmt/format.h>

#include "models/network/capacity_bound.hpp"
#include "models/network/structure.hpp"
#include "models/policy/apportion.hpp"
#include "sim/base/check.hpp"

namespace optichain::models::world {
namespace {

constexpr std::array<std::string_view, cause_kinds> cause_words = {
    "capacity", "limit",    "supply",    "qualification", "program",
    "reserved", "revision", "lead_time", "planning",      "earlier"};

}  // namespace

std::string_view cause_word(CauseKind kind) {
  return cause_words[static_cast<std::size_t>(kind)];
}

RootCauses::RootCauses(const Sight& sight, books::Meters& meters)
    : sight_(sight),
      meters_(meters),
      edges_(sight.catalog.demands.size() + sight.catalog.stocks.size()),
      arrived_(edges_.size(), 0) {
  const Catalog& catalog = sight.catalog;
  root_of_.resize(catalog.demands.size(), catalog.demands.size());
  const std::vector<bool> counted = network::counted_products(catalog);
  for (std::size_t d = 0; d < catalog.demands.size(); ++d) {
    const auto& entry = catalog.demands[d];
    if (!counted[entry.product.index()]) continue;
    Root root{DemandId{d},
              meters.of(measures::of(measures::Group::demands, entry.name))("demanded"),
              {},
              {}};
    for (const ChannelId c : entry.channels) {
      const auto m = meters.of(measures::of(measures::Group::channels, catalog[c].name));
      root.shipped.push_back(m("shipped"));
      root.withdrawn.push_back(m("withdrawn"));
    }
    root.revised = !entry.demand->revisions.empty();
    root_of_[d] = roots_.size();
    roots_.push_back(std::move(root));
  }
  traced_until_ = catalog.begin();
  if (std::any_of(roots_.begin(), roots_.end(), [](const Root& root) { return root.revised; })) {
    const network::Structure structure =
        network::analyse_structure(catalog, sight.real, sight.graph, catalog.start());
    for (Root& root : roots_) {
      root.notice = sim::days_to_duration(structure.demands[root.demand.index()].critical_days);
    }
  }
  for (const auto& channel : catalog.channels) {
    auto& diverted = diverted_.emplace_back();
    const auto m = meters.of(measures::of(measures::Group::channels, channel.name));
    for (const AgreementId id : catalog[channel.offer].agreements) {
      const std::string& name = catalog[id].name;
      diverted.push_back({name, m("diverted_to." + name)});
    }
  }
  define_meters();
}

/// Every cause that may be found is counted from the beginning, by kind and item or product.
void RootCauses::define_meters() {
  const Catalog& catalog = sight_.catalog;
  const auto define = [&](CauseKind kind, const std::string& name) {
    const std::string key = fmt::format("{}.{}", cause_word(kind), name);
    if (!cause_meters_.contains(key)) {
      cause_meters_.emplace(key, meters_.flow(measures::of(measures::Group::causes, key), "unmet"));
    }
  };
  const auto define_common = [&](const std::string& name) {
    for (const auto kind : {CauseKind::qualification, CauseKind::lead_time, CauseKind::planning}) {
      define(kind, name);
    }
    if (!catalog.programs.empty()) define(CauseKind::program, name);
    if (!catalog.agreements.empty()) define(CauseKind::reserved, name);
  };
  for (const auto& item : catalog.items) define_common(item.name);
  for (const auto& product : catalog.products) define_common(product.name);
  for (const auto& recipe : catalog.recipes) {
    const std::string& item = catalog[recipe.item].name;
    if (recipe.line.valid()) define(CauseKind::capacity, item);
    if (recipe.recipe->max_starts_per_week) define(CauseKind::limit, item);
  }
  for (const auto& stock : catalog.stocks) {
    if (stock.recipes.empty() && !stock.purchase.valid()) {
      define(CauseKind::supply, catalog[stock.item].name);
    }
  }
  for (const auto& demand : catalog.demands) {
    const std::string& product = catalog[demand.product].name;
    define(CauseKind::earlier, product);
    if (!demand.demand->revisions.empty()) define(CauseKind::revision, product);
  }
}

// --- handing on ----------------------------------------------------------------------------------

void RootCauses::trace(sim::Time now) {
  std::fill(arrived_.begin(), arrived_.end(), 0);
  std::int64_t total = 0;
  for (Root& root : roots_) {
    std::int64_t unmet = meters_.total(root.demanded);
    for (const books::MeterId m : root.shipped) unmet -= meters_.total(m);
    arrived_[node(root.demand)] = unmet - root.unmet;
    root.unmet = unmet;
    total += unmet;
    if (root.revised) note_unforeseen(root, now);
    hand_on(node(root.demand), now);
  }
  const auto& order = sight_.graph.order;  // suppliers first
  for (auto it = order.rbegin(); it != order.rend(); ++it) hand_on(node(*it), now);

  std::int64_t at_causes = 0;
  for (std::size_t a = 0; a < accounts_.size(); ++a) {
    if (is_cause(account_to_[a])) at_causes += accounts_[a];
  }
  if (at_causes != total) {
    sim::fail("law broken: {} pieces are unmet, and root causes explain {}", total, at_causes);
  }
}

/// What was wanted since the last call beyond what was planned when it had to be begun.
void RootCauses::note_unforeseen(Root& root, sim::Time now) {
  const std::int64_t demanded = meters_.total(root.demanded);
  const auto wanted = static_cast<double>(demanded - root.demanded_before);
  root.demanded_before = demanded;
  const sim::Curve& real = sight_.real.demand[root.demand.index()];
  const sim::Curve& planned = sight_.real.demand_plan(root.demand, now - root.notice);
  const double mean = real.value(now);
  if (mean > 0) root.unforeseen += wanted * std::max(0.0, 1 - planned.value(now) / mean);
}

void RootCauses::hand_on(Node from, sim::Time now) {
  const std::int64_t pieces = arrived_[from];
  const bool is_demand = from < sight_.catalog.demands.size();
  if (pieces == 0 && !is_demand) return;
  standing_.clear();
  blamed_.clear();
  ask(from, now);
  if (is_demand) {
    divide(DemandId{from});
  } else if (pieces > 0) {
    give(from, pieces);
  } else {
    take_back(from, -pieces);
  }
}

/// Pieces first go where less has gone than what stands there explains of all that lacks here; what
/// is left goes to who is to blame now.
void RootCauses::give(Node from, std::int64_t pieces) {
  double there = static_cast<double>(pieces);
  for (const Edge& edge : edges_[from]) there += static_cast<double>(accounts_[edge.account]);
  std::vector<double>& gaps = weights_;
  gaps.clear();
  double open = 0;
  for (const Part& part : standing_) {
    gaps.push_back(std::max(0.0, part.weight * there - static_cast<double>(handed(from, part.to))));
    open += gaps.back();
  }
  std::int64_t to_gaps = pieces;
  if (!blamed_.empty()) to_gaps = std::min(pieces, sim::to_whole(open));
  const auto filled = policy::apportion(to_gaps, gaps);
  for (std::size_t p = 0; p < standing_.size(); ++p) {
    move(from, standing_[p].to, filled[p]);
    pieces -= filled[p];
  }
  weights_.clear();
  for (const Part& part : blamed_) weights_.push_back(part.weight);
  const auto parts = policy::apportion(pieces, weights_);
  for (std::size_t p = 0; p < blamed_.size(); ++p) {
    move(from, blamed_[p].to, parts[p]);
    pieces -= parts[p];
  }
  OPTICHAIN_CHECK(pieces == 0, "{} pieces at {} have no cause", pieces, node_name(from));
}

/// Pieces come back along the ways they had gone, but for what stands there still.
void RootCauses::take_back(Node from, std::int64_t pieces) {
  const std::vector<Edge> ways = edges_[from];
  double left = -static_cast<double>(pieces);
  for (const Edge& edge : ways) left += static_cast<double>(accounts_[edge.account]);
  OPTICHAIN_CHECK(left >= 0, "more pieces come back to {} than were handed on", node_name(from));
  std::vector<double> surplus;
  for (const Edge& edge : ways) {
    double stands = 0;
    for (const Part& part : standing_) {
      if (part.to == edge.to) stands += part.weight;
    }
    const auto account = static_cast<double>(accounts_[edge.account]);
    surplus.push_back(std::max(0.0, account - std::floor(stands * left)));
  }
  const auto parts = policy::apportion(pieces, surplus);
  for (std::size_t e = 0; e < ways.size(); ++e) move(from, ways[e].to, -parts[e]);
}

/// Divides all that a demand lacks among those who stand behind it, whatever was said before: each
/// seller knows what it owes. Less than nothing was met out of earlier orders.
void RootCauses::divide(DemandId demand) {
  const Node from = node(demand);
  const std::int64_t unmet = roots_[root_of_[demand.index()]].unmet;
  const std::string& product = sight_.catalog[sight_.catalog[demand].product].name;
  if (unmet < 0) {
    standing_.clear();
    stands(cause(CauseKind::earlier, sight_.catalog[demand].name, product), 1);
  }
  std::vector<double> weights;
  for (const Part& part : standing_) weights.push_back(part.weight);
  auto parts = policy::apportion(std::abs(unmet), weights);
  if (unmet < 0) parts.front() = unmet;
  for (const Edge& edge : std::vector<Edge>(edges_[from])) {  // who stands behind it no longer
    const bool still = std::any_of(standing_.begin(), standing_.end(),
                                   [&](const Part& part) { return part.to == edge.to; });
    if (!still) move(from, edge.to, -accounts_[edge.account]);
  }
  for (std::size_t p = 0; p < standing_.size(); ++p) {
    move(from, standing_[p].to, parts[p] - handed(from, standing_[p].to));
  }
}

std::int64_t RootCauses::handed(Node from, Node to) const {
  for (const Edge& edge : edges_[from]) {
    if (edge.to == to) return accounts_[edge.account];
  }
  return 0;
}

void RootCauses::move(Node from, Node to, std::int64_t pieces) {
  if (pieces == 0) return;
  auto& edges = edges_[from];
  auto edge = std::find_if(edges.begin(), edges.end(), [&](const Edge& e) { return e.to == to; });
  if (edge == edges.end()) {
    edges.push_back({to, accounts_.size()});
    accounts_.push_back(0);
    account_from_.push_back(from);
    account_to_.push_back(to);
    edge = edges.end() - 1;
  }
  accounts_[edge->account] += pieces;
  if (is_cause(to)) {
    meters_.add(causes_[to - edges_.size()].meter, pieces);
  } else {
    arrived_[to] += pieces;
  }
}

// --- names and results ---------------------------------------------------------------------------

std::size_t RootCauses::PlaceHash::operator()(const Place& place) const {
  const std::hash<const std::string*> hash;
  // names stand apart in memory by more than there are kinds
  return hash(place.where) * 31 + hash(place.item) + static_cast<std::size_t>(place.kind);
}

/// `where` and `item` are names of the catalog, so that their addresses stand for them.
RootCauses::Node RootCauses::cause(CauseKind kind, const std::string& where,
                                   const std::string& item) {
  const auto [known, is_new_place] = cause_by_place_.try_emplace(Place{kind, &where, &item}, 0);
  if (!is_new_place) return known->second;
  const std::string name = fmt::format("{}/{}/{}", cause_word(kind), item, where);
  const auto [found, is_new] = cause_by_name_.try_emplace(name, edges_.size() + causes_.size());
  if (is_new) {
    causes_.push_back({kind, name, cause_meters_.at(fmt::format("{}.{}", cause_word(kind), item))});
  }
  return known->second = found->second;
}

std::string RootCauses::node_name(Node n) const {
  const Catalog& catalog = sight_.catalog;
  if (n < catalog.demands.size()) return catalog.demands[n].name;
  if (!is_cause(n)) return catalog.stocks[n - catalog.demands.size()].name;
  return causes_[n - edges_.size()].name;
}

void RootCauses::mark_period() {
  marks_.push_back(accounts_);
}

std::vector<Trace> RootCauses::between(std::size_t from_mark, std::size_t to_mark) const {
  std::vector<Trace> traces;
  const auto& before = marks_[from_mark];
  const auto& after = marks_[to_mark];
  for (std::size_t a = 0; a < after.size(); ++a) {
    const std::int64_t pieces = after[a] - (a < before.size() ? before[a] : 0);
    if (pieces != 0)
      traces.push_back({node_name(account_from_[a]), node_name(account_to_[a]), pieces});
  }
  return traces;
}

}  // namespace optichain::models::world
