#include "models/agents/channel.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/policy/apportion.hpp"

namespace optichain::models {
namespace {

const Value& transit_days(const Catalog::ChannelEntry& entry) {
  static const Value none{0.0};
  return entry.lane ? entry.lane->transit_days : none;
}

}  // namespace

Channel::Channel(const Context& context, ChannelId id)
    : context_(context),
      id_(id),
      entry_(context.catalog[id]),
      lane_(context.kernel, transit_days(entry_), sim::Stream(context.run, entry_.name, "transit")),
      order_delay_(sim::days_to_duration(entry_.source->order_delay_days)),
      room_(entry_.limits.size(), 0) {
  const std::string entity = "channels." + entry_.name;
  Meters& m = context.meters;
  meters_ = {
      m.flow(entity, "ordered"),           m.flow(entity, "shipped"),
      m.flow(entity, "received"),          m.flow(entity, "withdrawn"),
      m.flow(entity, "cancelled"),         m.flow(entity, "lead_time", "piece days", 1.0 / 86400),
      m.flow(entity, "spend", "usd", 1e-6)};
}

void Channel::put_initial() {
  const sim::Time now = context_.now();
  for (const InitialPieces& i : entry_.source->initial_orders) {
    in_mail_ += i.pieces;
    context_.ledger.order(id_, i.pieces);
    const Pieces pieces = i.pieces;
    context_.kernel.at(
        now + sim::days_to_duration(i.in_days), phase::orders_in,
        [this, now, pieces] { reach_seller(now, pieces); }, &entry_.name);
  }
  for (const InitialPieces& i : entry_.source->initial_shipments) {
    const auto& variants = context_.catalog[entry_.offer].variants;
    const auto first = std::find_if(entry_.accepts.begin(), entry_.accepts.end(),
                                    [](const auto& since) { return since.has_value(); });
    if (first == entry_.accepts.end()) continue;
    const StockId from = variants[static_cast<std::size_t>(first - entry_.accepts.begin())].stock;
    const Pieces pieces = i.pieces;
    in_transit_ += pieces;
    context_.ledger.put_in_transit(id_, from, pieces);
    context_.kernel.at(
        now + sim::days_to_duration(i.in_days), phase::arrivals,
        [this, from, pieces] { arrive(from, pieces); }, &entry_.name);
  }
}

void Channel::order(Pieces pieces) {
  if (pieces == Pieces{0}) return;
  context_.ledger.order(id_, pieces);
  context_.meters.add(meters_.ordered, pieces.count());
  in_mail_ += pieces;
  const sim::Time placed = context_.now();
  context_.kernel.at(
      placed + order_delay_, phase::orders_in,
      [this, placed, pieces] { reach_seller(placed, pieces); }, &entry_.name);
}

void Channel::reach_seller(sim::Time placed, Pieces pieces) {
  in_mail_ -= pieces;
  open_ += pieces;
  intake_ += pieces;
  orders_.push_back({placed, pieces});
  for (std::size_t l = 0; l < room_.size(); ++l) {
    room_[l] += entry_.limits[l].most->value(context_.now()) * to_double(pieces);
  }
}

Pieces Channel::withdraw_ordered_before(sim::Time limit) {
  Pieces withdrawn{0};
  while (!orders_.empty() && orders_.front().placed <= limit) {
    withdrawn += orders_.front().pieces;
    orders_.pop_front();
  }
  if (!withdrawn) return withdrawn;
  open_ -= withdrawn;
  context_.ledger.withdraw(id_, withdrawn);
  context_.meters.add(meters_.withdrawn, withdrawn.count());
  return withdrawn;
}

Pieces Channel::cancel_newest(Pieces pieces) {
  Pieces left = pieces;
  while (left > Pieces{0} && !orders_.empty()) {
    const Pieces taken = std::min(left, orders_.back().pieces);
    orders_.back().pieces -= taken;
    left -= taken;
    if (!orders_.back().pieces) orders_.pop_back();
  }
  const Pieces cancelled = pieces - left;
  if (!cancelled) return cancelled;
  open_ -= cancelled;
  context_.ledger.withdraw(id_, cancelled);
  context_.meters.add(meters_.cancelled, cancelled.count());
  return cancelled;
}

double Channel::way_weeks() const {
  return sim::to_weeks(order_delay_) + lane_.mean_days() / 7.0;
}

Pieces Channel::take_intake() {
  return std::exchange(intake_, Pieces{0});
}

bool Channel::accepts(std::size_t variant) const {
  return context_.conditions.accepts(id_, variant, context_.now());
}

Pieces Channel::open_for(std::size_t variant) const {
  if (!open_ || !accepts(variant)) return Pieces{0};
  Pieces pieces = open_;
  for (std::size_t l = 0; l < room_.size(); ++l) {
    if (!entry_.limits[l].is_new[variant]) continue;
    // sums of parts of pieces are exact up to rounding
    pieces = std::min(pieces, Pieces{sim::to_whole(std::floor(std::max(0.0, room_[l] + 1e-6)))});
  }
  return pieces;
}

void Channel::ship(std::size_t variant, Pieces pieces) {
  if (pieces == Pieces{0}) return;
  const StockId stock = context_.catalog[entry_.offer].variants[variant].stock;
  context_.ledger.ship(id_, stock, pieces);
  context_.add_stock(stock, -pieces);
  context_.meters.add(context_.inventory.meters[stock.index()].shipped, pieces.count());
  context_.meters.add(meters_.shipped, pieces.count());
  open_ -= pieces;
  in_transit_ += pieces;
  for (std::size_t l = 0; l < room_.size(); ++l) {
    if (!entry_.limits[l].is_new[variant]) continue;
    room_[l] -= to_double(pieces);
    if (room_[l] < -1) {
      sim::fail("law broken: {} gets {:.0f} pieces of new variants more than its buyer takes",
                entry_.name, -room_[l]);
    }
  }

  const sim::Time arrival = lane_.send(
      phase::arrivals, [this, stock, pieces] { arrive(stock, pieces); }, &entry_.name);

  // The oldest orders are filled first; each piece has waited since its order was placed.
  for (Pieces left = pieces; left > Pieces{0};) {
    OpenOrder& oldest = orders_.front();
    const Pieces filled = std::min(left, oldest.pieces);
    context_.meters.add(meters_.lead_time, (filled * (arrival - oldest.placed).count()).count());
    oldest.pieces -= filled;
    left -= filled;
    if (!oldest.pieces) orders_.pop_front();
  }

  const SiteId seller = context_.catalog[entry_.offer].site;
  if (const Money paid = price(stock, pieces)) {
    context_.accounts.pay(entry_.buyer, context_.catalog.party(seller), Account::goods, paid);
    context_.meters.add(meters_.spend, paid.count());
  }
  if (entry_.lane && entry_.lane->freight_usd_per_piece > 0) {
    context_.accounts.pay_outside(context_.catalog.party(seller), Account::freight,
                                  usd(entry_.lane->freight_usd_per_piece * to_double(pieces)));
  }
}

Money Channel::price(StockId stock, Pieces pieces) const {
  const double spot =
      context_.conditions.price_usd(entry_.offer, context_.catalog[stock].item, context_.now());
  return usd(spot * (1 + entry_.source->premium) * to_double(pieces));
}

void Channel::arrive(StockId from, Pieces pieces) {
  in_transit_ -= pieces;
  context_.ledger.arrive(id_, from, pieces);
  context_.meters.add(meters_.received, pieces.count());
  if (entry_.purchase.valid()) {
    const StockId stock = context_.catalog[entry_.purchase].stock;
    context_.add_stock(stock, pieces);
    context_.meters.add(context_.inventory.meters[stock.index()].received, pieces.count());
  }
}

std::vector<std::int64_t> split_order(std::int64_t pieces, std::span<const Quote> quotes,
                                      double elasticity) {
  if (quotes.size() == 1) return {quotes.front().weight > 0 ? pieces : 0};
  static thread_local std::vector<double> weights;  // kept for its memory
  weights.clear();
  for (const Quote& q : quotes) {
    // a day at least, so that a seller who delivers at once does not take everything
    const double lead = std::max(q.lead_weeks, 1.0 / 7);
    weights.push_back(elasticity > 0 ? q.weight * std::pow(lead, -elasticity) : q.weight);
  }
  return apportion(pieces, weights);
}

}  // namespace optichain::models
