#pragma once
// A key figure over replications, and its difference between two policies.

#include <optional>

#include "models/report/store/policy_data.hpp"
#include "sim/batch/sample.hpp"

namespace optichain::models::report {

/// A mean difference with its 95 % interval.
struct Difference {
  double mean = 0, low = 0, high = 0;
};

/// The replications of two policies that ran under the same random numbers: positions in the one
/// and in the other. None if their seeds differ.
std::vector<std::pair<std::size_t, std::size_t>> pairs(const PolicyData& base,
                                                       const PolicyData& other);

/// other - base, replication by replication under common random numbers, by Student's t for paired
/// samples; nothing without a pair in which both report the figure.
std::optional<Difference> paired_difference(
    const std::vector<double>& base, const std::vector<double>& other,
    const std::vector<std::pair<std::size_t, std::size_t>>& pairs);

/// Over the replications that report the figure; nothing if none does.
std::optional<sim::Summary> summary_of(const std::vector<double>& values);

}  // namespace optichain::models::report
