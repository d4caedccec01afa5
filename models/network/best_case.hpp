#pragma once
// What a scenario allows in each period at best: the data of the capacity bound. Each figure is at
// least what any run with these numbers can have.

#include <optional>
#include <vector>

#include "models/network/flow_graph.hpp"
#include "models/network/start_state.hpp"
#include "models/state/realisation.hpp"
#include "sim/base/time.hpp"

namespace optichain::models::network {

class BestCase {
 public:
  /// Requires a graph without cycle. Keeps references to all that is given. With what there is at
  /// the scenario's start the warm-up is past: there is no period of it, and nothing of the initial
  /// state counts.
  BestCase(const Catalog& catalog, const state::Realisation& real, const FlowGraph& graph,
           const StartState* at_start = nullptr);

  /// The warm-up, named so, if there is one that is not past, and the quarters of the scenario.
  const std::vector<sim::NamedPeriod>& periods() const { return periods_; }
  /// The period in which something happens, unless it is after the end.
  std::optional<std::size_t> period_of(sim::Time time) const;

  /// Pieces that are there without being made or ordered, by StockId and period: initial stock, and
  /// initial lots and shipments when they come in. At the start, all that is in stock, in process
  /// and on its way.
  std::vector<std::vector<double>> given_pieces() const;

  // --- recipes ---
  /// The highest mean yield at any second of a span, with learning by pieces complete.
  double yield(RecipeId recipe, sim::Time from, sim::Time until) const;
  /// When the last piece is ready whose work is done in the period, in part at least: planners give
  /// a line no more than it can do until the next review, and then the cycle time follows. One lot
  /// in a billion may take longer. Any time after, if programs may hold up the line, or lots may
  /// queue before it.
  sim::Time ready_by(RecipeId recipe, std::size_t period) const;
  /// The least work on its line that a piece may take.
  double line_use(RecipeId recipe) const;
  /// Pieces that the reviews from the recipe's first day on may start in the period; infinite if it
  /// has no limit of its own. A part of a piece that one review leaves to the next is neglected.
  double starts(RecipeId recipe, std::size_t period) const;

  // --- channels ---
  /// Whether the variant may be shipped in any part of the period: the buyer takes it, and no
  /// program with a date forbids it throughout.
  bool can_ship(ChannelId channel, std::size_t variant, std::size_t period) const;
  /// The highest price of the variant in the period, in USD with the channel's premium.
  double price_usd(ChannelId channel, std::size_t variant, std::size_t period) const;

  // --- demand ---
  /// Pieces that the customer orders at its reviews in the period, each order for the time until
  /// the next; variation counts with its mean.
  double ordered(DemandId demand, std::size_t period) const;
  /// How many pieces the customer may order for each that it wants.
  double over_ordering(DemandId demand) const;
  /// Orders of the customer that are on their way when the simulation begins, or all that are open
  /// at the start.
  double ordered_before(DemandId demand) const;
  /// What patience may leave open at the end of each period of the orders of each; infinite if the
  /// customer waits for ever. An order is withdrawn when its patience has ended and it has reached
  /// the seller; what waited for somebody to order from has its order on the way until then.
  std::vector<double> still_open(DemandId demand, const std::vector<double>& ordered) const;

 private:
  double largest_start(RecipeId id) const;
  double accrued(RecipeId id, const sim::Curve& limit, sim::Time begin, sim::Time end) const;
  double highest_price_usd(ItemId item, const sim::Curve& curve, std::size_t period) const;
  double contract_price_usd(const Catalog::AgreementEntry& agreement, double spot,
                            std::size_t period) const;
  double traced(const DemandTrace& trace, PartyId party, std::size_t period) const;
  bool may_queue(RecipeId recipe) const;
  sim::Time ready_after(RecipeId recipe, sim::Time work_done) const;
  std::vector<std::vector<double>> given_at_start() const;
  /// Starts take whole pieces and carry parts on, so that a part of a piece is always owed.
  void add_owed_parts(std::vector<std::vector<double>>& given) const;
  sim::Time first_review(PartyId party, sim::Time from) const;

  const Catalog& catalog_;
  const state::Realisation& real_;
  const FlowGraph& graph_;
  const StartState* at_start_;
  std::vector<sim::NamedPeriod> periods_;
};

}  // namespace optichain::models::network
