#pragma once
// Who gets what of a scarce item: the list of policies, and one of them at work.
//
// A policy is a struct in a file of its own, with
//   title, tag, doc, fields()       what it is and how YAML gives it
//   needs                           what it must be told about buyers
//   award(available, claims)        the rule, where there is not enough for all
// What it is told becomes the standing of each buyer, a number whose meaning is the policy's:
//   standing(buyer)                 if it needs a name or premium: what it is, else 0
//   pass(weeks, standings)          if it needs shipments: what time makes of it, and
//   note_shipped(pieces, standing)  what a shipment does
// A new one is a new file, a line here, and a case in tests/unit/policy_test.cpp.

#include <variant>

#include "models/policy/allocation/claims.hpp"
#include "models/policy/allocation/highest_price.hpp"
#include "models/policy/allocation/historical.hpp"
#include "models/policy/allocation/linear.hpp"
#include "models/policy/allocation/priority.hpp"
#include "models/policy/allocation/proportional.hpp"
#include "models/policy/allocation/talmud.hpp"
#include "models/policy/allocation/uniform.hpp"

namespace optichain::models::policy {

using AllocationPolicy =
    std::variant<Proportional, Priority, Uniform, Linear, Talmud, Historical, HighestPrice>;

/// Awards out of `available` pieces, in the order of the claims.
///
/// Under every policy the awards are whole, none is more than its claim, and together they are the
/// smaller of `available` and the sum of the claims. Each is less than one piece away from what the
/// rule gives where pieces can be divided; ties go to the earlier claim.
/// Requires available >= 0 and claims >= 0.
Awards allocate(const AllocationPolicy& policy, std::int64_t available,
                std::span<const Claimant> claims);

/// A seller's policy at work, with the standing of its buyers.
class Allocation {
 public:
  /// The policy must outlive it.
  Allocation(const AllocationPolicy& policy, std::span<const BuyerFacts> buyers);

  /// So many weeks go by.
  void pass(double weeks);
  /// A buyer is shipped pieces, on whatever claim.
  void note_shipped(std::size_t buyer, double pieces) {
    if (watches_shipments_) add_shipped(buyer, pieces);
  }
  Claimant claim(std::size_t buyer, std::int64_t pieces) const {
    return {pieces, standings_[buyer]};
  }
  Awards award(std::int64_t available, std::span<const Claimant> claims) const {
    return allocate(policy_, available, claims);
  }

 private:
  void add_shipped(std::size_t buyer, double pieces);

  const AllocationPolicy& policy_;
  bool watches_shipments_;
  std::vector<double> standings_;  // by buyer
};

}  // namespace optichain::models::policy
