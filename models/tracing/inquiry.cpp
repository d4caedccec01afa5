#include "models/tracing/inquiry.hpp"

namespace optichain::models::tracing {

void Lack::note_not_ordered(double pieces, TraceNode reason) {
  double before = 0;
  for (const Reason& part : not_ordered) before += part.weight;
  if (pieces <= before) {
    for (Reason& part : not_ordered) part.weight *= before > 0 ? pieces / before : 0;
    return;
  }
  for (Reason& part : not_ordered) {
    if (part.to != reason) continue;
    part.weight += pieces - before;
    return;
  }
  not_ordered.push_back({reason, pieces - before});
}

Inquiry::Inquiry(const ChainView& chain, books::Meters& meters, Flows& flows)
    : chain_(chain), meters_(meters), flows_(flows) {
  for (const auto& channel : chain.catalog.channels) {
    auto& diverted = diverted_.emplace_back();
    const auto m = meters.of(measures::of(measures::Group::channels, channel.name));
    for (const AgreementId id : chain.catalog[channel.offer].agreements) {
      const std::string& name = chain.catalog[id].name;
      diverted.push_back({&name, m("diverted_to." + name)});
    }
  }
}

Inspection Inquiry::begin(sim::Time now) {
  reasons_.clear();
  return {chain_, meters_, flows_, reasons_, now};
}

/// Behind what a demand lacks stand the sellers who owe it or let it wait until it gave up, orders
/// in the mail, and what could not be ordered.
const Reasons& Inquiry::ask(Lack& lack, sim::Time now) {
  const Inspection at = begin(now);
  const auto& entry = chain_.catalog[lack.demand];
  const std::string& product = chain_.product(lack.demand);
  Idle idle{product, entry.name};
  double in_mail = 0, weight = 0, known = 0;
  for (std::size_t c = 0; c < entry.channels.size(); ++c) {
    const ChannelId id = entry.channels[c];
    const trade::Channel& channel = *chain_.channels[id.index()];
    const double owed =
        to_double(channel.open()) + static_cast<double>(meters_.total(lack.withdrawn[c]));
    in_mail += to_double(channel.in_mail());
    weight += chain_.terms.weight(id, now);
    if (const auto program = chain_.terms.blocked_by(id, now)) idle.blocked = program;
    known += owed;
    ask_seller(at, id, owed);
  }
  known += in_mail;
  reasons_.stand(cause_of_delay(at, product, entry.name), in_mail);
  const double not_ordered =
      to_double(chain_.waiting(lack.demand)) + static_cast<double>(meters_.total(lack.given_up));
  idle.possible = weight > 0;
  const TraceNode nobody = cause_of_idle(at, idle);
  lack.note_not_ordered(not_ordered, nobody);
  for (const Reason& part : lack.not_ordered) reasons_.stand(part.to, part.weight);
  if (reasons_.standing().empty()) reasons_.stand(nobody, 1);
  reasons_.to_shares(known + not_ordered > 0 ? known + not_ordered : 1);
  cause_of_shortfall(at, {lack.demand, static_cast<double>(lack.unmet), lack.unforeseen});
  return reasons_;
}

const Reasons& Inquiry::ask_surplus(DemandId demand, sim::Time now) {
  const Inspection at = begin(now);
  reasons_.stand(cause_of_surplus(at, demand), 1);
  return reasons_;
}

const Reasons& Inquiry::ask(StockId stock, sim::Time now) {
  const Inspection at = begin(now);
  const auto& entry = chain_.catalog[stock];
  if (!entry.recipes.empty()) {
    ask_maker(at, stock);
  } else if (entry.purchase.valid()) {
    ask_sellers(at, stock);
  } else {
    reasons_.blame(cause_of_absence(at, stock), 1);
  }
  return reasons_;
}

/// The variants that are meant for the seller's open orders and lack, of those that the buyer
/// takes.
void Inquiry::ask_seller(const Inspection& at, ChannelId id, double owed) {
  owed = cause_of_orders(at, {id, diverted_[id.index()]}, owed);
  if (owed <= 0) return;
  const OfferId offer = chain_.catalog[id].offer;
  const agents::OrderDesk& desk = *chain_.desks[offer.index()];
  const auto& variants = chain_.catalog[offer].variants;
  const auto lacking = [&](std::size_t v, int round) {
    if (!chain_.terms.accepts(id, v, at.now)) return 0.0;
    return round == 0 ? desk.lacking(v) : round == 1 ? desk.meant(v) : 1.0;
  };
  for (int round = 0; round < 3; ++round) {
    double sum = 0;
    for (std::size_t v = 0; v < variants.size(); ++v) sum += lacking(v, round);
    if (sum <= 0) continue;
    for (std::size_t v = 0; v < variants.size(); ++v) {
      reasons_.stand(flows_.of(variants[v].stock), owed * (lacking(v, round) / sum));
    }
    return;
  }
}

/// What the starts of an item wait for is to blame; behind the rest stands what is under way: in
/// stock or in process, or ordered after the maker's last look.
void Inquiry::ask_maker(const Inspection& at, StockId stock) {
  const auto& entry = chain_.catalog[stock];
  const std::string& item = chain_.item(stock);
  const agents::SiteAgent& site = *chain_.sites[entry.site.index()];
  const agents::Planner& planner = site.planner();
  const auto& recipes = chain_.catalog[entry.site].recipes;
  double waiting = 0, under_way = 0;
  Idle idle{item, entry.name};
  for (std::size_t r = 0; r < recipes.size(); ++r) {
    if (chain_.catalog[recipes[r]].output != stock) continue;
    under_way += to_double(site.floor().in_process(r));
    idle.possible = idle.possible || planner.could_start(r);
    const agents::Planner::Wait& wait = planner.wait(r);
    if (wait.good_pieces <= 0) continue;
    waiting += wait.good_pieces;
    const double left = cause_of_starts(at, {recipes[r], r, item, planner}, wait.good_pieces);
    if (wait.cause == agents::Planner::Cause::input) {
      reasons_.blame(flows_.of(StockId{wait.index}), left);
    }
  }
  const Orders orders = orders_for(stock);
  under_way += orders.unseen + std::min(orders.meant, to_double(chain_.on_hand(stock)));
  const double owed = orders.meant + orders.unseen;
  reasons_.stand(cause_of_delay(at, item, entry.name),
                 std::min(under_way, std::max(0.0, owed - waiting)));
  reasons_.to_shares(std::max(owed, 1.0));
  if (!reasons_.blamed().empty()) return;
  idle.under_way = under_way > 0;
  reasons_.blame(cause_of_idle(at, idle), 1);
}

/// Behind what lacks stand sellers who owe, what is on its way, and what nobody ordered.
void Inquiry::ask_sellers(const Inspection& at, StockId stock) {
  const auto& entry = chain_.catalog[stock];
  const std::string& item = chain_.item(stock);
  double under_way = 0, open = 0, weight = 0;
  for (const ChannelId c : chain_.catalog[entry.purchase].channels) {
    const trade::Channel& channel = *chain_.channels[c.index()];
    const double owed = to_double(channel.open());
    open += owed;
    under_way += to_double(channel.in_transit() + channel.in_mail());
    weight += chain_.terms.weight(c, at.now);
    ask_seller(at, c, owed);
  }
  if (entry.offer.valid()) {  // sold on from here
    const Orders orders = orders_for(stock);
    under_way += orders.unseen + std::min(orders.meant, to_double(chain_.on_hand(stock)));
  }
  const double lacking = chain_.planner(stock).outlook(stock).lacking;
  const double late = std::min(under_way, std::max(0.0, lacking - open));
  const double nobody = std::max(0.0, lacking - open - late);
  Idle idle{item, entry.name};
  idle.possible = weight > 0;
  if (open + late + nobody > 0) {
    reasons_.stand(cause_of_delay(at, item, entry.name), late);
    reasons_.stand(cause_of_idle(at, idle), nobody);
    reasons_.to_shares(open + late + nobody);
  } else {
    idle.under_way = under_way > 0;
    reasons_.blame(cause_of_idle(at, idle), 1);
  }
}

Inquiry::Orders Inquiry::orders_for(StockId stock) const {
  const agents::OrderDesk& desk = *chain_.desks[chain_.catalog[stock].offer.index()];
  const auto& variants = desk.entry().variants;
  Orders orders;
  for (std::size_t v = 0; v < variants.size(); ++v) {
    if (variants[v].stock == stock) orders.meant = desk.meant(v);
  }
  if (variants.size() == 1) orders.unseen = to_double(desk.unseen());
  return orders;
}

}  // namespace optichain::models::tracing
