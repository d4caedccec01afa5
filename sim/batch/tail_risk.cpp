#include "sim/batch/tail_risk.hpp"

#include <algorithm>
#include <vector>

#include "sim/base/check.hpp"

namespace optichain::sim {

TailRisk tail_risk(std::span<const double> gains, double tail) {
  OPTICHAIN_CHECK(!gains.empty() && tail > 0 && tail <= 1, "no tail");
  std::vector<double> sorted(gains.begin(), gains.end());
  std::sort(sorted.begin(), sorted.end());  // the largest loss first
  const double mass = tail * static_cast<double>(sorted.size());
  double taken = 0, sum = 0;
  TailRisk risk;
  risk.of_cases = sorted.size();
  for (const double gain : sorted) {
    const double part = std::min(1.0, mass - taken);
    // rounding of the mass must not take one case more
    if (part <= 1e-9) break;
    sum += part * -gain;
    taken += part;
    ++risk.cases;
    risk.value_at_risk = -gain;
  }
  risk.mean_beyond = sum / taken;
  return risk;
}

}  // namespace optichain::sim
