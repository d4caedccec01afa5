#pragma once
// What substitutions make of the demand curves of a replication.

#include <map>
#include <vector>

#include "models/catalog/catalog.hpp"
#include "sim/base/curve.hpp"

namespace optichain::models {

/// The demands of one customer that substitutions move to others.
class SubstitutedDemand {
 public:
  /// Of every customer with a substitution.
  static std::vector<SubstitutedDemand> of(const Catalog& catalog);

  using Curves = std::map<DemandId, sim::Curve>;
  /// The demands that lose or gain.
  const std::vector<DemandId>& demands() const { return demands_; }
  /// Moves shares from one curve to another, in pieces per week. Each share is held for a week,
  /// counted from the begin of the simulation (longer once a million shares are kept: of a hundred
  /// pairs after 190 years); where shares of the same demand exceed 1 together, they are scaled to
  /// it.
  /// What one curve loses the other gains at every second, times `pieces_per_piece`. Requires a
  /// curve of each of `demands()`.
  void substitute(Curves& curves) const;

 private:
  /// A demand and the one that takes a share of it over.
  struct Pair {
    DemandId from, to;
    const Substitution* substitution;
  };
  std::vector<double> shares_at(sim::Time time) const;

  std::vector<Pair> pairs_;
  std::vector<DemandId> demands_;
  std::vector<sim::Time> dates_;  // at which shares change
};

}  // namespace optichain::models
