#pragma once
// What the end demand needs of every item at every site: demand exploded through the bills of
// materials at the intended shares, mix and yields, without regard to capacity or time on the way.

#include <span>
#include <vector>

#include "models/network/flow_graph.hpp"
#include "models/state/current_terms.hpp"
#include "models/state/realisation.hpp"

namespace optichain::models::network {

class Explosion {
 public:
  /// Requires a graph without cycle. Keeps references to all of them.
  Explosion(const Catalog& catalog, const state::Realisation& real,
            const state::CurrentTerms& terms, const FlowGraph& graph);

  /// Pieces needed of each stock point, for these pieces wanted of each demand at this time.
  /// `pieces_started` by recipe, for yields that are learnt by experience.
  std::span<const double> needs(sim::Time now, std::span<const double> demand,
                                std::span<const double> pieces_started);

 private:
  void add_product(ChannelId channel, double pieces, sim::Time now);
  void add_stock(ChannelId channel, double pieces);
  void split_over(std::span<const ChannelId> channels, double pieces, sim::Time now, bool family);

  const Catalog& catalog_;
  const state::Realisation& real_;
  const state::CurrentTerms& terms_;
  const FlowGraph& graph_;
  std::vector<double> needs_;       // by StockId
  std::vector<double> by_variant_;  // kept for its memory
};

/// Pieces per week that the demand at the beginning of the simulation needs of each stock point,
/// before anything is learnt: what initial stocks in weeks, and first forecasts, are made from.
std::vector<double> initial_needs(const Catalog& catalog, const state::Realisation& real,
                                  const FlowGraph& graph);

/// What is in stock at the beginning, by StockId.
std::vector<Pieces> initial_stock(const Catalog& catalog, std::span<const double> initial_needs);

/// The mean yield of a recipe now.
double recipe_yield(const Catalog& catalog, const state::Realisation& real, RecipeId recipe,
                    sim::Time now, double pieces_started);

}  // namespace optichain::models::network
