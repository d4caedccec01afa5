#include "models/trade/order_book.hpp"

namespace optichain::models::trade {

void OrderBook::add(CallOff& terms, Arrivals* follower) {
  agreements_.push_back({&terms, follower, terms.agreement()});
}

Pieces OrderBook::still_to_call() const {
  Pieces sum{0};
  for (const Calls& calls : agreements_) sum += calls.terms->still_to_call();
  return sum;
}

Pieces OrderBook::last_call(sim::Time next) const {
  Pieces sum{0};
  for (const Calls& calls : agreements_) {
    if (calls.terms->ends_before(next)) sum += calls.terms->still_to_call();
  }
  return sum;
}

void OrderBook::enter(sim::Time placed, Pieces pieces, Position on) {
  if (on != ordinary) agreements_[on].open += pieces;
  orders_.push_back({placed, pieces, on});
}

void OrderBook::take_from(Order& order, Pieces pieces) {
  order.pieces -= pieces;
  if (order.on != ordinary) agreements_[order.on].open -= pieces;
}

Pieces OrderBook::cancellable(Pieces lot) const {
  Pieces sum{0};
  for (const Order& order : orders_) {
    if (order.on == ordinary) sum += in_whole_lots(order.pieces, lot);
  }
  return sum;
}

Pieces OrderBook::cancel_newest(Pieces pieces, Pieces lot) {
  Pieces left = pieces;
  for (auto newest = orders_.rbegin(); newest != orders_.rend() && left; ++newest) {
    if (newest->on != ordinary) continue;
    const Pieces taken = in_whole_lots(std::min(left, newest->pieces), lot);
    take_from(*newest, taken);
    left -= taken;
  }
  while (!orders_.empty() && !orders_.back().pieces) orders_.pop_back();
  return pieces - left;
}

bool OrderBook::is_on(const Order& order, AgreementId on) const {
  return !on.valid() || (order.on != ordinary && agreements_[order.on].id == on);
}

Pieces OrderBook::filling_placed_before(sim::Time limit, Pieces pieces, AgreementId on) const {
  Pieces sum{0};
  for (const Order& order : orders_) {
    if (order.placed > limit || sum >= pieces) break;
    if (is_on(order, on)) sum += order.pieces;
  }
  return std::min(sum, pieces);
}

Pieces OrderBook::open_calls(AgreementId id) const {
  for (const Calls& calls : agreements_) {
    if (calls.id == id) return calls.open;
  }
  return Pieces{0};
}

void OrderBook::release_calls(AgreementId id) {
  for (Order& order : orders_) {
    if (order.on != ordinary && agreements_[order.on].id == id) order.on = ordinary;
  }
  for (Calls& calls : agreements_) {
    if (calls.id == id) calls.open = Pieces{0};
  }
}

}  // namespace optichain::models::trade
