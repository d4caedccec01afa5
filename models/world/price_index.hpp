#pragma once
// How prices change from year to year when what is sold changes, too.

#include <span>
#include <vector>

#include "models/world/report_periods.hpp"

namespace optichain::models::world {

/// What was sold of a product, by period.
struct Sold {
  std::vector<double> pieces, spend;
};

/// A chained Laspeyres price index by period, 1 in the first year:
///
///   I(y) = I(y-1) * sum p(y) q(y-1) / sum p(y-1) q(y-1)
///
/// over the products sold in both; p is spend over pieces. A quarter is linked to the year before
/// in the same way (annual overlap; IMF, Quarterly National Accounts Manual 2017, chapter 8), and
/// in the first year to the year itself. NaN for `all`, and where nothing links a period.
std::vector<double> price_index(std::span<const ReportPeriod> periods,
                                std::span<const Sold> products);

}  // namespace optichain::models::world
