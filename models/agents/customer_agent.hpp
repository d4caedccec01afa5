#pragma once
// A customer: draws what it wants, orders it, and gives up on what takes too long.

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "models/agents/context.hpp"
#include "models/agents/excess_orders.hpp"
#include "models/agents/order_desk.hpp"
#include "models/policy/apportion.hpp"
#include "models/policy/split.hpp"
#include "models/state/current_terms.hpp"
#include "models/state/realisation.hpp"

namespace optichain::models::agents {

class CustomerAgent final : public state::ReviewListener, public trade::Reorders {
 public:
  /// What else it needs of its world; all must outlive it.
  struct Context : CommonContext {
    const state::Realisation& real;
    const state::CurrentTerms& terms;
    books::Ledger& ledger;
    state::ContinuousReview& continuous_review;
  };
  struct Want {
    DemandId id;
    std::vector<trade::Channel*> channels;
    std::vector<const OrderDesk*> sellers;  // of each channel
  };
  CustomerAgent(const Context& context, CustomerId id, std::vector<Want> wants);

  /// Puts the first orders of random processes on the agenda, and when it gives up what was ordered
  /// before the simulation.
  void begin();
  /// The agent's life: order after order, for ever.
  void live(sim::Agent& self);
  /// What it may order changed: it orders at this instant what waits for that.
  void on_change() override;

  /// What a program withdraws and patience has not given up is wanted from another seller, or from
  /// the same one when it may be ordered from again; what was ordered beyond the need is not.
  bool reorder(ChannelId channel, sim::Time wanted, Pieces pieces) override;

  /// What it wants of one of its demands and could order from nobody so far. Demands of a customer
  /// follow one another.
  Pieces waiting(DemandId id) const { return state_of(id).waiting; }
  /// How long such pieces have waited so far for somebody to order from, in piece seconds.
  double waited(DemandId id, sim::Time now) const { return waited_so_far(state_of(id), now); }

 private:
  /// Pieces that nobody could be ordered from when they were wanted.
  struct Unplaced {
    sim::Time wanted;
    Pieces pieces;
  };
  struct State {
    Want want;
    const Catalog::DemandEntry* entry;
    sim::Stream draws;
    std::uint64_t orders = 0;
    policy::Carry carry;
    std::vector<double> owed{};  // to each seller, of its share of the orders before
    std::vector<double> ties{};  // which is first of those owed the same
    books::MeterId demanded, given_up;
    double expected = 0;                 // of a Poisson process: orders up to the next, on average
    std::optional<double> deviation;     // of an autoregressive demand, as a share of its mean
    std::optional<ExcessOrders> excess;  // of who over-orders
    Pieces beyond_need{0};               // shipped, and not yet needed
    std::deque<Unplaced> unplaced;       // oldest first
    Pieces waiting{0};                   // the sum of that
    double waited = 0;                   // piece seconds until then
    sim::Time waited_until{};
    sim::Time gives_up{};  // the last time at which it was told to
  };
  const State& state_of(DemandId id) const {
    return wants_[id.index() - wants_.front().want.id.index()];
  }
  static double waited_so_far(const State& state, sim::Time now) {
    return state.waited +
           to_double(state.waiting) * static_cast<double>((now - state.waited_until).count());
  }
  void change_waiting(State& state, Pieces change) const;
  void order(State& state, Pieces wanted);
  void await_order(State& state);
  Pieces draw_demand(State& state, sim::Duration every);
  bool look_at_sellers(const State& state);
  Pieces place(State& state, sim::Time wanted, Pieces needed);
  void place_waiting(State& state);
  static Pieces take_beyond_need(State& state, Pieces wanted);
  void give_up_at(State& state, sim::Time due);
  void lose_patience(State& state) const;

  const Context& context_;
  CustomerId id_;
  std::vector<State> wants_;
  std::vector<policy::Quote> quotes_;  // kept for its memory
};

/// What waits of a demand; customers by CustomerId.
inline Pieces waiting(const Catalog& catalog,
                      std::span<const std::unique_ptr<CustomerAgent>> customers, DemandId id) {
  return customers[catalog[id].customer.index()]->waiting(id);
}

}  // namespace optichain::models::agents
