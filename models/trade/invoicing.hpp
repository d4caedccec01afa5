#pragma once
// What is paid along a channel: goods at the price of the day, their transport, the fixed cost of
// an order. (What is called on an agreement is invoiced there.)

#include <optional>

#include "models/trade/services.hpp"

namespace optichain::models::trade {

class Invoicing {
 public:
  Invoicing(const Services& services, const Catalog::ChannelEntry& entry, PartyId seller)
      : services_(services), entry_(entry), seller_(seller) {}

  /// What a piece costs without agreements, in USD.
  double spot_usd(StockId stock) const;
  /// What is ordered at one instant is one order.
  void pay_for_order();
  /// Pieces at a price, due by the terms of payment. Returns the invoice.
  Money pay_for_goods(Pieces pieces, double usd_per_piece) const;
  /// Pieces that go the usual way and express. What goes at one instant is one shipment, whether it
  /// is of several variants or fills calls on agreements and other orders.
  void pay_for_transport(Pieces usual, Pieces express);

 private:
  const Services& services_;
  const Catalog::ChannelEntry& entry_;
  PartyId seller_;
  std::optional<sim::Time> ordered_{}, shipped_{};  // when the last order and shipment went
};

}  // namespace optichain::models::trade
