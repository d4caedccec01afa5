#pragma once
// Who gets what of a scarce item. Pure functions: no clock, no state.

#include <cstdint>
#include <span>
#include <vector>

#include "models/catalog/options.hpp"

namespace optichain::models::policy {

/// One buyer's open orders, and what the policies look at.
struct Claimant {
  std::int64_t pieces = 0;
  double history = 0;  // pieces received in the recent past, for `historical`
  double premium = 0;  // paid on top of the price, for `highest_price`
  int rank = 0;        // lower first, for `priority`
};

/// Awards out of `available` pieces, in the order of the claims.
///
/// Under every policy the awards are whole, none is more than its claim, and together they are the
/// smaller of `available` and the sum of the claims. Each is less than one piece away from what the
/// rule gives where pieces can be divided; ties go to the earlier claim.
///
/// `uniform` gives constrained equal awards, under which nobody gains by asking for more; under
/// `proportional` buyers do (Cachon and Lariviere, Management Science 1999). `linear` gives
/// constrained equal losses. `talmud` gives half of each claim as `uniform` does and takes from the
/// other half as `linear` does (Aumann and Maschler, Journal of Economic Theory 1985).
/// `historical` is turn-and-earn (Cachon and Lariviere, M&SOM 1999).
/// Requires available >= 0 and claims >= 0.
std::vector<std::int64_t> allocate(const AllocationPolicy& policy, std::int64_t available,
                                   std::span<const Claimant> claims);

}  // namespace optichain::models::policy
