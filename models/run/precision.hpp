#pragma once
// Sequential stopping: how many replications make the means of some figures precise enough.

#include <string>
#include <vector>

#include "models/run/replicate.hpp"

namespace optichain::models::run {

/// The half width that the 95 % interval of a figure's mean may have.
struct PrecisionTarget {
  std::string metric;
  double half_width = 0;
  bool is_relative = false;  // of the mean
};

/// Reads `market.shipped.all=1%` or `market.shipped.all=50000`. Throws InputError.
PrecisionTarget parse_precision(const std::string& text);

/// The same of `1% of market.shipped.all`, with or without `at 95%` behind it. Throws InputError.
std::string precision_in_words(const std::string& text);

/// How many replications, all in all, are expected to do: n (half width / allowed)^2 for the figure
/// that needs most (Law and Kelton, fixed-sample-size estimate; asked again after each batch, so
/// that the interval that is reported is that of the sample as it is). The number that was done if
/// all are precise enough. Throws InputError for a metric that is not reported.
std::size_t replications_needed(const Summaries& summaries,
                                const std::vector<PrecisionTarget>& targets, std::size_t done);

}  // namespace optichain::models::run
