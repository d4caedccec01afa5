#pragma once
// What could be delivered at best: a linear program in which one decision maker who foresees
// everything runs the whole network and nothing takes time.
//
//   const CapacityBound best = capacity_bound(catalog, real, graph);
//   best.total;                                   // no run of the scenario delivers more
//   best.lines[l.index()][t].price;               // pieces that one more unit of work would add
//
// It is production planning over several periods with stocks (Modigliani and Hohn, Econometrica 23,
// 1955) in a network with bills of materials and shared capacity (Billington, McClain and Thomas,
// "Mathematical programming approaches to capacity-constrained MRP systems", Management Science 29,
// 1983). Every rule of the simulation is kept or relaxed, none is tightened:
//
//   time     Quarters, with the warm-up before them as one period; within a period things happen
//            in whatever order suits. Cycle times, transit and order delays may be 0.
//   stock    What is there at the beginning, lots that finish and shipments that arrive count from
//            the period in which they are there. If the warm-up is past (`at_start`), what is in
//            stock, in process and on its way at the start counts from then on. Everything can be
//            kept for later.
//   recipes  A piece takes its inputs, takes its work on the line, and comes out, in this order, in
//            the same or in later periods; out no later than the cycle time has it. The yield is
//            the best mean of the period in which it comes out, with learning by weeks as far as
//            the date has it and learning by pieces complete.
//   lines    Capacity is integrated exactly, outages taken out; own limits are what the reviews
//            grant, or, where review is continuous, what they allow as time goes on. Expansions
//            with a date come when they do; those by a rule are there as often as they may be from
//            the beginning on, what may be converted is on both lines, and nothing breaks down.
//   buying   Only along channels, from the first period that the qualification reaches into, at
//            the earliest date on which it can succeed, and not in periods in which an export
//            control or an exit forbids it throughout. Shares, sharing and allocation are free.
//   mixes    Free, too; with `given_mix` no more of a variant is delivered than is meant for it by
//            the mixes in force (mixes_in_force.hpp), so that a product mix is given, as in
//            aggregate planning (Bitran and Hax, Decision Sciences 8, 1977), and foresight is left.
//   demand   What customers want at their reviews, as the curves and their revisions have it
//            (variation at its mean). Who over-orders may be shipped as much more as it may order.
//            It can be served late, until patience must have ended. Of the orders of a warm-up that
//            is past those count that are open at the start.
//
// So it bounds every run with these numbers; with the mixes given, every run of a scenario whose
// offers have a `spill` of 0, up to a piece of each variant at each seller. Two things are luck and
// not in the numbers: demand that varies from order to order (give what was wanted as `demand`),
// and yields that vary from lot to lot. And runs count in whole pieces: a recipe with a limit of
// its own may start one piece more in a quarter because it started a part of one less in the
// quarter before.

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "models/network/flow_graph.hpp"
#include "models/network/start_state.hpp"
#include "models/state/realisation.hpp"
#include "sim/base/time.hpp"

namespace optichain::models::network {

struct BoundOptions {
  enum class Weight { pieces, usd };
  /// What is maximised: pieces, or what customers pay for them at the highest price of the period.
  Weight weight = Weight::pieces;
  /// Pieces that customers want, by DemandId and period, if they are known from a run; what is
  /// expected if empty. Initial orders come on top, and what a customer may over-order.
  std::vector<std::vector<double>> demand;
  /// Whether orders from before the scenario's start may be delivered after it. Runs do that if
  /// they fall behind in the warm-up, so that only with them the bound holds for every run. Without
  /// them it says what can become of the orders from the start on; a run that enters with a backlog
  /// delivers at most that backlog more.
  bool warm_up_orders = true;
  /// Whether the mixes of families are in force, and not free.
  bool given_mix = false;
  /// What there is at the scenario's start, of a run: then the warm-up is past, and what could be
  /// delivered from the start on is asked for, with the stocks, the work in process, the goods on
  /// their way and the open orders of that moment. Must outlive the call.
  const StartState* at_start = nullptr;
  /// A larger program is an error: the time to solve it grows faster than the square of its
  /// columns.
  std::size_t most_columns = std::numeric_limits<std::size_t>::max();
};

/// Columns of a program that is solved in some seconds.
inline constexpr std::size_t quick_columns = 20'000;

struct CapacityBound {
  /// Something scarce in one period: work of a line, or starts that a recipe's own limit grants.
  struct Limit {
    double available = 0;
    double used = 0;   // by the plan
    double price = 0;  // what one more unit would add to `total` (the shadow price)
  };
  /// The most that can be delivered from the scenario's start to the end of a calendar year.
  struct YearEnd {
    std::string year;
    std::size_t last_period;
    double most = 0;
  };

  BoundOptions::Weight weight = BoundOptions::Weight::pieces;
  bool warm_up_orders = true;
  std::vector<sim::NamedPeriod> periods;  // "warm-up", if there is one, and the quarters
  std::size_t first_counted = 0;          // the period at the scenario's start

  /// The most that can be delivered (shipped to customers) from the scenario's start to its end, in
  /// pieces or USD: of the families in the market, or of all products if no such family is wanted.
  /// Shipments on their way to customers at the beginning do not count.
  double total = 0;
  /// False where numbers are so far apart that the solver cannot prove its maxima: see
  /// LinearSolver::is_proven().
  bool proven = true;
  /// The same to the end of each year, each a maximum of its own; the last is `total`.
  std::vector<YearEnd> years;

  /// In pieces, by ProductId and period: what is ordered, and the plan that delivers `total`. Of
  /// all such plans it delivers most of the other products, which therefore never take anything
  /// from the market, and of those the earliest. Only its sum over the market is a bound; one
  /// period or product alone could get more at the others' expense.
  std::vector<std::vector<double>> demand;
  std::vector<std::vector<double>> delivered;

  std::vector<std::vector<Limit>> lines;       // by LineId and period, in the line's unit of work
  std::vector<std::vector<Limit>> own_limits;  // by RecipeId and period; empty where there is none
};

/// The products that `total` counts, by ProductId.
std::vector<bool> counted_products(const Catalog& catalog);

/// What customers are expected to want, in the form of BoundOptions::demand.
std::vector<std::vector<double>> expected_demand(const Catalog& catalog,
                                                 const state::Realisation& real,
                                                 const FlowGraph& graph,
                                                 const StartState* at_start = nullptr);

/// Solves the program. Requires a graph without cycle. Throws Error if the solver fails or the
/// program is too large.
CapacityBound capacity_bound(const Catalog& catalog, const state::Realisation& real,
                             const FlowGraph& graph, const BoundOptions& options = {});

struct ExpectedBound {
  double pieces = 0;  // with free mixes
  /// With the mixes in force; at most the other. Nothing where no mix is in force.
  std::optional<double> given_mix;
};

/// The totals with the expected value of everything that is uncertain, as figures beside runs. If
/// there is a warm-up, what a run has at the start is asked for: what was delivered before does not
/// count, however long that was. Throws Error if the solver fails, or, before it asks, if it would
/// take longer than the runs.
ExpectedBound expected_bound(const Catalog& catalog, const std::function<StartState()>& at_start);

}  // namespace optichain::models::network
