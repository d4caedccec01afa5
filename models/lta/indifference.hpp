#pragma once
// The price at which a side does not care whether it signs.

#include <optional>
#include <span>
#include <vector>

namespace optichain::models::lta {

struct IndifferencePrice {
  double price = 0;
  double low = 0, high = 0;  // 95 % interval
  /// The largest distance of a mean gain from the straight line, in USD: 0 with two prices, and
  /// small where the price moves money only and nobody's behaviour.
  double departure = 0;
  bool is_within = false;  // between the prices that were simulated
};

/// From gains over not signing at several prices: `gains[i]` are those at `prices[i]`, one of each
/// replication. Cash is linear in the price as long as it changes nobody's behaviour, so that the
/// zero of the straight line (least squares through the means) is the price; the interval is the
/// jackknife's over replications (Quenouille 1956; Student's t on the pseudo-values). Nothing where
/// the gain does not depend on the price.
std::optional<IndifferencePrice> indifference_price(std::span<const double> prices,
                                                    const std::vector<std::vector<double>>& gains);

}  // namespace optichain::models::lta
