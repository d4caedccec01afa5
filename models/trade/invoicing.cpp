#include "models/trade/invoicing.hpp"

namespace optichain::models::trade {

double Invoicing::spot_usd(StockId stock) const {
  const double price =
      services_.terms.price_usd(entry_.offer, services_.catalog[stock].item, services_.now());
  return price * (1 + entry_.source->premium);
}

void Invoicing::pay_for_order() {
  if (ordered_ == services_.now()) return;
  ordered_ = services_.now();
  services_.accounts.pay_outside(entry_.buyer, books::Account::ordering,
                                 usd(entry_.source->order_usd));
}

Money Invoicing::pay_for_goods(Pieces pieces, double usd_per_piece) const {
  const Money amount = usd(usd_per_piece * to_double(pieces));
  if (!amount) return amount;
  const double days = entry_.source->payment_days;
  if (days == 0) {
    services_.accounts.pay(entry_.buyer, seller_, books::Account::goods, amount);
  } else {
    services_.accounts.pay_at(services_.now() + sim::days_to_duration(days), state::phase::charging,
                              entry_.buyer, seller_, books::Account::goods, amount);
  }
  return amount;
}

void Invoicing::pay_for_transport(Pieces usual, Pieces express) {
  if (!entry_.lane) return;
  double shipment = 0;
  if (usual && shipped_ != services_.now()) {
    shipped_ = services_.now();
    shipment = entry_.lane->freight_usd_per_shipment;
  }
  services_.accounts.pay_outside(
      seller_, books::Account::freight,
      usd(entry_.lane->freight_usd_per_piece * to_double(usual) + shipment));
  if (!express) return;
  const bool by_buyer = entry_.source->expedite->paid_by == Bearer::buyer;
  services_.accounts.pay_outside(by_buyer ? entry_.buyer : seller_, books::Account::expediting,
                                 usd(entry_.lane->express->usd_per_piece * to_double(express)));
}

}  // namespace optichain::models::trade
