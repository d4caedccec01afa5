#pragma once
// The ways along which a channel's goods travel, the usual one and express, and what holds them up
// on the way to the buyer and at its door.

#include <functional>
#include <memory>

#include "models/trade/services.hpp"
#include "sim/kernel/lane.hpp"

namespace optichain::models::trade {

class Shipments {
 public:
  enum class Way { usual, express };
  /// What is done with pieces from a stock point of the seller when the buyer has received them.
  using Receive = std::function<void(StockId from, Pieces pieces)>;

  /// `buyer` is not valid if it is a customer. `lead_time` counts piece days: hold-ups are added.
  Shipments(const Services& services, const Catalog::ChannelEntry& entry, SiteId buyer,
            books::MeterId lead_time, Receive receive);

  /// By how long shipments came later than they were to when they were sent, in piece seconds.
  double waited() const { return waited_; }

  bool have_express() const { return express_ != nullptr; }
  /// Of the usual way, for something sent now.
  double mean_days() const { return usual_.mean_days(); }
  bool take_constant_time() const;
  /// Sends pieces off after a wait; returns when they are due.
  sim::Time send(Way way, StockId from, Pieces pieces, sim::Duration wait);
  /// Nothing is sent. Every shipment takes a draw of each way, so that what goes express does not
  /// change how long other shipments take.
  void skip(Way way) { lane(way).skip(); }
  /// Pieces that are on their way already are due then.
  void expect(sim::Time due, StockId from, Pieces pieces);

 private:
  sim::Lane& lane(Way way) { return way == Way::express ? *express_ : usual_; }
  void land(StockId from, Pieces pieces, sim::Duration held_up_before, sim::Time due);
  void note_late(Pieces pieces, sim::Duration late);

  const Services& services_;
  const Catalog::ChannelEntry& entry_;
  SiteId buyer_;
  books::MeterId lead_time_;
  std::unique_ptr<sim::Lane> express_;
  sim::Lane usual_;
  Receive receive_;
  double waited_ = 0;
};

}  // namespace optichain::models::trade
