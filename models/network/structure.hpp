#pragma once
// What the shape of the network says before anything is simulated: how far everybody is from the
// customers, what can be supplied at all, how long it takes from nothing, and who cannot fail.
//
//   const Structure structure = analyse_structure(catalog, real, graph, catalog.start());
//   structure.demands[d.index()].critical_days;   // and .chain: who makes it so long
//
// The stock points and demands form an AND-OR graph: a stock point is supplied by any of its
// recipes, which need all of their inputs, or by any of its sellers. A way counts from the date on
// which it is qualified: the `from` of recipes and sources, the dates of `accepts`, and the
// earliest date on which the qualifications that it needs can have succeeded; and not while an
// export control or the exit of a seller keeps the buyer from ordering. Shares and mixes do not
// count, because they are intentions that can change, and neither does stock, because it runs out.

#include <optional>
#include <string>
#include <vector>

#include "models/network/flow_graph.hpp"
#include "models/state/realisation.hpp"

namespace optichain::models::network {

struct Structure {
  /// A stock point on the way to a customer, and the days from when its slowest input is there (or,
  /// where it has none, from when the order is known) until it is.
  struct Link {
    StockId stock;
    double days = 0;
  };
  struct DemandSupply {
    bool reachable = false;
    /// Mean days from the order to the delivery, on the fastest way, if there is no stock anywhere,
    /// nobody has forecast anything and nobody waits for capacity: the manufacturing critical-path
    /// time (Suri, "It's about time", 2010) or cumulative lead time (APICS Dictionary). The order
    /// goes up the chain and the goods come down, and what takes time is
    ///   a delivery: the order delay, half a review period of the seller until the order is looked
    ///     at, half until the goods are shipped, and the transit;
    ///   a recipe: half a review period from when the last input is there until it is started, and
    ///     the cycle time; without inputs it is started when the order is looked at.
    /// Of the inputs of a recipe the slowest counts, of recipes and of sellers the fastest. It is
    /// the sum of `chain` and `delivery_days`.
    double critical_days = 0;
    /// From the seller's stock point back to where the slowest input begins.
    std::vector<Link> chain;
    /// From the seller's stock to the customer.
    double delivery_days = 0;
    /// Sites without which the demand cannot be served at all (single points of failure).
    std::vector<SiteId> indispensable;
    /// If it is not reachable, what is missing, as sentences: "dsp at maker: bought only from fab,
    /// which neither makes nor buys it".
    std::vector<std::string> missing;
  };

  sim::Time date;
  /// Deliveries between a stock point and the customers on the longest way, at whatever date: the
  /// customers are tier 0, who sells to them is tier 1. Nothing if no way leads to a customer.
  std::vector<std::optional<int>> stock_tier;  // by StockId
  std::vector<std::optional<int>> site_tier;   // by SiteId: the highest of its stock points
  std::vector<bool> producible;                // by StockId: whether it can be supplied at the date
  std::vector<DemandSupply> demands;           // by DemandId
};

/// The structure as it is at `date`. Lines and recipes' own limits count if they have any capacity
/// between then and the end of the scenario. Requires a graph without cycle and a date before the
/// end.
Structure analyse_structure(const Catalog& catalog, const state::Realisation& real,
                            const FlowGraph& graph, sim::Time date);

}  // namespace optichain::models::network
