#pragma once
// The mixes of families in force over time: of what customers order, how much may be meant for a
// variant, and so be met with it, if nobody leaves the mix.
//
// A mix is in force as a run has it: that of the seller when it takes the order in, over the
// variants that the customer accepts by then, moved by migrations with a date, and with no more of
// the new than the customer takes. Where a run decides itself, nothing is held: which seller an
// order goes to, when a qualification succeeds, where a share that responds moves to. The recipes
// of an item are no mix of what is sold, and a planner that cannot start one makes it by another at
// the next review. `spill` leaves the mix, and does not count.

#include <vector>

#include "models/catalog/catalog.hpp"
#include "models/state/realisation.hpp"
#include "sim/base/time.hpp"

namespace optichain::models::network {

class MixesInForce {
 public:
  /// Nothing of the arguments is kept. `periods` follow one another, the first one from the begin
  /// of the simulation or the start on.
  MixesInForce(const Catalog& catalog, const state::Realisation& real,
               const std::vector<sim::NamedPeriod>& periods);

  /// Whether any order is split over variants by a mix.
  bool any() const { return any_; }
  /// The most that may be meant for a variant (by position in the demand's product) of what the
  /// demand orders in a period, as a part of it: 1 where some seller sells nothing else, 0 where
  /// none sells it or the customer does not take it.
  double most(DemandId demand, std::size_t variant, std::size_t period) const {
    return most_[demand.index()][variant][period];
  }

 private:
  std::vector<std::vector<std::vector<double>>> most_;  // by DemandId, variant and period
  bool any_ = false;
};

}  // namespace optichain::models::network
