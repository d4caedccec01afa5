#pragma once
// Pieces on hand at every stock point.

#include <vector>

#include "models/books/meters.hpp"
#include "models/catalog/catalog.hpp"
#include "sim/kernel/kernel.hpp"

namespace optichain::models::state {

class Inventory {
 public:
  /// The meters that follow a stock point.
  struct Handles {
    books::MeterId on_hand, produced, scrap, received, used, shipped;
  };
  Inventory(const sim::Kernel& kernel, books::Meters& meters) : kernel_(kernel), meters_(meters) {}

  /// Another stock point, with nothing on hand; they are added by StockId.
  void add(const Handles& handles) {
    on_hand_.emplace_back(0);
    handles_.push_back(handles);
  }
  Pieces on_hand(StockId stock) const { return on_hand_[stock.index()]; }
  /// By StockId.
  const std::vector<Pieces>& on_hand() const { return on_hand_; }
  const Handles& meters(StockId stock) const { return handles_[stock.index()]; }

  /// Changes what is on hand and its meter; the ledger is written by the caller, who knows why.
  void change(StockId stock, Pieces change) {
    Pieces& pieces = on_hand_[stock.index()];
    pieces += change;
    meters_.set(handles_[stock.index()].on_hand, pieces.count(), kernel_.now());
  }

 private:
  const sim::Kernel& kernel_;
  books::Meters& meters_;
  std::vector<Pieces> on_hand_;   // by StockId
  std::vector<Handles> handles_;  // by StockId
};

}  // namespace optichain::models::state
