#pragma once
// An echelon: all of an item that is beyond a stock point, on its way to those who buy it from
// there and kept by them, and by those who buy it from them (Clark and Scarf 1960).

#include <algorithm>
#include <span>
#include <vector>

#include "models/state/inventory.hpp"
#include "models/trade/channel.hpp"

namespace optichain::models::agents {

class Echelon {
 public:
  /// Of a stock point, with the channels of the world by ChannelId.
  Echelon(const Catalog& catalog, const state::Inventory& inventory, StockId stock,
          std::span<trade::Channel* const> channels)
      : catalog_(catalog), inventory_(inventory) {
    add(stock, channels);
  }

  /// In transit to sites and in stock there, less what customers have ordered and not been shipped.
  double pieces() const {
    Pieces sum{0};
    for (const StockId stock : stocks_) sum += inventory_.on_hand(stock);
    for (const trade::Channel* channel : to_sites_) sum += channel->in_transit();
    for (const trade::Channel* channel : to_customers_) sum -= channel->not_shipped();
    return to_double(sum);
  }

 private:
  void add(StockId stock, std::span<trade::Channel* const> channels) {
    const auto& entry = catalog_[stock];
    if (!entry.offer.valid()) return;
    for (const ChannelId c : catalog_[entry.offer].channels) {
      const auto& channel = catalog_[c];
      if (!channel.purchase.valid()) {
        to_customers_.push_back(channels[c.index()]);
        continue;
      }
      to_sites_.push_back(channels[c.index()]);
      const StockId next = catalog_[channel.purchase].stock;
      if (std::find(stocks_.begin(), stocks_.end(), next) != stocks_.end()) continue;
      stocks_.push_back(next);
      add(next, channels);
    }
  }

  const Catalog& catalog_;
  const state::Inventory& inventory_;
  std::vector<StockId> stocks_;
  std::vector<const trade::Channel*> to_sites_, to_customers_;
};

}  // namespace optichain::models::agents
