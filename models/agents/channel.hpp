#pragma once
// A channel: one buyer's orders at one offer, from the order slip to the goods received.

#include <deque>
#include <optional>

#include "models/agents/context.hpp"
#include "sim/kernel/lane.hpp"

namespace optichain::models {

class Channel {
 public:
  struct Handles {
    MeterId ordered, shipped, received, withdrawn, cancelled, lead_time, spend;
    MeterId expedited;  // not valid where nothing ever goes express
  };

  Channel(const Context& context, ChannelId id);
  /// Orders and shipments under way at the beginning of the simulation.
  void put_initial();

  ChannelId id() const { return id_; }

  // --- the buyer's side ---
  void order(Pieces pieces);
  /// Withdraws what was ordered at or before `limit` and not shipped; returns how much.
  Pieces withdraw_ordered_before(sim::Time limit);
  /// Cancels up to so many of the pieces that have reached the seller and are not shipped, those
  /// that came last first; returns how many.
  Pieces cancel_newest(Pieces pieces);
  /// Everything ordered and not yet shipped.
  Pieces not_shipped() const { return in_mail_ + open_; }
  /// Everything ordered and not yet received.
  Pieces on_order() const { return in_mail_ + open_ + in_transit_; }
  /// Time from order to receipt without any wait at the seller, in weeks.
  double way_weeks() const;

  // --- the seller's side ---
  /// Orders that have reached the seller and are not shipped.
  Pieces open() const { return open_; }
  /// Orders that have reached the seller since the last call.
  Pieces take_intake();
  Pieces intake() const { return intake_; }
  bool accepts(std::size_t variant) const;
  bool could_accept(std::size_t variant) const {
    return context_.conditions.could_accept(id_, variant);
  }
  /// Open orders that may be met with a variant now: none if the buyer does not take it or a
  /// program forbids it, no more than a quota allows, and of the new variants of a migration no
  /// more than the buyer takes.
  Pieces claim(std::size_t variant) const;
  /// Ships pieces of a variant against the oldest orders. Requires pieces <= claim(variant).
  void ship(std::size_t variant, Pieces pieces);

  Pieces in_mail() const { return in_mail_; }
  Pieces in_transit() const { return in_transit_; }
  Handles meters() const { return meters_; }

 private:
  struct OpenOrder {
    sim::Time placed;
    Pieces pieces;
  };
  /// An export control that asks for licences: how long they take, how much they allow.
  struct Licence {
    const Hold* hold;
    const LicenceDelay* delay;  // one of these two
    const LicenceQuota* quota;
    sim::Stream draws;
    double base_begin_weeks;          // before the control; what was shipped since then counts
    std::int64_t base = 0, used = 0;  // pieces shipped before the control and under it
  };
  void add_licences();
  Pieces quota_left(const Licence& licence) const;
  sim::Duration take_licences(std::size_t variant, Pieces pieces);
  void reach_seller(sim::Time placed, Pieces pieces);
  Pieces late(Pieces pieces) const;
  void dispatch(sim::Lane& lane, StockId stock, Pieces pieces, sim::Duration wait);
  void fill_oldest(Pieces pieces, sim::Time arrival);
  void pay_for_goods(StockId stock, Pieces pieces);
  void pay_for_transport(Pieces pieces, Pieces express);
  void arrive(StockId from, Pieces pieces);
  Money price(StockId stock, Pieces pieces) const;

  const Context& context_;
  ChannelId id_;
  const Catalog::ChannelEntry& entry_;
  sim::Lane lane_;
  std::optional<sim::Lane> express_;
  sim::Duration order_delay_;
  Handles meters_;
  std::deque<OpenOrder> orders_;
  Pieces in_mail_, open_, in_transit_, intake_;
  std::vector<double> room_;  // by limit: pieces that may still be met with new variants
  std::vector<Licence> licences_;
};

/// Splits an order over channels by their weights and quoted lead times; see
/// `lead_time_elasticity` of a purchase.
struct Quote {
  double weight = 0;
  double lead_weeks = 0;
};
std::vector<std::int64_t> split_order(std::int64_t pieces, std::span<const Quote> quotes,
                                      double elasticity);

}  // namespace optichain::models
