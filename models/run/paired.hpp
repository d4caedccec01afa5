#pragma once
// What two alternatives say under the same luck, replication by replication.

#include <optional>
#include <span>
#include <utility>

#include "sim/batch/sample.hpp"

namespace optichain::models::run {

/// A figure of a base and of another alternative over the replications that both report.
struct Paired {
  double base = 0, other = 0;  // means
  sim::Summary difference;     // other - base, by Student's t for paired samples
};

/// `pairs` hold the figure of the base and of the other; NaN is not reported. Nothing without a
/// pair in which both report it.
std::optional<Paired> paired(std::span<const std::pair<double, double>> pairs);

}  // namespace optichain::models::run
