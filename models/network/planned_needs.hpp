#pragma once
// What the customers' plans need of every stock point in the year to come, for those who forecast
// from shared plans.

#include <array>
#include <span>
#include <vector>

#include "models/network/explosion.hpp"
#include "models/policy/forecast/all.hpp"

namespace optichain::models::network {

class PlannedNeeds {
 public:
  /// Ends of the spans over which needs are averaged; the need after the last is that of its end.
  static constexpr std::array<double, 6> span_weeks = {2, 4, 8, 13, 26, 52};

  /// Requires a graph without cycle. Keeps references to all of them.
  PlannedNeeds(const Catalog& catalog, const state::Realisation& real,
               const state::CurrentTerms& terms, const FlowGraph& graph);

  /// Whether anybody forecasts from shared plans. Otherwise there is nothing to update.
  bool is_used() const { return is_used_; }
  /// Explodes the plans as they are announced now, at the shares, mixes and yields of now;
  /// `pieces_started` by recipe.
  void update(sim::Time now, std::span<const double> pieces_started);

  /// Rates needed of a stock point from the last update on.
  std::span<const policy::PlannedRate> of(StockId stock) const;
  /// Rates needed of all variants of an offer together.
  std::vector<policy::PlannedRate> of(const Catalog::OfferEntry& offer) const;

 private:
  static constexpr std::size_t rate_count = span_weeks.size() + 1;
  double planned_rate(DemandId demand, sim::Time now, std::size_t span) const;

  const Catalog& catalog_;
  const state::Realisation& real_;
  Explosion explosion_;
  bool is_used_;
  std::vector<policy::PlannedRate> rates_;  // by StockId and span
};

}  // namespace optichain::models::network
