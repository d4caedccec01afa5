#pragma once
// What the customers' plans need of every stock point, for those who forecast from shared plans.

#include <span>
#include <vector>

#include "models/network/explosion.hpp"
#include "models/policy/forecast/all.hpp"

namespace optichain::models::network {

/// The customers' plans as far as they need one thing. What was announced by the instant from which
/// it is asked is read second by second, up to a year ahead; the rate of then goes on for ever.
class PlannedNeed final : public policy::PlannedDemand {
 public:
  explicit PlannedNeed(const state::Realisation& real) : real_(&real) {}
  void set(NeedByDemand need) { need_ = std::move(need); }

  double per_week(sim::Time from) const override;
  double over(sim::Time from, double weeks) const override;

 private:
  const state::Realisation* real_;
  NeedByDemand need_;
};

/// Whether anybody forecasts from shared plans.
bool anybody_shares_plans(const Catalog& catalog);

class PlannedNeeds {
 public:
  /// Requires a graph without cycle. Keeps references to all of them.
  PlannedNeeds(const Catalog& catalog, const state::Realisation& real,
               const state::CurrentTerms& terms, const FlowGraph& graph);

  /// Whether anybody does. Otherwise there is nothing to update.
  bool is_used() const { return is_used_; }
  /// Explodes the plans at the shares, mixes and yields of now; `pieces_started` by recipe.
  void update(sim::Time now, std::span<const double> pieces_started);

  /// What is needed of a stock point. Requires that plans are used.
  const policy::PlannedDemand& of(StockId stock) const { return stocks_[stock.index()]; }
  /// Of all variants of an offer together.
  const policy::PlannedDemand& of(OfferId offer) const { return offers_[offer.index()]; }

 private:
  const Catalog& catalog_;
  Explosion explosion_;
  bool is_used_;
  std::vector<PlannedNeed> stocks_, offers_;  // by StockId, by OfferId
};

}  // namespace optichain::models::network
