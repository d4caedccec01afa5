#pragma once
// What the worst cases of a sample say.

#include <cstddef>
#include <span>

namespace optichain::sim {

struct TailRisk {
  double value_at_risk = 0;  // a loss that is exceeded with probability `tail` at most
  double mean_beyond = 0;    // conditional value at risk: the mean of the worst cases
  std::size_t cases = 0;     // how many the worst are, the last of them in part
  std::size_t of_cases = 0;  // of how many
};

/// Of a sample of gains, each as likely; losses are gains below 0. The worst cases are those that
/// make up the share `tail`, the last of them in part (Rockafellar and Uryasev, Journal of Banking
/// and Finance 26, 2002). Requires a sample that is not empty and 0 < tail <= 1.
TailRisk tail_risk(std::span<const double> gains, double tail);

}  // namespace optichain::sim
