#pragma once
// The spot market of all items that have one: looks at order books and shipments in the rhythm of
// the scenario's reviews, and moves prices. Each item's price depends on its own orders alone.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "models/agents/context.hpp"
#include "models/agents/order_desk.hpp"
#include "models/state/current_terms.hpp"
#include "models/state/inventory.hpp"

namespace optichain::models::agents {

class MarketAgent {
 public:
  /// What else it needs of its world; all must outlive it.
  struct Context : CommonContext {
    const state::Inventory& inventory;
    state::CurrentTerms& terms;
  };
  /// `desks` by OfferId. `needs` by StockId: pieces a week that are expected to be shipped at the
  /// beginning, before anything has been.
  MarketAgent(const Context& context, std::span<const std::unique_ptr<OrderDesk>> desks,
              std::span<const double> needs);

  /// Prices of the first day. At the first review nothing has been observed yet, and they stay.
  void begin();

 private:
  /// What one seller sells of an item.
  struct Seller {
    const OrderDesk* desk;
    std::size_t variant;
  };
  struct Spot {
    ItemId item;
    const policy::Market* market;
    std::vector<Seller> sellers;
    double shipped_per_week = 0;
    std::int64_t shipped_before = 0;
    books::MeterId factor, price;
  };
  void review(double weeks);
  void move_price(Spot& spot, double weeks) const;
  void record(const Spot& spot) const;
  std::int64_t shipped(const Spot& spot) const;

  const Context& context_;
  std::vector<Spot> spots_;
  const std::string name_ = "market";
};

}  // namespace optichain::models::agents
