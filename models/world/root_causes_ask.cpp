// Who is asked for what lacks at a node, and what is to blame there: the rules of root_causes.hpp.
#include <algorithm>

#include "models/world/root_causes.hpp"

namespace optichain::models::world {

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
    const trade::Channel& channel = *sight_.channels[channel_id.index()];
    const double owed =
        to_double(channel.open()) + static_cast<double>(meters_.total(root.withdrawn[c]));
    in_mail += to_double(channel.in_mail());
    weight += sight_.terms.weight(channel_id, now);
    if (const auto program = sight_.terms.blocked_by(channel_id, now)) blocked = program;
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
  if (const auto program = sight_.terms.blocked_by(id, now)) {
    const std::string& product = sight_.catalog[sight_.catalog[entry.offer].product].name;
    return stands(cause(CauseKind::program, sight_.catalog[*program].name, product), owed);
  }
  owed -= reserved_for_others(id, owed);
  if (owed <= 0) return;
  const agents::OrderDesk& desk = *sight_.desks[entry.offer.index()];
  const auto& variants = sight_.catalog[entry.offer].variants;
  const auto lacking = [&](std::size_t v, int round) {
    if (!sight_.terms.accepts(id, v, now)) return 0.0;
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
  const agents::SiteAgent& site = *sight_.sites[entry.site.index()];
  const agents::Planner& planner = site.planner();
  const auto& recipes = sight_.catalog[entry.site].recipes;
  double waiting = 0, under_way = 0;
  bool can_start = false;
  for (std::size_t r = 0; r < recipes.size(); ++r) {
    const auto& recipe = sight_.catalog[recipes[r]];
    if (recipe.output != stock) continue;
    under_way += to_double(site.floor().in_process(r));
    can_start = can_start || planner.could_start(r);
    const agents::Planner::Wait& wait = planner.wait(r);
    if (wait.good_pieces <= 0) continue;
    waiting += wait.good_pieces;
    const double pieces = wait.good_pieces - blame_reservations(planner, r, item, wait.good_pieces);
    switch (wait.cause) {
      case agents::Planner::Cause::line:
        blame_line(recipe.line, item, pieces, now);
        break;
      case agents::Planner::Cause::own_limit:
        blame(cause(CauseKind::limit, recipe.name, item), pieces);
        break;
      case agents::Planner::Cause::input:
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
double RootCauses::blame_reservations(const agents::Planner& planner, std::size_t recipe,
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
  if (const auto loss = sight_.terms.loss_of(line, now)) {
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
    const trade::Channel& channel = *sight_.channels[c.index()];
    const double owed = to_double(channel.open());
    open += owed;
    under_way += to_double(channel.in_transit() + channel.in_mail());
    weight += sight_.terms.weight(c, now);
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
  const agents::OrderDesk& desk = *sight_.desks[sight_.catalog[stock].offer.index()];
  const auto& variants = desk.entry().variants;
  Orders orders;
  for (std::size_t v = 0; v < variants.size(); ++v) {
    if (variants[v].stock == stock) orders.meant = desk.meant(v);
  }
  if (variants.size() == 1) orders.unseen = to_double(desk.unseen());
  return orders;
}

}  // namespace optichain::models::world
