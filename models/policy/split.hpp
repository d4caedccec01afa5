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
};

/// Splits an order over sellers by their weights, divided by quoted lead times to the power of
/// `elasticity` (`lead_time_elasticity` of a purchase or a demand). What is committed to a seller
/// is ordered there first.
std::vector<std::int64_t> split_order(std::int64_t pieces, std::span<const Quote> quotes,
                                      double elasticity);

}  // namespace optichain::models::policy
