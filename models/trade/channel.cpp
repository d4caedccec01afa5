#include "models/trade/channel.hpp"

#include <algorithm>
#include <utility>

#include "sim/base/check.hpp"

namespace optichain::models::trade {
namespace {

// Of a quota of millions of pieces each of them would be looked at alone.
constexpr int most_quota_looks = 100;

Channel::Handles define_meters(const Services& services, const Catalog::ChannelEntry& entry) {
  const auto entity = measures::of(measures::Group::channels, entry.name);
  books::Meters& m = services.meters;
  Channel::Handles meters{m.flow(entity, "ordered"),
                          m.flow(entity, "shipped"),
                          m.flow(entity, "received"),
                          m.flow(entity, "withdrawn"),
                          m.flow(entity, "cancelled"),
                          m.flow(entity, "lead_time", 1.0 / 86400),
                          m.flow(entity, "spend", 1e-6),
                          m.level(entity, "backlog"),
                          {},
                          {},
                          {}};
  const SiteId seller = services.catalog[entry.offer].site;
  if (services.catalog[seller].site->charged == Charging::continuously) {
    meters.open_level = m.level(entity, "open");
    meters.in_transit_level = m.level(entity, "in_transit");
  }
  if (entry.source->expedite) meters.expedited = m.flow(entity, "expedited");
  return meters;
}

}  // namespace

Channel::Channel(const Services& services, ChannelId id)
    : id_(id),
      offer_(services.catalog[id].offer),
      seller_(services.catalog[offer_].site),
      buyer_(services.catalog[id].purchase.valid()
                 ? services.catalog[services.catalog[id].purchase].site
                 : SiteId{}),
      services_(services),
      entry_(services.catalog[id]),
      meters_(define_meters(services, entry_)),
      order_delay_(sim::days_to_duration(entry_.source->order_delay_days)),
      new_variants_(entry_),
      licences_(services, entry_),
      invoicing_(services, entry_, services.catalog.party(seller_)),
      shipments_(services, entry_, buyer_, meters_.lead_time,
                 [this](StockId from, Pieces pieces) { receive(from, pieces); }),
      waited_until_(services.now()) {
  if (licences_.empty() && shipments_.take_constant_time()) constant_way_weeks_ = way_weeks_now();
}

void Channel::put_initial(std::span<const InitialPieces> orders,
                          std::span<const InitialPieces> shipments) {
  const sim::Time now = services_.now();
  pass_wait();
  for (const InitialPieces& i : orders) {
    in_mail_ += i.pieces;
    note_wanted_before(i.pieces);
    services_.ledger.order(id_, i.pieces);
    const Pieces pieces = i.pieces;
    services_.kernel.at(
        now + sim::days_to_duration(i.in_days), state::phase::orders_in,
        [this, now, pieces] { reach_seller(now, pieces, OrderBook::ordinary); }, &entry_.name);
  }
  for (const InitialPieces& i : shipments) {
    const auto& variants = services_.catalog[entry_.offer].variants;
    const auto first = std::find_if(entry_.accepts.begin(), entry_.accepts.end(),
                                    [](const auto& since) { return since.has_value(); });
    if (first == entry_.accepts.end()) continue;
    const StockId from = variants[static_cast<std::size_t>(first - entry_.accepts.begin())].stock;
    change_in_transit(i.pieces);
    note_wanted_before(i.pieces);
    services_.ledger.put_in_transit(id_, from, i.pieces);
    shipments_.expect(now + sim::days_to_duration(i.in_days), from, i.pieces);
  }
}

/// What a customer ordered before the simulation it had wanted.
void Channel::note_wanted_before(Pieces pieces) const {
  if (entry_.demand.valid()) services_.ledger.want(entry_.demand, pieces);
}

// --- orders ------------------------------------------------------------------------------------

Pieces Channel::committed() const {
  if (!book_.has_agreements() || !services_.terms.may_order(id_, services_.now())) {
    return Pieces{0};
  }
  return book_.still_to_call();
}

Pieces Channel::last_call(sim::Time next) const {
  if (!book_.has_agreements() || !services_.terms.may_order(id_, services_.now())) {
    return Pieces{0};
  }
  return book_.last_call(next);
}

void Channel::order(Pieces pieces, sim::Time wanted) {
  if (pieces == Pieces{0}) return;
  pass_wait();
  services_.ledger.order(id_, pieces);
  services_.meters.add(meters_.ordered, pieces.count());
  invoicing_.pay_for_order();
  in_mail_ += pieces;
  book_.divide(pieces,
               [this, wanted](Pieces part, OrderBook::Position on) { place(wanted, part, on); });
}

void Channel::place(sim::Time wanted, Pieces pieces, OrderBook::Position on) {
  services_.kernel.at(
      services_.now() + order_delay_, state::phase::orders_in,
      [this, wanted, pieces, on] { reach_seller(wanted, pieces, on); }, &entry_.name);
}

void Channel::reach_seller(sim::Time wanted, Pieces pieces, OrderBook::Position on) {
  in_mail_ -= pieces;
  intake_ += pieces;
  book_.enter(wanted, pieces, on);
  change_open(pieces);
  new_variants_.note_order(pieces, services_.now());
  if (services_.terms.refuses_orders(id_, services_.now())) {
    withdraw_for_program();
    services_.continuous_review.notify(entry_.buyer);
  }
  services_.continuous_review.notify(seller_);
}

/// What is not shipped has waited until now. Comes before any change of it.
void Channel::pass_wait() {
  const sim::Time now = services_.now();
  waited_ = waited_so_far(now);
  waited_until_ = now;
}

double Channel::waited_so_far(sim::Time now) const {
  return waited_ + to_double(not_shipped()) * static_cast<double>((now - waited_until_).count());
}

double Channel::waited(sim::Time now) const {
  return waited_so_far(now) + shipments_.waited();
}

void Channel::change_open(Pieces change) {
  open_ += change;
  if (!meters_.open_level.valid()) return;
  services_.meters.set(meters_.open_level, open_.count(), services_.now());
}

Pieces Channel::withdraw_ordered_before(sim::Time limit) {
  const Pieces withdrawn = book_.withdraw_placed_before(limit, [](sim::Time, Pieces) {});
  note_withdrawn(withdrawn, meters_.withdrawn);
  return withdrawn;
}

void Channel::withdraw_for_program() {
  book_.withdraw_placed_before(services_.now(), [&](sim::Time wanted, Pieces pieces) {
    const bool still_wanted = reorders_ && reorders_->reorder(id_, wanted, pieces);
    note_withdrawn(pieces, still_wanted ? meters_.cancelled : meters_.withdrawn);
  });
}

void Channel::note_withdrawn(Pieces pieces, books::MeterId as) {
  if (!pieces) return;
  pass_wait();
  change_open(-pieces);
  services_.ledger.withdraw(id_, pieces);
  services_.meters.add(as, pieces.count());
}

Pieces Channel::cancel_newest(Pieces pieces, Pieces lot) {
  const Pieces cancelled = book_.cancel_newest(pieces, lot);
  note_withdrawn(cancelled, meters_.cancelled);
  return cancelled;
}

double Channel::way_weeks_now() const {
  const double days = licences_.with_wait(shipments_.mean_days(), services_.now());
  return sim::to_weeks(order_delay_) + days / 7.0;
}

// --- shipments ---------------------------------------------------------------------------------

Pieces Channel::take_intake() {
  return std::exchange(intake_, Pieces{0});
}

bool Channel::accepts(std::size_t variant) const {
  return services_.terms.accepts(id_, variant, services_.now());
}

Pieces Channel::claim(std::size_t variant) const {
  if (!open_ || services_.pauses.holds(id_) || !accepts(variant)) return Pieces{0};
  const Pieces pieces = new_variants_.within_limits(open_, variant);
  if (entry_.holds.empty()) return pieces;
  const sim::Time now = services_.now();
  if (!services_.terms.may_ship(id_, variant, now)) return Pieces{0};
  return licences_.within_quotas(pieces, variant, now);
}

void Channel::await_quota() {
  const PartyId seller = services_.catalog.party(seller_);
  if (!open_ || licences_.empty() || !services_.continuous_review.listens(seller)) return;
  const sim::Time now = services_.now();
  if (now < quota_awaited_) return;
  const auto next = licences_.next_piece(now);
  if (!next) return;
  quota_awaited_ = std::max(*next, now + services_.catalog.review_every(seller) / most_quota_looks);
  services_.kernel.at(
      quota_awaited_, state::phase::programs,
      [this] { services_.continuous_review.notify(seller_); }, &entry_.name);
}

void Channel::ship(std::size_t variant, Pieces pieces, AgreementId on) {
  if (pieces == Pieces{0}) return;
  const StockId stock = services_.catalog[entry_.offer].variants[variant].stock;
  services_.ledger.ship(id_, stock, pieces);
  services_.inventory.change(stock, -pieces);
  services_.meters.add(services_.inventory.meters(stock).shipped, pieces.count());
  services_.meters.add(meters_.shipped, pieces.count());
  change_in_transit(pieces);
  new_variants_.note_shipment(pieces, variant);

  const Pieces express = late(pieces, on);
  const sim::Duration wait =
      licences_.empty() ? sim::Duration{0} : licences_.take(pieces, variant, services_.now());
  if (shipments_.have_express()) dispatch(Shipments::Way::express, stock, express, on, wait);
  dispatch(Shipments::Way::usual, stock, pieces - express, on, wait);
  pass_wait();
  change_open(-pieces);
  invoice_goods(stock, pieces);
  invoicing_.pay_for_transport(pieces - express, express);
  if (express) services_.meters.add(meters_.expedited, express.count());
}

/// How many of these pieces fill orders that are late.
Pieces Channel::late(Pieces pieces, AgreementId on) const {
  if (!shipments_.have_express()) return Pieces{0};
  const sim::Time limit =
      services_.now() - sim::days_to_duration(entry_.source->expedite->when_late_days);
  return book_.filling_placed_before(limit, pieces, on);
}

/// Sends pieces off against the oldest orders.
void Channel::dispatch(Shipments::Way way, StockId stock, Pieces pieces, AgreementId on,
                       sim::Duration wait) {
  if (!pieces) return shipments_.skip(way);
  const sim::Time arrival = shipments_.send(way, stock, pieces, wait);
  waited_ += to_double(pieces) * static_cast<double>((arrival - services_.now()).count());
  fill_oldest(pieces, arrival, on);
}

/// The oldest orders are filled first; each piece has waited since its order was placed.
void Channel::fill_oldest(Pieces pieces, sim::Time arrival, AgreementId on) {
  const auto note = [&](sim::Time placed, Pieces filled, const OrderBook::Calls* calls) {
    services_.meters.add(meters_.lead_time, (filled * (arrival - placed).count()).count());
    if (!calls || !calls->follower) return;
    services_.kernel.at(
        arrival, state::phase::arrivals,
        [follower = calls->follower, filled] { follower->arrive(filled); }, &entry_.name);
  };
  const Pieces left = book_.fill_oldest(pieces, on, note);
  OPTICHAIN_CHECK(!left, "{} is shipped {} pieces more than are open", entry_.name, left);
}

/// Pieces that were called on agreements are paid by their terms, the others at the price of the
/// day.
void Channel::invoice_goods(StockId stock, Pieces pieces) {
  const double spot = spot_usd(stock);
  for (OrderBook::Calls& calls : book_.agreements()) {
    if (!calls.filled) continue;
    const Pieces filled = std::exchange(calls.filled, Pieces{0});
    services_.meters.add(meters_.spend, calls.terms->deliver(filled, spot).count());
    pieces -= filled;
  }
  const Money invoice = invoicing_.pay_for_goods(pieces, spot);
  if (invoice) services_.meters.add(meters_.spend, invoice.count());
}

void Channel::change_in_transit(Pieces change) {
  in_transit_ += change;
  if (!meters_.in_transit_level.valid()) return;
  services_.meters.set(meters_.in_transit_level, in_transit_.count(), services_.now());
}

void Channel::receive(StockId from, Pieces pieces) {
  change_in_transit(-pieces);
  services_.ledger.arrive(id_, from, pieces);
  services_.meters.add(meters_.received, pieces.count());
  if (!entry_.purchase.valid()) return;
  const StockId stock = services_.catalog[entry_.purchase].stock;
  services_.inventory.change(stock, pieces);
  services_.meters.add(services_.inventory.meters(stock).received, pieces.count());
  services_.continuous_review.notify(buyer_);
}

}  // namespace optichain::models::trade
