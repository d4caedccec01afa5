#pragma once
// Splitting an order over sellers.

#include <cstdint>
#include <span>
#include <vector>

namespace optichain::models::policy {

/// What a buyer knows of a seller.
struct Quote {
  double weight = 0;
  double lead_weeks = 0;
  std::int64_t committed = 0;  // to be ordered here before anywhere else
  std::int64_t last_call = 0;  // what of it cannot be ordered next time any more
  double tie = 0;              // who is first of those owed the same (see drawn_tie)
};

/// Splits an order over sellers by their weights, divided by quoted lead times to the power of
/// `elasticity` (`lead_time_elasticity` of a purchase or a demand), each seller in whole lots. What
/// is committed to a seller is ordered there first: in whole lots, and the part of a lot that is
/// left by its last call. Over time a seller so has its share or what is committed to it, whichever
/// is more. `owed` is what each seller had less than its share of the orders before, in lots, and
/// is carried on (see apportion); one per quote. Requires lot >= 1 and committed >= last_call; what
/// `pieces` has beyond whole lots is a lot of its own.
std::vector<std::int64_t> split_order(std::int64_t pieces, std::span<const Quote> quotes,
                                      double elasticity, std::span<double> owed,
                                      std::int64_t lot = 1);

}  // namespace optichain::models::policy
