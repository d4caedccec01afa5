#pragma once
// A customer: draws what it wants, orders it, and gives up on what takes too long.

#include <optional>
#include <vector>

#include "models/agents/context.hpp"
#include "models/agents/excess_orders.hpp"
#include "models/agents/order_desk.hpp"
#include "models/policy/apportion.hpp"
#include "models/policy/split.hpp"
#include "models/state/current_terms.hpp"
#include "models/state/realisation.hpp"

namespace optichain::models::agents {

class CustomerAgent {
 public:
  /// What else it needs of its world; all must outlive it.
  struct Context : CommonContext {
    const state::Realisation& real;
    sim::RunSeed run;
    const state::CurrentTerms& terms;
  };
  struct Want {
    DemandId id;
    std::vector<trade::Channel*> channels;
    std::vector<const OrderDesk*> sellers;  // of each channel
  };
  CustomerAgent(const Context& context, CustomerId id, std::vector<Want> wants);

  /// Puts the first orders of random processes on the agenda.
  void begin();
  /// The agent's life: order after order, for ever.
  void live(sim::Agent& self);

 private:
  struct State {
    Want want;
    const Catalog::DemandEntry* entry;
    sim::Stream draws;
    std::uint64_t orders = 0;
    policy::Carry carry;
    std::vector<double> owed{};  // to each seller, of its share of the orders before
    books::MeterId demanded;
    double expected = 0;                 // of a Poisson process: orders up to the next, on average
    std::optional<double> deviation;     // of an autoregressive demand, as a share of its mean
    std::optional<ExcessOrders> excess;  // of who over-orders
    Pieces beyond_need{0};               // shipped, and not yet needed
  };
  void order(State& state, Pieces wanted);
  void await_order(State& state);
  Pieces draw_demand(State& state, sim::Duration every);
  static Pieces to_order(State& state, Pieces wanted);
  void lose_patience(State& state) const;

  const Context& context_;
  CustomerId id_;
  std::vector<State> wants_;
  std::vector<policy::Quote> quotes_;  // kept for its memory
};

}  // namespace optichain::models::agents
