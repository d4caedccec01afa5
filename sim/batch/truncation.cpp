#include "sim/batch/truncation.hpp"

#include <numeric>
#include <vector>

namespace optichain::sim {

std::optional<Beginning> mser5(std::span<const double> series) {
  constexpr std::size_t batch = 5;
  const std::size_t n = series.size() / batch;
  if (n < 2) return std::nullopt;
  std::vector<double> means;
  for (std::size_t b = 0; b < n; ++b) {
    const auto part = series.subspan(b * batch, batch);
    means.push_back(std::accumulate(part.begin(), part.end(), 0.0) / batch);
  }
  // From the end on, by Welford's recurrence, which does not lose what differs beside what is
  // common.
  std::vector<double> errors(n);
  double mean = 0, squares = 0;
  for (std::size_t d = n; d-- > 0;) {
    const auto count = static_cast<double>(n - d);
    const double off = means[d] - mean;
    mean += off / count;
    squares += off * (means[d] - mean);
    errors[d] = squares / (count * count);
  }
  std::size_t best = 0;
  for (std::size_t d = 1; d <= n / 2; ++d) {
    if (errors[d] < errors[best]) best = d;
  }
  if (best == n / 2) return std::nullopt;
  return Beginning{best * batch, errors[0], errors[best]};
}

}  // namespace optichain::sim
