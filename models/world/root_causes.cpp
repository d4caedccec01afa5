#include "models/world/root_causes.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include <fmt/format.h>

#include "models/network/capacity_bound.hpp"
#include "models/network/structure.hpp"
#include "models/policy/apportion.hpp"
#include "sim/base/check.hpp"

namespace optichain::models {
namespace {

constexpr std::array<std::string_view, cause_kinds> cause_words = {
    "capacity", "limit",    "supply",    "qualification", "program",
    "reserved", "revision", "lead_time", "planning",      "earlier"};

}  // namespace

std::string_view cause_word(CauseKind kind) {
  return cause_words[static_cast<std::size_t>(kind)];
}

RootCauses::RootCauses(const Sight& sight, Meters& meters)
    : sight_(sight),
      meters_(meters),
      edges_(sight.catalog.demands.size() + sight.catalog.stocks.size()),
      arrived_(edges_.size(), 0) {
  const Catalog& catalog = sight.catalog;
  root_of_.resize(catalog.demands.size(), catalog.demands.size());
  const std::vector<bool> counted = counted_products(catalog);
  for (std::size_t d = 0; d < catalog.demands.size(); ++d) {
    const auto& entry = catalog.demands[d];
    if (!counted[entry.product.index()]) continue;
    Root root{DemandId{d}, meters.find("demands." + entry.name, "demanded"), {}, {}};
    for (const ChannelId c : entry.channels) {
      root.shipped.push_back(meters.find("channels." + catalog[c].name, "shipped"));
      root.withdrawn.push_back(meters.find("channels." + catalog[c].name, "withdrawn"));
    }
    root.revised = !entry.demand->revisions.empty();
    root_of_[d] = roots_.size();
    roots_.push_back(std::move(root));
  }
  traced_until_ = catalog.begin();
  if (std::any_of(roots_.begin(), roots_.end(), [](const Root& root) { return root.revised; })) {
    const Structure structure =
        analyse_structure(catalog, sight.real, sight.graph, catalog.start());
    for (Root& root : roots_) {
      root.notice = sim::days_to_duration(structure.demands[root.demand.index()].critical_days);
    }
  }
  for (const auto& channel : catalog.channels) {
    auto& diverted = diverted_.emplace_back();
    for (const AgreementId id : catalog[channel.offer].agreements) {
      const std::string& name = catalog[id].name;
      diverted.push_back({name, meters.find("channels." + channel.name, "diverted_to." + name)});
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
      cause_meters_.emplace(key, meters_.flow("causes." + key, "unmet"));
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
    for (const MeterId m : root.shipped) unmet -= meters_.total(m);
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
  const auto filled = apportion(to_gaps, gaps);
  for (std::size_t p = 0; p < standing_.size(); ++p) {
    move(from, standing_[p].to, filled[p]);
    pieces -= filled[p];
  }
  weights_.clear();
  for (const Part& part : blamed_) weights_.push_back(part.weight);
  const auto parts = apportion(pieces, weights_);
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
  const auto parts = apportion(pieces, surplus);
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
  auto parts = apportion(std::abs(unmet), weights);
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

// --- asking --------------------------------------------------------------------------------------

/// Finds out what stands behind the pieces that lack at a node, and who is to blame for the rest.
void RootCauses::ask(Node from, sim::Time now) {
  const std::size_t demands = sight_.catalog.demands.size();
  if (from < demands) return ask_demand(DemandId{from}, now);
  const StockId stock{from - demands};
  const auto& entry = sight_.catalog[stock];
  if (!entry.recipes.empty()) {
    ask_maker(stock, now);
  } else if (entry.purchase.valid()) {
    ask_sellers(stock, now);
  } else {
    blame(cause(CauseKind::supply, entry.name, sight_.catalog[entry.item].name), 1);
  }
}

/// Behind what a demand lacks stand the sellers who owe it or let it wait until it gave up, orders
/// in the mail, and what could not be ordered.
void RootCauses::ask_demand(DemandId id, sim::Time now) {
  const auto& entry = sight_.catalog[id];
  const std::string& product = sight_.catalog[entry.product].name;
  Root& root = roots_[root_of_[id.index()]];
  double in_mail = 0, weight = 0, known = 0;
  std::optional<ProgramId> blocked;
  for (std::size_t c = 0; c < entry.channels.size(); ++c) {
    const ChannelId channel_id = entry.channels[c];
    const Channel& channel = *sight_.channels[channel_id.index()];
    const double owed =
        to_double(channel.open()) + static_cast<double>(meters_.total(root.withdrawn[c]));
    in_mail += to_double(channel.in_mail());
    weight += sight_.conditions.weight(channel_id, now);
    if (const auto program = sight_.conditions.blocked_by(channel_id, now)) blocked = program;
    known += owed;
    ask_channel(channel_id, owed, now);
  }
  known += in_mail;
  stands(cause(CauseKind::lead_time, entry.name, product), in_mail);
  const double not_ordered = static_cast<double>(root.unmet) - known;
  const CauseKind kind = weight > 0 ? CauseKind::planning : CauseKind::qualification;
  const Node nobody = blocked ? cause(CauseKind::program, sight_.catalog[*blocked].name, product)
                              : cause(kind, entry.name, product);
  note_not_ordered(root, std::max(0.0, not_ordered), nobody);
  for (const Part& part : root.not_ordered) stands(part.to, part.weight);
  if (standing_.empty()) stands(nobody, 1);
  to_shares(known > 0 || not_ordered > 0 ? known + std::max(0.0, not_ordered) : 1);

  if (root.unforeseen <= 0 || root.unmet <= 0) return;
  const double part = std::min(1.0, root.unforeseen / static_cast<double>(root.unmet));
  for (Part& other : standing_) other.weight *= 1 - part;
  stands(cause(CauseKind::revision, entry.name, product), part);
}

/// Pieces that could not be ordered are not ordered later: what was in the way then stays to blame.
void RootCauses::note_not_ordered(Root& root, double pieces, Node reason) {
  double before = 0;
  for (const Part& part : root.not_ordered) before += part.weight;
  if (pieces <= before) {
    for (Part& part : root.not_ordered) part.weight *= before > 0 ? pieces / before : 0;
    return;
  }
  for (Part& part : root.not_ordered) {
    if (part.to != reason) continue;
    part.weight += pieces - before;
    return;
  }
  root.not_ordered.push_back({reason, pieces - before});
}

/// Of what a seller owes, what it gave to holders of agreements instead.
double RootCauses::reserved_for_others(ChannelId id, double owed) {
  double all = 0;
  for (const Diverted& d : diverted_[id.index()]) {
    all += static_cast<double>(std::max<std::int64_t>(0, meters_.total(d.meter)));
  }
  if (all <= 0) return 0;
  const double reserved = std::min(owed, all);
  const auto& entry = sight_.catalog[id];
  const std::string& product = sight_.catalog[sight_.catalog[entry.offer].product].name;
  for (const Diverted& d : diverted_[id.index()]) {
    const double part = static_cast<double>(std::max<std::int64_t>(0, meters_.total(d.meter)));
    stands(cause(CauseKind::reserved, d.agreement, product), reserved * (part / all));
  }
  return reserved;
}

/// The variants that are meant for the seller's open orders and lack, of those that the buyer
/// takes.
void RootCauses::ask_channel(ChannelId id, double owed, sim::Time now) {
  if (owed <= 0) return;
  const auto& entry = sight_.catalog[id];
  if (const auto program = sight_.conditions.blocked_by(id, now)) {
    const std::string& product = sight_.catalog[sight_.catalog[entry.offer].product].name;
    return stands(cause(CauseKind::program, sight_.catalog[*program].name, product), owed);
  }
  owed -= reserved_for_others(id, owed);
  if (owed <= 0) return;
  const OrderDesk& desk = *sight_.desks[entry.offer.index()];
  const auto& variants = sight_.catalog[entry.offer].variants;
  const auto lacking = [&](std::size_t v, int round) {
    if (!sight_.conditions.accepts(id, v, now)) return 0.0;
    return round == 0 ? desk.lacking(v) : round == 1 ? desk.meant(v) : 1.0;
  };
  for (int round = 0; round < 3; ++round) {
    double sum = 0;
    for (std::size_t v = 0; v < variants.size(); ++v) sum += lacking(v, round);
    if (sum <= 0) continue;
    for (std::size_t v = 0; v < variants.size(); ++v) {
      stands(node(variants[v].stock), owed * (lacking(v, round) / sum));
    }
    return;
  }
  const auto& offer = sight_.catalog[entry.offer];
  stands(cause(CauseKind::qualification, offer.name, sight_.catalog[offer.product].name), owed);
}

/// What the starts of an item wait for is to blame; behind the rest stands what is under way: in
/// stock or in process, or ordered after the maker's last look.
void RootCauses::ask_maker(StockId stock, sim::Time now) {
  const auto& entry = sight_.catalog[stock];
  const std::string& item = sight_.catalog[entry.item].name;
  const SiteAgent& site = *sight_.sites[entry.site.index()];
  const Planner& planner = site.planner();
  const auto& recipes = sight_.catalog[entry.site].recipes;
  double waiting = 0, under_way = 0;
  bool can_start = false;
  for (std::size_t r = 0; r < recipes.size(); ++r) {
    const auto& recipe = sight_.catalog[recipes[r]];
    if (recipe.output != stock) continue;
    under_way += to_double(site.floor().in_process(r));
    can_start = can_start || planner.could_start(r);
    const Planner::Wait& wait = planner.wait(r);
    if (wait.good_pieces <= 0) continue;
    waiting += wait.good_pieces;
    const double pieces = wait.good_pieces - blame_reservations(planner, r, item, wait.good_pieces);
    switch (wait.cause) {
      case Planner::Cause::line:
        blame_line(recipe.line, item, pieces, now);
        break;
      case Planner::Cause::own_limit:
        blame(cause(CauseKind::limit, recipe.name, item), pieces);
        break;
      case Planner::Cause::input:
        blame(node(StockId{wait.index}), pieces);
        break;
    }
  }
  const Orders orders = orders_for(stock);
  under_way += orders.unseen + std::min(orders.meant, to_double(on_hand(stock)));
  const double owed = orders.meant + orders.unseen;
  stands(cause(CauseKind::lead_time, entry.name, item),
         std::min(under_way, std::max(0.0, owed - waiting)));
  to_shares(std::max(owed, 1.0));
  if (!blamed_.empty()) return;
  const CauseKind kind = under_way > 0 ? CauseKind::lead_time
                         : can_start   ? CauseKind::planning
                                       : CauseKind::qualification;
  blame(cause(kind, entry.name, item), 1);
}

/// Of the starts that wait, those that had to make room for agreements. Returns how many.
double RootCauses::blame_reservations(const Planner& planner, std::size_t recipe,
                                      const std::string& item, double pieces) {
  double reserved = 0;
  for (std::size_t a = 0; a < planner.reservations().size(); ++a) {
    const double part = pieces * planner.waiting_share(recipe, a);
    blame(cause(CauseKind::reserved, planner.reservations().desk(a).name(), item), part);
    reserved += part;
  }
  return reserved;
}

/// A line that a program has out or slowed down is to blame for the rest of its capacity only.
void RootCauses::blame_line(LineId line, const std::string& item, double pieces, sim::Time now) {
  double left = 1;
  if (const auto loss = sight_.conditions.loss_of(line, now)) {
    left = loss->left;
    blame(cause(CauseKind::program, sight_.catalog[loss->program].name, item), pieces * (1 - left));
  }
  blame(cause(CauseKind::capacity, sight_.catalog[line].name, item), pieces * left);
}

/// Behind what lacks stand sellers who owe, what is on its way, and what nobody ordered.
void RootCauses::ask_sellers(StockId stock, sim::Time now) {
  const auto& entry = sight_.catalog[stock];
  const std::string& item = sight_.catalog[entry.item].name;
  double under_way = 0, open = 0, weight = 0;
  for (const ChannelId c : sight_.catalog[entry.purchase].channels) {
    const Channel& channel = *sight_.channels[c.index()];
    const double owed = to_double(channel.open());
    open += owed;
    under_way += to_double(channel.in_transit() + channel.in_mail());
    weight += sight_.conditions.weight(c, now);
    ask_channel(c, owed, now);
  }
  if (entry.offer.valid()) {  // sold on from here
    const Orders orders = orders_for(stock);
    under_way += orders.unseen + std::min(orders.meant, to_double(on_hand(stock)));
  }
  const double lacking = sight_.sites[entry.site.index()]->planner().outlook(stock).lacking;
  const double late = std::min(under_way, std::max(0.0, lacking - open));
  const double nobody = std::max(0.0, lacking - open - late);
  const CauseKind kind = weight > 0 ? CauseKind::planning : CauseKind::qualification;
  if (open + late + nobody > 0) {
    stands(cause(CauseKind::lead_time, entry.name, item), late);
    stands(cause(kind, entry.name, item), nobody);
    to_shares(open + late + nobody);
  } else {
    blame(cause(under_way > 0 ? CauseKind::lead_time : kind, entry.name, item), 1);
  }
}

/// From pieces that stand behind something to shares of it, each once.
void RootCauses::to_shares(double all) {
  std::vector<Part> merged;
  for (const Part& part : standing_) {
    const auto same = std::find_if(merged.begin(), merged.end(),
                                   [&](const Part& other) { return other.to == part.to; });
    if (same == merged.end()) {
      merged.push_back({part.to, part.weight / all});
    } else {
      same->weight += part.weight / all;
    }
  }
  standing_ = std::move(merged);
}

RootCauses::Orders RootCauses::orders_for(StockId stock) const {
  const OrderDesk& desk = *sight_.desks[sight_.catalog[stock].offer.index()];
  const auto& variants = desk.entry().variants;
  Orders orders;
  for (std::size_t v = 0; v < variants.size(); ++v) {
    if (variants[v].stock == stock) orders.meant = desk.meant(v);
  }
  if (variants.size() == 1) orders.unseen = to_double(desk.unseen());
  return orders;
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

}  // namespace optichain::models
