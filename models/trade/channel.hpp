#pragma once
// A channel: one buyer's orders at one offer, from the order slip to the goods received. What an
// order book, licences, transport and invoices are stands in files of their own; here is when they
// act.

#include <optional>
#include <span>

#include "models/trade/invoicing.hpp"
#include "models/trade/licences.hpp"
#include "models/trade/new_variants.hpp"
#include "models/trade/order_book.hpp"
#include "models/trade/services.hpp"
#include "models/trade/shipments.hpp"

namespace optichain::models::trade {

/// A buyer that still wants what a seller does not serve any more.
class Reorders {
 public:
  virtual ~Reorders() = default;
  /// Whether it orders anew what it still needs of it: pieces wanted at that time, which a program
  /// withdraws from a channel now, and which the channel counts as open until this is answered.
  virtual bool reorder(ChannelId channel, sim::Time wanted, Pieces pieces) = 0;
};

/// Aligned, so that what is asked for in every review stands in as few cache lines as possible.
class alignas(64) Channel {
 public:
  struct Handles {
    books::MeterId ordered, shipped, received, withdrawn, cancelled, lead_time, spend;
    books::MeterId backlog;  // not_shipped(), as the world samples it
    // levels, where what is owed and on its way is charged continuously
    books::MeterId open_level, in_transit_level;
    books::MeterId expedited;  // not valid where nothing ever goes express
  };

  /// `services` must outlive the channel.
  Channel(const Services& services, ChannelId id);
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  /// The buyer may call off pieces on an agreement; agreements are added by priority. `follower`,
  /// if given, is told what arrives of them.
  void add(CallOff& agreement, Arrivals* follower) { book_.add(agreement, follower); }
  /// Who is asked about what programs withdraw; else it is lost here.
  void set_reorders(Reorders& buyer) { reorders_ = &buyer; }
  /// Orders and shipments under way at the beginning of the simulation.
  void put_initial(std::span<const InitialPieces> orders, std::span<const InitialPieces> shipments);

  ChannelId id() const { return id_; }
  OfferId offer() const { return offer_; }

  // --- the buyer's side ---
  /// Orders pieces, on agreements as far as they go: their volumes, then their upsides. They wait
  /// since they were wanted: now, or before if nobody could be ordered from then.
  void order(Pieces pieces) { order(pieces, services_.now()); }
  void order(Pieces pieces, sim::Time wanted);
  /// What the buyer should order here before it orders elsewhere: volumes not yet called.
  Pieces committed() const;
  /// What of it cannot be ordered at `next` any more, because its time has ended then.
  Pieces last_call(sim::Time next) const;
  /// Withdraws what was ordered at or before `limit` and not shipped; returns how much.
  Pieces withdraw_ordered_before(sim::Time limit);
  /// A program withdraws all that is open. What the buyer does not give up counts as cancelled
  /// here, and not as withdrawn.
  void withdraw_for_program();
  /// Cancels up to so many of the pieces that have reached the seller and are not shipped, those
  /// that came last first, in whole lots; returns how many.
  Pieces cancel_newest(Pieces pieces, Pieces lot = Pieces{1});
  /// How many it could cancel so.
  Pieces cancellable(Pieces lot) const { return book_.cancellable(lot); }
  /// Everything ordered and not yet shipped.
  Pieces not_shipped() const { return in_mail_ + open_; }
  /// Everything ordered and not yet received.
  Pieces on_order() const { return in_mail_ + open_ + in_transit_; }
  /// Time from order to receipt without any wait at the seller, in weeks.
  double way_weeks() const { return constant_way_weeks_ ? *constant_way_weeks_ : way_weeks_now(); }

  /// From placing an order until it reaches the seller.
  sim::Duration order_delay() const { return order_delay_; }

  // --- the seller's side ---
  /// Orders that have reached the seller and are not shipped.
  Pieces open() const { return open_; }
  /// Orders that have reached the seller since the last call.
  Pieces take_intake();
  Pieces intake() const { return intake_; }
  bool accepts(std::size_t variant) const;
  bool could_accept(std::size_t variant) const {
    return services_.terms.could_accept(id_, variant);
  }
  /// Open orders that may be met with a variant now: none if the buyer does not take it, a program
  /// forbids it or a disruption pauses it, no more than a quota allows, and of the new variants of
  /// a migration no more than the buyer takes.
  Pieces claim(std::size_t variant) const;
  /// Ships pieces of a variant against the oldest orders, or against those placed on one agreement
  /// only. Requires as many to be open, and pieces <= claim(variant).
  void ship(std::size_t variant, Pieces pieces, AgreementId on = {});
  /// The seller has shipped what it can. Where a quota allows no more now and the seller's review
  /// is continuous, it is told when the next piece is let through, at most a hundred times in the
  /// time between two of its reviews.
  void await_quota();
  /// Orders placed on an agreement that have reached the seller and are not shipped.
  Pieces open_calls(AgreementId id) const { return book_.open_calls(id); }
  /// Orders placed on an agreement become ordinary ones.
  void release_calls(AgreementId id) { book_.release_calls(id); }
  /// What a piece costs without agreements, in USD.
  double spot_usd(StockId stock) const { return invoicing_.spot_usd(stock); }

  /// How long pieces have waited so far, from order to receipt, added up in piece seconds: those
  /// ordered and not shipped until `now`, and those shipped until they arrive, as far as that is
  /// known.
  double waited(sim::Time now) const;

  Pieces in_mail() const { return in_mail_; }
  Pieces in_transit() const { return in_transit_; }
  Handles meters() const { return meters_; }

 private:
  void note_wanted_before(Pieces pieces) const;
  double way_weeks_now() const;
  void place(sim::Time wanted, Pieces pieces, OrderBook::Position on);
  void reach_seller(sim::Time wanted, Pieces pieces, OrderBook::Position on);
  Pieces late(Pieces pieces, AgreementId on) const;
  void dispatch(Shipments::Way way, StockId stock, Pieces pieces, AgreementId on,
                sim::Duration wait);
  void fill_oldest(Pieces pieces, sim::Time arrival, AgreementId on);
  void invoice_goods(StockId stock, Pieces pieces);
  void receive(StockId from, Pieces pieces);
  void change_open(Pieces change);
  void note_withdrawn(Pieces pieces, books::MeterId as);
  void pass_wait();
  double waited_so_far(sim::Time now) const;
  void change_in_transit(Pieces change);

  // what buyers, sellers and the recorder look at in every review, side by side
  Pieces in_mail_, open_, in_transit_, intake_;
  std::optional<double> constant_way_weeks_;
  ChannelId id_;
  OfferId offer_;
  SiteId seller_, buyer_;  // the buyer is not valid if it is a customer
  const Services& services_;
  const Catalog::ChannelEntry& entry_;
  Handles meters_;
  // what orders and shipments need on top of that
  OrderBook book_;
  Reorders* reorders_ = nullptr;
  sim::Duration order_delay_;
  NewVariants new_variants_;
  Licences licences_;
  sim::Time quota_awaited_{};  // until then
  Invoicing invoicing_;
  Shipments shipments_;
  double waited_ = 0;  // piece seconds until then, and on the way
  sim::Time waited_until_;
};

}  // namespace optichain::models::trade
