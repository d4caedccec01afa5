#pragma once
// The buyer of a site: what to order of each input, and from whom.

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "models/agents/context.hpp"
#include "models/agents/echelon.hpp"
#include "models/agents/excess_orders.hpp"
#include "models/agents/planner.hpp"
#include "models/network/planned_needs.hpp"
#include "models/policy/replenishment/all.hpp"
#include "models/policy/split.hpp"
#include "models/state/current_terms.hpp"
#include "models/state/inventory.hpp"
#include "models/state/pauses.hpp"

namespace optichain::models::agents {

class Buyer {
 public:
  /// What else it needs of its world; all must outlive it.
  struct Context : CommonContext {
    const state::Inventory& inventory;
    const state::CurrentTerms& terms;
    const network::PlannedNeeds& plans;
    const state::Pauses& pauses;
  };
  /// `channels` by position in the purchase's entry; `desk_of` gives the order desk of an offer.
  struct Input {
    const Catalog::PurchaseEntry* entry;
    std::vector<trade::Channel*> channels;
    std::vector<const OrderDesk*> sellers;  // of each channel
    const OrderDesk* own_desk;              // if the item is sold on from here, else null
    std::optional<Echelon> downstream;      // where the policy asks for it
    double initial_per_week;
    bool is_used;  // by a recipe of the site
  };
  Buyer(const Context& context, std::vector<Input> inputs);

  bool has_inputs() const { return !inputs_.empty(); }
  /// Orders for the coming `weeks`; `planner` says what production would use.
  void order(const Planner& planner, double weeks);
  /// Orders what is wanted now; what is needed is taken note of at reviews.
  void order_between_reviews(const Planner& planner, double weeks);

  // What came of the last time that it ordered, for the site to hand on.
  /// What it found of an input, for the planner; at reviews only.
  struct Found {
    StockId stock;
    Planner::InputOutlook outlook;
  };
  std::span<const Found> found() const { return found_; }
  /// What is under way of an input that is sold on, for the desk that sells it.
  struct SoldOn {
    const OrderDesk* desk;
    OrderDesk::Supply supply;
  };
  std::span<const SoldOn> sold_on() const { return sold_on_; }

 private:
  struct Source {
    trade::Channel* channel;
    const OrderDesk* seller;
    double tie;  // which is first of those owed the same
  };
  /// An input, with what is asked for in every review at the beginning.
  struct State {
    StockId stock;
    books::MeterId received;
    SiteId site;
    bool is_used;
    const Purchase* terms;
    const Stock* stock_terms;
    const OrderDesk* own_desk;
    std::vector<Source> sources;
    std::optional<sim::Time> ordered_at{};
    std::vector<double> owed{};  // to each source, of its share of the orders before, in lots
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
    double weight, on_agreements;  // of sellers that may be ordered from, and what may be called
    double lead_weeks, on_order, owed, lacking;
    bool is_able() const { return weight > 0 || on_agreements > 0; }
  };
  sim::Time next_order(const State& state, double weeks) const;
  Outlook look_at(const State& state, const Planner& planner, double weeks);
  void place_order(State& state, const Outlook& seen, const Planner& planner, double weeks);

  const Context& context_;
  std::vector<State> inputs_;
  std::vector<Found> found_;
  std::vector<SoldOn> sold_on_;
  std::vector<policy::Quote> quotes_;  // kept for its memory
};

}  // namespace optichain::models::agents
