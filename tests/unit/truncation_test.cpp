// Where MSER-5 ends the beginning of series whose beginnings are known.
#include "sim/batch/truncation.hpp"

#include <cmath>
#include <numeric>
#include <vector>

#include <doctest/doctest.h>

#include "sim/base/random.hpp"

namespace optichain::sim {
namespace {

/// Y(t) = phi Y(t-1) + noise of sd 1, from a start: a first-order autoregression, whose mean is
/// start x phi^t and in the long run 0, with variance 1 / (1 - phi^2).
std::vector<double> autoregression(double start, double phi, std::size_t n, std::uint64_t seed) {
  Stream stream({.seed = seed, .replication = 0}, "autoregression", "noise");
  const auto noise = [&] {  // twelve uniform numbers have variance 1
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += stream.uniform();
    return sum;
  };
  std::vector<double> values;
  for (double y = start; values.size() < n; y = phi * y + noise()) values.push_back(y);
  return values;
}

TEST_CASE("Truncation: a beginning that stands out is left out, to the batch") {
  std::vector<double> series(20, 10.0);
  for (int i = 0; i < 80; ++i) series.push_back(i % 2 == 0 ? 1 : -1);
  const auto found = mser5(series);
  REQUIRE(found);
  CHECK(found->left_out == 20);
  // Batches of 5 alternating numbers have the mean 0.2 or -0.2, in turn: 16 of them vary by 0.04.
  CHECK(found->error_of_the_rest == doctest::Approx(16 * 0.04 / (16 * 16)));
  // 4 batches of 10 and 16 around 0: mean 2, sum of squares 4 x 8^2 + 16 x (2^2 + 0.04).
  CHECK(found->error_of_all == doctest::Approx((4 * 64 + 16 * 4.04) / (20 * 20)));
}

TEST_CASE("Truncation: a series that is the same all along is kept whole") {
  std::vector<double> series;
  for (int i = 0; i < 100; ++i) series.push_back(i % 10 < 5 ? 1 : -1);
  REQUIRE(mser5(series));
  CHECK(mser5(series)->left_out == 0);
  CHECK(mser5(std::vector<double>(100, 7.0))->left_out == 0);
}

TEST_CASE("Truncation: what never settles has no long run") {
  std::vector<double> line(200);
  std::iota(line.begin(), line.end(), 0.0);
  CHECK_FALSE(mser5(line));
  CHECK_FALSE(mser5(std::vector<double>{1, 2, 3}));
}

// Started at 100, with phi = 0.9, the mean is within a standard deviation (2.3) of 0 after 36 steps
// and within a tenth of it after 58. Without truncation the mean of 1,000 is off by 100 / (1 - 0.9)
// / 1000 = 1; the standard error of the mean is 1 / (1 - 0.9) / sqrt(1000) = 0.32.
TEST_CASE("Truncation: an autoregression started far away is cut where its start is forgotten") {
  constexpr int seeds = 200;
  double all = 0, rest = 0, left_out = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const auto series = autoregression(100, 0.9, 1000, seed);
    const auto found = mser5(series);
    REQUIRE(found);
    CHECK(found->left_out >= 20);
    left_out += static_cast<double>(found->left_out) / seeds;
    all += std::accumulate(series.begin(), series.end(), 0.0) / 1000 / seeds;
    const auto from = series.begin() + static_cast<std::ptrdiff_t>(found->left_out);
    rest += std::accumulate(from, series.end(), 0.0) / static_cast<double>(1000 - found->left_out) /
            seeds;
  }
  const double error = 0.33 / std::sqrt(seeds);
  CHECK(std::abs(all - 1) < 4 * error);
  CHECK(left_out > 30);
  CHECK(left_out < 150);
  // what is left of the start after 30 steps is 4 % of it: 0.04
  CHECK(std::abs(rest) < 4 * error + 0.04);
}

}  // namespace
}  // namespace optichain::sim
