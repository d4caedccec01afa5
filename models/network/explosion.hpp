#pragma once
// What the end demand needs of every item at every site: demand exploded through the bills of
// materials at the intended shares, mix and yields, without regard to capacity or time on the way.

#include <span>
#include <vector>

#include "models/network/flow_graph.hpp"
#include "models/state/current_terms.hpp"
#include "models/state/realisation.hpp"

namespace optichain::models::network {

/// Of a demand, how many pieces of something each piece of it needs.
struct DemandShare {
  DemandId demand;
  double pieces = 0;
};

/// What a stock point needs as a sum over demands: how much of each, in the order of DemandId.
class NeedByDemand {
 public:
  NeedByDemand() = default;
  explicit NeedByDemand(DemandShare share) : shares_{share} {}

  std::span<const DemandShare> shares() const { return shares_; }
  bool is_nothing() const { return shares_.empty(); }
  NeedByDemand& operator+=(const NeedByDemand& other);
  friend NeedByDemand operator*(NeedByDemand need, double factor);
  friend NeedByDemand operator/(const NeedByDemand& need, double divisor) {
    return need * (1 / divisor);
  }

 private:
  std::vector<DemandShare> shares_;
};

class Explosion {
 public:
  /// Requires a graph without cycle. Keeps references to all of them.
  Explosion(const Catalog& catalog, const state::Realisation& real,
            const state::CurrentTerms& terms, const FlowGraph& graph);

  /// Pieces needed of each stock point, for these pieces wanted of each demand at this time.
  /// `pieces_started` by recipe, for yields that are learnt by experience.
  std::span<const double> needs(sim::Time now, std::span<const double> demand,
                                std::span<const double> pieces_started);
  /// The same of every demand at once: pieces needed of each stock point for each piece wanted.
  std::vector<NeedByDemand> needs_by_demand(sim::Time now, std::span<const double> pieces_started);

 private:
  // Need is a number of pieces, or NeedByDemand.
  template <class Need>
  void explode(sim::Time now, std::span<const Need> demand, std::span<const double> pieces_started,
               std::vector<Need>& needs);
  template <class Need>
  void add_product(ChannelId channel, const Need& need, sim::Time now, std::vector<Need>& needs);
  template <class Need>
  void add_stock(ChannelId channel, const Need& need, std::vector<Need>& needs);
  template <class Need>
  void split_over(std::span<const ChannelId> channels, const Need& need, sim::Time now, bool family,
                  std::vector<Need>& needs);

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

/// The mean yield of a recipe now.
double recipe_yield(const Catalog& catalog, const state::Realisation& real, RecipeId recipe,
                    sim::Time now, double pieces_started);

}  // namespace optichain::models::network
