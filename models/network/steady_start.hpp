#pragma once
// The state in which a chain that always met the demand of its beginning would be.

#include <span>
#include <vector>

#include "models/network/explosion.hpp"
#include "models/network/opening_state.hpp"

namespace optichain::models::network {

/// Every site has started and ordered at each of its reviews before the beginning what the demand
/// needs until the next one, without regard to what lines can do, and all took its mean time. What
/// of that is not there yet is in process, ordered or on its way, in whole pieces, or whole lots of
/// the policy, that carry their remainder. In stock is so much that the policy of the stock point
/// asks at its first review for just the need of a review, for a forecast that is that need: what
/// it keeps, less what is on its way, and what is taken until then. Stocks whose policy looks at
/// its echelon are left empty, and rooms are respected. What is on its way to customers was sold
/// before the beginning.
class SteadyStart {
 public:
  /// `initial_needs` in pieces per week, by StockId. Keeps references to all of them.
  SteadyStart(const Catalog& catalog, const state::Realisation& real,
              std::span<const double> initial_needs);

  /// Adds what the scenario leaves open: of recipes without initial lots, of sellers without
  /// initial orders and shipments, of stocks without initial pieces or weeks.
  void fill(OpeningState& beginning) const;

 private:
  /// What was ordered or started at one review, and how long after the beginning it is there.
  struct Coming {
    double pieces;
    sim::Duration in;
  };
  void find_flows();
  double part_of(ChannelId channel, StockId stock) const;
  double starts_per_week(RecipeId recipe) const;
  double yield(RecipeId recipe) const;
  Pieces lot_of(RecipeId recipe) const;
  sim::Duration cycle(RecipeId recipe) const;
  sim::Duration transit(ChannelId channel) const;
  sim::Duration order_delay(ChannelId channel) const;
  sim::Duration reached(ChannelId channel, sim::Duration ordered) const;
  sim::Duration shipped(ChannelId channel, sim::Duration reached) const;

  std::vector<InitialPieces> lots(RecipeId recipe) const;
  void add_orders(ChannelId channel, OpeningState& beginning) const;
  std::span<const ChannelId> channels_to(StockId stock) const;
  std::vector<Coming> coming(StockId stock, const OpeningState& beginning) const;
  double taken_along(ChannelId channel, sim::Duration until, const OpeningState& beginning) const;
  double taken(StockId stock, const OpeningState& beginning) const;
  double kept(StockId stock, const OpeningState& beginning) const;
  Pieces on_hand(StockId stock, const OpeningState& beginning) const;
  Pieces cut_to_room(StockId stock, Pieces there, OpeningState& beginning) const;

  const Catalog& catalog_;
  const state::Realisation& real_;
  state::CurrentTerms terms_;
  std::span<const double> needs_;
  std::vector<double> flow_;  // pieces per week that are bought, by ChannelId
};

/// What the scenario says. With `initial: steady`, of what it leaves open the steady state of the
/// demand at the beginning (SteadyStart). `initial_needs` in pieces per week, by StockId.
OpeningState opening_state(const Catalog& catalog, const state::Realisation& real,
                           std::span<const double> initial_needs);

}  // namespace optichain::models::network
