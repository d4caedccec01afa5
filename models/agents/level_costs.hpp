#pragma once
// What a site pays for what it keeps, owes and has on its way to buyers: at each review on what is
// left then, or continuously, integrated exactly.

#include <vector>

#include "models/agents/order_desk.hpp"
#include "models/books/accounts.hpp"
#include "models/books/meters.hpp"
#include "models/state/inventory.hpp"

namespace optichain::models::agents {

class LevelCosts {
 public:
  /// What it needs of its world; all must outlive it.
  struct Context {
    const Catalog& catalog;
    books::Meters& meters;
    const state::Inventory& inventory;
    books::Accounts& accounts;
  };
  LevelCosts(const Context& context, SiteId site, const std::vector<OrderDesk*>& desks);

  /// Whether there is anything to charge at reviews.
  bool at_reviews() const { return !levels_.empty() && !continuously_; }
  /// Charges what is left after a review for the time until the next.
  void charge_review(double weeks) const;
  /// Charges what has become due up to a time, now or later, where it is charged continuously. It
  /// does not matter how often this is called.
  void charge_until(sim::Time until);

 private:
  /// One level that costs something: stock, open orders or goods in transit.
  struct Level {
    books::Account account;
    double usd_per_piece_week;
    StockId stock;          // one of these two is valid
    const OrderDesk* desk;  // its backlog or what is on its way from it
    std::vector<books::MeterId> meters;
    Money charged{0};
  };
  Pieces pieces(const Level& level) const;

  const Context& context_;
  PartyId party_;
  bool continuously_;
  std::vector<Level> levels_;
};

}  // namespace optichain::models::agents
