#include "sim/batch/sensitivity.hpp"

#include <algorithm>
#include <cmath>

#include "sim/base/check.hpp"
#include "sim/base/random.hpp"

namespace optichain::sim {
namespace {

/// Sums over blocks, each of which may count several times.
class Sums {
 public:
  Sums(std::span<const double> outputs, std::size_t factors)
      : outputs_(outputs), factors_(factors), blocks_(outputs.size() / (factors + 2)) {}

  std::size_t blocks() const { return blocks_; }

  /// First order and total of each factor, with block `pick(i)` in the i-th place.
  template <class Pick>
  std::vector<std::pair<double, double>> indices(Pick pick) const {
    double mean = 0;
    const double n = static_cast<double>(blocks_);
    for (std::size_t i = 0; i < blocks_; ++i) mean += (a(pick(i)) + b(pick(i))) / (2 * n);
    double variance = 0;
    for (std::size_t i = 0; i < blocks_; ++i) {
      const double da = a(pick(i)) - mean, db = b(pick(i)) - mean;
      variance += (da * da + db * db) / (2 * n);
    }
    std::vector<std::pair<double, double>> out(factors_);
    if (!(variance > 0)) return out;
    for (std::size_t f = 0; f < factors_; ++f) {
      double first = 0, total = 0;
      for (std::size_t i = 0; i < blocks_; ++i) {
        const std::size_t k = pick(i);
        const double step = mixed(k, f) - a(k);
        first += (b(k) - mean) * step / n;
        total += step * step / (2 * n);
      }
      out[f] = {first / variance, total / variance};
    }
    return out;
  }

 private:
  double a(std::size_t block) const { return outputs_[block * (factors_ + 2)]; }
  double b(std::size_t block) const { return outputs_[block * (factors_ + 2) + 1]; }
  double mixed(std::size_t block, std::size_t f) const {
    return outputs_[block * (factors_ + 2) + 2 + f];
  }
  std::span<const double> outputs_;
  std::size_t factors_, blocks_;
};

Interval percentiles(std::vector<double>& sample) {
  std::sort(sample.begin(), sample.end());
  const auto at = [&](double p) {
    return sample[static_cast<std::size_t>(p * static_cast<double>(sample.size() - 1))];
  };
  return {at(0.025), at(0.975)};
}

}  // namespace

std::vector<SobolIndex> sobol_indices(std::span<const double> outputs, std::size_t factors,
                                      std::uint64_t seed, std::size_t resamples) {
  OPTICHAIN_CHECK(factors > 0 && outputs.size() % (factors + 2) == 0, "blocks are not whole");
  const Sums sums(outputs, factors);
  OPTICHAIN_CHECK(sums.blocks() >= 2, "one block has no variance");
  const auto found = sums.indices([](std::size_t i) { return i; });
  std::vector<SobolIndex> indices(factors);
  for (std::size_t f = 0; f < factors; ++f) {
    indices[f].first = found[f].first;
    indices[f].total = found[f].second;
  }
  std::vector<std::vector<double>> firsts(factors), totals(factors);
  std::vector<std::size_t> order(sums.blocks());
  for (std::size_t r = 0; r < resamples; ++r) {
    Stream stream({seed, r}, "sobol_indices", "bootstrap");
    for (std::size_t& o : order) {
      o = static_cast<std::size_t>(stream.uniform() * static_cast<double>(order.size()));
    }
    const auto again = sums.indices([&](std::size_t i) { return order[i]; });
    for (std::size_t f = 0; f < factors; ++f) {
      firsts[f].push_back(again[f].first);
      totals[f].push_back(again[f].second);
    }
  }
  for (std::size_t f = 0; f < factors && resamples > 0; ++f) {
    indices[f].first_95 = percentiles(firsts[f]);
    indices[f].total_95 = percentiles(totals[f]);
  }
  return indices;
}

}  // namespace optichain::sim
