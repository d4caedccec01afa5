#pragma once
// The order book of a channel: orders that have reached the seller and are not shipped, the oldest
// first, each of them ordinary or called on an agreement.

#include <algorithm>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "models/trade/call_off.hpp"
#include "sim/base/time.hpp"

namespace optichain::models::trade {

class OrderBook {
 public:
  /// Which agreement an order is called on, by position among those of the channel.
  using Position = std::uint32_t;
  static constexpr Position ordinary = ~Position{0};
  /// An agreement of the channel, with its orders here.
  struct Calls {
    CallOff* terms;
    Arrivals* follower;  // of what is delivered, or null
    AgreementId id;
    Pieces open{};
    Pieces filled{};  // shipped and not invoiced
  };
  struct Order {
    sim::Time placed;
    Pieces pieces;
    Position on = ordinary;
  };

  /// Agreements are added by priority.
  void add(CallOff& terms, Arrivals* follower);
  std::span<Calls> agreements() { return agreements_; }
  bool has_agreements() const { return !agreements_.empty(); }
  /// Volumes of all agreements, as far as they are not called.
  Pieces still_to_call() const;
  /// What of it cannot be called at `next` any more.
  Pieces last_call(sim::Time next) const;
  /// Calls pieces on agreements as far as they go: their volumes, then their upsides. Does
  /// `place(pieces, position)` for every part of the order and for the ordinary rest.
  template <class Place>
  void divide(Pieces pieces, Place place);

  void enter(sim::Time placed, Pieces pieces, Position on);
  /// Takes out what was placed at or before `limit`; returns how much. Does `note(placed, pieces)`
  /// for each order.
  template <class Note>
  Pieces withdraw_placed_before(sim::Time limit, Note note);
  /// Takes out up to so many pieces, those that came last first, none that are called on
  /// agreements: these are firm. Of each order as many whole lots as are open. Returns how many.
  Pieces cancel_newest(Pieces pieces, Pieces lot);
  /// How many it could take out.
  Pieces cancellable(Pieces lot) const;
  /// How many of the pieces that would be shipped now fill orders placed at or before `limit`. `on`
  /// here and below: only what is called on that agreement, if it is valid.
  Pieces filling_placed_before(sim::Time limit, Pieces pieces, AgreementId on) const;
  /// Fills the oldest orders. Does `note(placed, pieces, calls)` for each; `calls` is null for
  /// ordinary ones. Returns what is left because no order is.
  template <class Note>
  Pieces fill_oldest(Pieces pieces, AgreementId on, Note note);

  /// Pieces called on an agreement.
  Pieces open_calls(AgreementId id) const;
  /// What is called on an agreement becomes ordinary.
  void release_calls(AgreementId id);

 private:
  bool is_on(const Order& order, AgreementId on) const;
  void take_from(Order& order, Pieces pieces);

  std::vector<Calls> agreements_;  // by priority
  std::deque<Order> orders_;
};

template <class Place>
void OrderBook::divide(Pieces pieces, Place place) {
  for (const bool upside : {false, true}) {
    for (Position on = 0; on < agreements_.size(); ++on) {
      CallOff& terms = *agreements_[on].terms;
      const Pieces called = std::min(pieces, upside ? terms.upside_left() : terms.still_to_call());
      if (!called) continue;
      terms.call(called);
      place(called, on);
      pieces -= called;
    }
  }
  if (pieces) place(pieces, ordinary);
}

template <class Note>
Pieces OrderBook::withdraw_placed_before(sim::Time limit, Note note) {
  Pieces withdrawn{0};
  while (!orders_.empty() && orders_.front().placed <= limit) {
    Order& oldest = orders_.front();
    withdrawn += oldest.pieces;
    if (oldest.on != ordinary) agreements_[oldest.on].terms->note_withdrawn(oldest.pieces);
    note(oldest.placed, oldest.pieces);
    take_from(oldest, oldest.pieces);
    orders_.pop_front();
  }
  return withdrawn;
}

template <class Note>
Pieces OrderBook::fill_oldest(Pieces pieces, AgreementId on, Note note) {
  for (Order& order : orders_) {
    if (!pieces) break;
    if (!is_on(order, on)) continue;
    const Pieces filled = std::min(pieces, order.pieces);
    Calls* const calls = order.on == ordinary ? nullptr : &agreements_[order.on];
    if (calls) calls->filled += filled;
    note(order.placed, filled, calls);
    take_from(order, filled);
    pieces -= filled;
  }
  while (!orders_.empty() && !orders_.front().pieces) orders_.pop_front();
  return pieces;
}

}  // namespace optichain::models::trade
