#include "models/agents/channel.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/agents/agreement_desk.hpp"
#include "models/agents/earmark.hpp"
#include "models/state/phase.hpp"
#include "sim/base/check.hpp"

namespace optichain::models::agents {
namespace {

const Value& transit_days(const Catalog::ChannelEntry& entry) {
  static const Value at_once{0.0};
  return entry.lane ? entry.lane->transit_days : at_once;
}

}  // namespace

Channel::Channel(const Context& context, ChannelId id)
    : id_(id),
      offer_(context.catalog[id].offer),
      seller_(context.catalog[offer_].site),
      buyer_(context.catalog[id].purchase.valid()
                 ? context.catalog[context.catalog[id].purchase].site
                 : SiteId{}),
      context_(context),
      entry_(context.catalog[id]),
      order_delay_(sim::days_to_duration(entry_.source->order_delay_days)),
      lane_(context.kernel, transit_days(entry_), sim::Stream(context.run, entry_.name, "transit")),
      room_(entry_.limits.size(), 0) {
  const std::string entity = "channels." + entry_.name;
  books::Meters& m = context.meters;
  meters_ = {m.flow(entity, "ordered"),
             m.flow(entity, "shipped"),
             m.flow(entity, "received"),
             m.flow(entity, "withdrawn"),
             m.flow(entity, "cancelled"),
             m.flow(entity, "lead_time", "piece days", 1.0 / 86400),
             m.flow(entity, "spend", "usd", 1e-6),
             m.level(entity, "backlog"),
             {},
             {},
             {}};
  if (context.catalog[seller_].site->charged == Charging::continuously) {
    meters_.open_level = m.level(entity, "open");
    meters_.in_transit_level = m.level(entity, "in_transit");
  }
  add_licences();
  if (licences_.empty() && transit_days(entry_).curve().is_constant()) {
    constant_way_weeks_ = way_weeks_now();
  }
  if (!entry_.source->expedite) return;
  express_ = std::make_unique<sim::Lane>(context.kernel, entry_.lane->express->transit_days,
                                         sim::Stream(context.run, entry_.name, "express"));
  meters_.expedited = m.flow(entity, "expedited");
}

void Channel::add_licences() {
  for (const Hold& hold : entry_.holds) {
    const auto& program = context_.catalog[hold.program];
    const auto* control = std::get_if<ExportControl>(program.program);
    if (!control || std::holds_alternative<Blocked>(control->effect)) continue;
    const auto* quota = std::get_if<LicenceQuota>(&control->effect);
    const double simulated = sim::to_weeks(hold.from - context_.catalog.begin());
    licences_.push_back(
        {&hold, std::get_if<LicenceDelay>(&control->effect), quota,
         sim::Stream(context_.run, "programs." + program.name + "." + entry_.name, "licences"),
         quota ? std::min(quota->base_weeks, simulated) : 0});
  }
}

void Channel::put_initial() {
  const sim::Time now = context_.now();
  for (const InitialPieces& i : entry_.source->initial_orders) {
    in_mail_ += i.pieces;
    context_.ledger.order(id_, i.pieces);
    const Pieces pieces = i.pieces;
    context_.kernel.at(
        now + sim::days_to_duration(i.in_days), state::phase::orders_in,
        [this, now, pieces] { reach_seller(now, pieces); }, &entry_.name);
  }
  for (const InitialPieces& i : entry_.source->initial_shipments) {
    const auto& variants = context_.catalog[entry_.offer].variants;
    const auto first = std::find_if(entry_.accepts.begin(), entry_.accepts.end(),
                                    [](const auto& since) { return since.has_value(); });
    if (first == entry_.accepts.end()) continue;
    const StockId from = variants[static_cast<std::size_t>(first - entry_.accepts.begin())].stock;
    const Pieces pieces = i.pieces;
    change_in_transit(pieces);
    context_.ledger.put_in_transit(id_, from, pieces);
    context_.kernel.at(
        now + sim::days_to_duration(i.in_days), state::phase::arrivals,
        [this, from, pieces] { land(from, pieces, sim::Duration{0}, context_.now()); },
        &entry_.name);
  }
}

void Channel::attach(AgreementDesk& desk, std::size_t part, Earmark* earmark) {
  ties_.push_back({&desk, part, desk.id(), earmark});
}

Pieces Channel::committed() const {
  Pieces sum{0};
  if (ties_.empty() || !context_.terms.may_order(id_, context_.now())) return sum;
  for (const Tie& tie : ties_) sum += tie.desk->still_to_call(tie.part);
  return sum;
}

void Channel::order(Pieces pieces) {
  if (pieces == Pieces{0}) return;
  context_.ledger.order(id_, pieces);
  context_.meters.add(meters_.ordered, pieces.count());
  pay_for_order();
  in_mail_ += pieces;
  for (const bool upside : {false, true}) {
    for (std::uint32_t t = 0; t < ties_.size(); ++t) {
      const Tie& tie = ties_[t];
      const Pieces room =
          upside ? tie.desk->upside_left(tie.part) : tie.desk->still_to_call(tie.part);
      const Pieces called = std::min(pieces, room);
      if (!called) continue;
      tie.desk->call(tie.part, called);
      place(called, t);
      pieces -= called;
    }
  }
  if (pieces) place(pieces, no_tie);
}

void Channel::place(Pieces pieces, std::uint32_t tie) {
  const sim::Time placed = context_.now();
  context_.kernel.at(
      placed + order_delay_, state::phase::orders_in,
      [this, placed, pieces, tie] { reach_seller(placed, pieces, tie); }, &entry_.name);
}

void Channel::reach_seller(sim::Time placed, Pieces pieces, std::uint32_t tie) {
  in_mail_ -= pieces;
  open_ += pieces;
  intake_ += pieces;
  if (tie != no_tie) ties_[tie].open += pieces;
  orders_.push_back({placed, pieces, tie});
  for (std::size_t l = 0; l < room_.size(); ++l) {
    room_[l] += entry_.limits[l].most->value(context_.now()) * to_double(pieces);
  }
  if (context_.terms.refuses_orders(id_, context_.now())) {
    withdraw_ordered_before(context_.now());
  }
  note_open();
  context_.continuous_review.notify(seller_);
}

void Channel::note_open() const {
  if (!meters_.open_level.valid()) return;
  context_.meters.set(meters_.open_level, open_.count(), context_.now());
}

void Channel::take_from(OpenOrder& order, Pieces pieces) {
  order.pieces -= pieces;
  open_ -= pieces;
  note_open();
  if (order.tie != no_tie) ties_[order.tie].open -= pieces;
}

Channel::Tie* Channel::tie_of(AgreementId id) {
  const auto found =
      std::find_if(ties_.begin(), ties_.end(), [&](const Tie& tie) { return tie.id == id; });
  return found == ties_.end() ? nullptr : &*found;
}

Pieces Channel::open_calls(AgreementId id) const {
  for (const Tie& tie : ties_) {
    if (tie.id == id) return tie.open;
  }
  return Pieces{0};
}

void Channel::release_calls(AgreementId id) {
  Tie& tie = *tie_of(id);
  for (OpenOrder& order : orders_) {
    if (order.tie != no_tie && &ties_[order.tie] == &tie) order.tie = no_tie;
  }
  tie.open = Pieces{0};
}

Pieces Channel::withdraw_ordered_before(sim::Time limit) {
  Pieces withdrawn{0};
  while (!orders_.empty() && orders_.front().placed <= limit) {
    OpenOrder& oldest = orders_.front();
    withdrawn += oldest.pieces;
    if (oldest.tie != no_tie) ties_[oldest.tie].desk->note_withdrawn(oldest.pieces);
    take_from(oldest, oldest.pieces);
    orders_.pop_front();
  }
  if (!withdrawn) return withdrawn;
  context_.ledger.withdraw(id_, withdrawn);
  context_.meters.add(meters_.withdrawn, withdrawn.count());
  return withdrawn;
}

Pieces Channel::cancel_newest(Pieces pieces) {
  Pieces left = pieces;
  for (auto newest = orders_.rbegin(); newest != orders_.rend() && left; ++newest) {
    if (newest->tie != no_tie) continue;  // what is called on an agreement is firm
    const Pieces taken = std::min(left, newest->pieces);
    take_from(*newest, taken);
    left -= taken;
  }
  while (!orders_.empty() && !orders_.back().pieces) orders_.pop_back();
  const Pieces cancelled = pieces - left;
  if (!cancelled) return cancelled;
  context_.ledger.withdraw(id_, cancelled);
  context_.meters.add(meters_.cancelled, cancelled.count());
  return cancelled;
}

double Channel::way_weeks_now() const {
  double days = lane_.mean_days();
  for (const Licence& licence : licences_) {
    const sim::Time now = context_.now();
    const bool holds = licence.hold->from <= now && now < licence.hold->until;
    if (holds && licence.delay) days += licence.delay->days.mean(now);
  }
  return sim::to_weeks(order_delay_) + days / 7.0;
}

Pieces Channel::take_intake() {
  return std::exchange(intake_, Pieces{0});
}

bool Channel::accepts(std::size_t variant) const {
  return context_.terms.accepts(id_, variant, context_.now());
}

Pieces Channel::claim(std::size_t variant) const {
  if (!open_ || !accepts(variant)) return Pieces{0};
  Pieces pieces = open_;
  for (std::size_t l = 0; l < room_.size(); ++l) {
    if (!entry_.limits[l].is_new[variant]) continue;
    // sums of parts of pieces are exact up to rounding
    pieces = std::min(pieces, Pieces{sim::to_whole(std::floor(std::max(0.0, room_[l] + 1e-6)))});
  }
  if (entry_.holds.empty()) return pieces;
  if (!context_.terms.may_ship(id_, variant, context_.now())) return Pieces{0};
  for (const Licence& licence : licences_) {
    if (!licence.quota || !licence.hold->holds(variant, context_.now())) continue;
    pieces = std::min(pieces, quota_left(licence));
  }
  return pieces;
}

/// What the control has allowed so far, week by week, and was not shipped.
Pieces Channel::quota_left(const Licence& licence) const {
  if (licence.base_begin_weeks <= 0) return Pieces{0};
  const double per_week = static_cast<double>(licence.base) / licence.base_begin_weeks;
  const double weeks = sim::to_weeks(context_.now() - licence.hold->from);
  const double allowed = licence.quota->left * per_week * weeks;
  const double left = allowed - static_cast<double>(licence.used);
  return Pieces{sim::to_whole(std::floor(std::max(0.0, left + 1e-6)))};
}

/// Counts a shipment under quotas; returns how long it waits for its licences.
sim::Duration Channel::take_licences(std::size_t variant, Pieces pieces) {
  const sim::Time now = context_.now();
  sim::Duration wait{0};
  for (Licence& licence : licences_) {
    const Hold& hold = *licence.hold;
    if (!hold.variants[variant]) continue;
    const bool holds = hold.holds(variant, now);
    if (licence.delay && holds) {
      const double days =
          std::min(licence.delay->days.draw(now, licence.draws), sim::span_days.max);
      wait += sim::days_to_duration(days);
    } else if (licence.quota && holds) {
      licence.used += pieces.count();
    } else if (licence.quota && now < hold.from &&
               sim::to_weeks(hold.from - now) <= licence.base_begin_weeks) {
      licence.base += pieces.count();
    }
  }
  return wait;
}

void Channel::ship(std::size_t variant, Pieces pieces, AgreementId on) {
  if (pieces == Pieces{0}) return;
  const StockId stock = context_.catalog[entry_.offer].variants[variant].stock;
  context_.ledger.ship(id_, stock, pieces);
  context_.inventory.change(stock, -pieces);
  context_.meters.add(context_.inventory.meters(stock).shipped, pieces.count());
  context_.meters.add(meters_.shipped, pieces.count());
  change_in_transit(pieces);
  for (std::size_t l = 0; l < room_.size(); ++l) {
    if (!entry_.limits[l].is_new[variant]) continue;
    room_[l] -= to_double(pieces);
    if (room_[l] < -1) {
      sim::fail("law broken: {} gets {:.0f} pieces of new variants more than its buyer takes",
                entry_.name, -room_[l]);
    }
  }

  for (Tie& tie : ties_) tie.filled = Pieces{0};
  const Pieces express = late(pieces, on);
  const sim::Duration wait = licences_.empty() ? sim::Duration{0} : take_licences(variant, pieces);
  if (express_) dispatch(*express_, stock, express, on, wait);
  dispatch(lane_, stock, pieces - express, on, wait);
  pay_for_goods(stock, pieces);
  pay_for_transport(pieces - express, express);
}

/// Whether an order is among those that a shipment is for: any, or those placed on one agreement.
bool Channel::is_on(const OpenOrder& order, AgreementId on) const {
  return !on.valid() || (order.tie != no_tie && ties_[order.tie].id == on);
}

/// How many of these pieces fill orders that are late.
Pieces Channel::late(Pieces pieces, AgreementId on) const {
  if (!express_) return Pieces{0};
  const sim::Time limit =
      context_.now() - sim::days_to_duration(entry_.source->expedite->when_late_days);
  Pieces sum{0};
  for (const OpenOrder& order : orders_) {
    if (order.placed > limit || sum >= pieces) break;
    if (is_on(order, on)) sum += order.pieces;
  }
  return std::min(sum, pieces);
}

/// Sends pieces off against the oldest orders. Every shipment takes a draw of each way, so that
/// what goes express does not change how long other shipments take.
void Channel::dispatch(sim::Lane& lane, StockId stock, Pieces pieces, AgreementId on,
                       sim::Duration wait) {
  if (!pieces) return lane.skip();
  const sim::Duration held_up =
      buyer_.valid() ? context_.pauses.so_far(buyer_, Activity::transit) : sim::Duration{0};
  const sim::Time arrival = lane.send(
      state::phase::arrivals,
      [this, stock, pieces, held_up] { land(stock, pieces, held_up, context_.now()); },
      &entry_.name, wait);
  fill_oldest(pieces, arrival, on);
}

/// The oldest orders are filled first; each piece has waited since its order was placed.
void Channel::fill_oldest(Pieces pieces, sim::Time arrival, AgreementId on) {
  for (OpenOrder& order : orders_) {
    if (!pieces) break;
    if (!is_on(order, on)) continue;
    const Pieces filled = std::min(pieces, order.pieces);
    context_.meters.add(meters_.lead_time, (filled * (arrival - order.placed).count()).count());
    if (order.tie != no_tie) {
      Tie& tie = ties_[order.tie];
      tie.filled += filled;
      if (Earmark* earmark = tie.earmark) {
        context_.kernel.at(
            arrival, state::phase::arrivals, [earmark, filled] { earmark->arrive(filled); },
            &entry_.name);
      }
    }
    take_from(order, filled);
    pieces -= filled;
  }
  while (!orders_.empty() && !orders_.front().pieces) orders_.pop_front();
  OPTICHAIN_CHECK(!pieces, "{} is shipped {} pieces more than are open", entry_.name, pieces);
}

/// Pieces that were called on agreements are paid by their terms, the others at the price of the
/// day.
void Channel::pay_for_goods(StockId stock, Pieces pieces) {
  const double spot = spot_usd(stock);
  for (const Tie& tie : ties_) {
    if (!tie.filled) continue;
    const Money invoice = tie.desk->deliver(tie.part, tie.filled, spot);
    context_.meters.add(meters_.spend, invoice.count());
    pieces -= tie.filled;
  }
  const Money amount = usd(spot * to_double(pieces));
  if (!amount) return;
  context_.meters.add(meters_.spend, amount.count());
  const PartyId seller = context_.catalog.party(seller_);
  const double days = entry_.source->payment_days;
  if (days == 0) return context_.accounts.pay(entry_.buyer, seller, books::Account::goods, amount);
  context_.accounts.pay_at(context_.now() + sim::days_to_duration(days), state::phase::charging,
                           entry_.buyer, seller, books::Account::goods, amount);
}

void Channel::pay_for_transport(Pieces pieces, Pieces express) {
  if (!entry_.lane) return;
  const PartyId seller = context_.catalog.party(seller_);
  const double shipment = pieces ? entry_.lane->freight_usd_per_shipment : 0;
  context_.accounts.pay_outside(
      seller, books::Account::freight,
      usd(entry_.lane->freight_usd_per_piece * to_double(pieces) + shipment));
  if (!express) return;
  const bool by_buyer = entry_.source->expedite->paid_by == Bearer::buyer;
  context_.accounts.pay_outside(by_buyer ? entry_.buyer : seller, books::Account::expediting,
                                usd(entry_.lane->express->usd_per_piece * to_double(express)));
  context_.meters.add(meters_.expedited, express.count());
}

double Channel::spot_usd(StockId stock) const {
  const double price =
      context_.terms.price_usd(entry_.offer, context_.catalog[stock].item, context_.now());
  return price * (1 + entry_.source->premium);
}

void Channel::pay_for_order() const {
  context_.accounts.pay_outside(entry_.buyer, books::Account::ordering,
                                usd(entry_.source->order_usd));
}

void Channel::change_in_transit(Pieces change) {
  in_transit_ += change;
  if (!meters_.in_transit_level.valid()) return;
  context_.meters.set(meters_.in_transit_level, in_transit_.count(), context_.now());
}

/// A shipment was due at a time, if it had not stood still for longer than it had when that was
/// reckoned: it arrives, unless it has to make up for that, or waits at the door.
void Channel::land(StockId from, Pieces pieces, sim::Duration held_up_before, sim::Time due) {
  if (!buyer_.valid() || !context_.pauses.are_used()) return arrive(from, pieces);
  if (context_.pauses.holds(buyer_, Activity::transit)) {
    return context_.pauses.when_over(
        buyer_, Activity::transit,
        [this, from, pieces, held_up_before, due] { land(from, pieces, held_up_before, due); });
  }
  const sim::Duration held_up = context_.pauses.so_far(buyer_, Activity::transit);
  if (held_up > held_up_before) {
    const sim::Duration late = held_up - held_up_before;
    context_.meters.add(meters_.lead_time, (pieces * late.count()).count());
    context_.kernel.at(
        due + late, state::phase::arrivals,
        [this, from, pieces, held_up] { land(from, pieces, held_up, context_.now()); },
        &entry_.name);
    return;
  }
  if (!context_.pauses.holds(buyer_, Activity::receipts)) return arrive(from, pieces);
  context_.pauses.when_over(buyer_, Activity::receipts, [this, from, pieces, due] {
    context_.meters.add(meters_.lead_time, (pieces * (context_.now() - due).count()).count());
    arrive(from, pieces);
  });
}

void Channel::arrive(StockId from, Pieces pieces) {
  change_in_transit(-pieces);
  context_.ledger.arrive(id_, from, pieces);
  context_.meters.add(meters_.received, pieces.count());
  if (!entry_.purchase.valid()) return;
  const StockId stock = context_.catalog[entry_.purchase].stock;
  context_.inventory.change(stock, pieces);
  context_.meters.add(context_.inventory.meters(stock).received, pieces.count());
  context_.continuous_review.notify(buyer_);
}

}  // namespace optichain::models::agents
