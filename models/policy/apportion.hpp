#pragma once
// Whole pieces out of shares.

#include <cstdint>
#include <span>
#include <vector>

namespace optichain::models::policy {

/// Splits `total` in proportion to the weights by largest remainders (Hamilton's method): the parts
/// are whole, sum to `total`, and differ from their exact share by less than one. Ties go to the
/// earlier one. All weights zero: nothing is given. Requires total >= 0 and weights >= 0.
std::vector<std::int64_t> apportion(std::int64_t total, std::span<const double> weights);

/// Rounds a stream of fractional amounts so that the sum of the parts is never off by one or more.
class Carry {
 public:
  /// The whole part of `amount` plus what was carried, but not more than `most`; the rest is
  /// carried on. Requires amount >= 0 and most >= 0.
  std::int64_t take(double amount, std::int64_t most = INT64_MAX);

 private:
  double rest_ = 0;
};

}  // namespace optichain::models::policy
