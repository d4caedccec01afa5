#pragma once
// The buyer of a site: what to order of each input, and from whom.

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "models/agents/echelon.hpp"
#include "models/agents/excess_orders.hpp"
#include "models/agents/planner.hpp"
#include "models/policy/replenishment/all.hpp"
#include "models/policy/split.hpp"

namespace optichain::models::agents {

class Buyer {
 public:
  /// `channels` by position in the purchase's entry; `desk_of` gives the order desk of an offer.
  struct Input {
    const Catalog::PurchaseEntry* entry;
    std::vector<Channel*> channels;
    std::vector<const OrderDesk*> sellers;  // of each channel
    OrderDesk* own_desk;                    // if the item is sold on from here, else null
    std::optional<Echelon> downstream;      // where the policy asks for it
    double initial_per_week;
    bool is_used;  // by a recipe of the site
  };
  Buyer(const Context& context, std::vector<Input> inputs);

  bool has_inputs() const { return !inputs_.empty(); }
  /// Orders for the coming `weeks`; `planner` says what production would use.
  void order(Planner& planner, double weeks);
  /// Orders what is wanted now; what is needed is taken note of at reviews.
  void order_between_reviews(const Planner& planner, double weeks);

 private:
  struct Source {
    Channel* channel;
    const OrderDesk* seller;
  };
  /// An input, with what is asked for in every review at the beginning.
  struct State {
    StockId stock;
    books::MeterId received;
    SiteId site;
    bool is_used;
    const Purchase* terms;
    const Stock* stock_terms;
    OrderDesk* own_desk;
    std::vector<Source> sources;
    std::int64_t received_before = 0;
    double received_per_week = 0;  // smoothed
    policy::Forecast forecast;
    std::unique_ptr<ExcessOrders> excess;  // of who over-orders
    std::optional<Echelon> downstream;
  };
  double receiving_rate(State& state, double weeks) const;
  static double new_demand(const State& state, const Planner& planner);
  static double backlog(const State& state, const Planner& planner, double lead_weeks,
                        double weeks);
  double quantity(const State& state, const policy::InventoryState& inventory) const;
  /// What is known of an input and its sellers when it is ordered.
  struct Outlook {
    double weight, lead_weeks, on_order, owed, lacking;
  };
  Outlook look_at(const State& state, const Planner& planner, double weeks);
  void place_order(State& state, const Outlook& seen, double weeks);

  const Context& context_;
  std::vector<State> inputs_;
  std::vector<policy::Quote> quotes_;  // kept for its memory
};

}  // namespace optichain::models::agents
