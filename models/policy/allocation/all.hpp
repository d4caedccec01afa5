#pragma once
// Who gets what of a scarce item: the list of policies, and one of them at work.
//
// A policy is a struct in a file of its own, with
//   title, tag, doc, fields()       what it is and how YAML gives it
//   needs                           what it must be told about buyers
//   rewards                         who gets more by asking for more than can be had
//   award(available, claims)        the rule, where there is not enough for all
// What it is told becomes the standing of each buyer, a number whose meaning is the policy's:
//   standing(buyer)                 if it needs a name or premium: what it is, else 0
//   pass(weeks, standings)          if it needs shipments: what time makes of it, and
//   note_shipped(pieces, standing)  what a shipment does
// A new one is a new file, its name here, and a case in tests/unit/policy_test.cpp.

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
/// smaller of `available` and the sum of the claims. To claimants who are owed nothing each is less
/// than one piece away from what the rule gives where pieces can be divided. What it lacks or has
/// beyond that is carried on in what the claimant is owed (see apportion), so that over time nobody
/// is better off by its name. Requires available >= 0 and claims >= 0.
Awards award(const AllocationPolicy& policy, std::int64_t available, std::span<Claimant> claims);

/// The same of claims whose owed parts nobody asks for afterwards.
inline Awards allocate(const AllocationPolicy& policy, std::int64_t available,
                       std::vector<Claimant> claims) {
  return award(policy, available, claims);
}

/// A seller's policy at work, with the standing of its buyers.
class Allocation {
 public:
  /// The policy must outlive it.
  Allocation(const AllocationPolicy& policy, std::span<const BuyerFacts> buyers);

  /// Whether the buyer may get more of what is scarce by asking for more.
  bool rewards_orders(std::size_t buyer) const;
  /// So many weeks go by.
  void pass(double weeks);
  /// A buyer is shipped pieces, on whatever claim.
  void note_shipped(std::size_t buyer, double pieces) {
    if (watches_shipments_) add_shipped(buyer, pieces);
  }
  Claimant claim(std::size_t buyer, std::int64_t pieces) const {
    return {pieces, standings_[buyer], owed_[buyer], ties_[buyer]};
  }
  /// By the policy; `claims` come to say what is owed then.
  Awards award(std::int64_t available, std::span<Claimant> claims) const {
    return policy::award(policy_, available, claims);
  }
  /// The pieces awarded on a claim are shipped. What is owed counts as if it had been, so that the
  /// past holds exact shares: else who has the first single piece would have all the others.
  void note_owed(std::size_t buyer, const Claimant& claim) {
    note_shipped(buyer, claim.owed - owed_[buyer]);
    owed_[buyer] = claim.owed;
  }

 private:
  void add_shipped(std::size_t buyer, double pieces);

  const AllocationPolicy& policy_;
  bool watches_shipments_;
  std::vector<double> standings_;  // by buyer
  std::vector<double> owed_;       // parts of a piece, by buyer
  std::vector<double> ties_;
};

}  // namespace optichain::models::policy
