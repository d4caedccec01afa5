// Weights, moved ensembles and scores, against closed forms.
#include "sim/batch/posterior.hpp"

#include <array>
#include <cmath>

#include <doctest/doctest.h>

#include "sim/base/random.hpp"
#include "sim/batch/scores.hpp"

namespace optichain::sim {
namespace {

using doctest::Approx;

/// Standard normal numbers (Box and Muller 1958).
std::vector<double> normal(std::size_t n, const char* name) {
  Stream stream({.seed = 7}, name, "test");
  std::vector<double> out(n);
  for (double& z : out) {
    const double r = std::sqrt(-2 * std::log(stream.uniform()));
    z = r * std::cos(2 * std::acos(-1.0) * stream.uniform());
  }
  return out;
}

TEST_CASE(
    "Posterior: weights add up to 1, and say how many equally likely members they are worth") {
  const Weights w = weights_of(std::array{0.0, -0.5, -2.0, -8.0, -0.1});
  double sum = 0;
  for (const double x : w.of) sum += x;
  CHECK(sum == Approx(1));
  // 1 / sum of squares, worked out with twice as many digits
  CHECK(w.effective == Approx(3.1778003916477777).epsilon(1e-12));
  CHECK(weights_of(std::array{-2000.0, -2000.0}).effective == Approx(2));
}

TEST_CASE(
    "Posterior: what is not possible has no weight, and if nothing is, no weight says anything") {
  const Weights w = weights_of(std::array{std::nan(""), 0.0, -HUGE_VAL});
  CHECK(w.of[0] == 0);
  CHECK(w.of[1] == 1);
  CHECK(w.of[2] == 0);
  CHECK(weights_of(std::array{std::nan("")}).effective == 0);
}

TEST_CASE("Posterior: members are drawn as often as their weights say, and none without weight") {
  const std::array weights{0.0, 0.5, 0.25, 0.25, 0.0};
  for (const double u : {0.0, 0.3, 0.999999}) {
    std::array<int, 5> times{};
    for (const std::size_t i : resample(weights, 8, u)) ++times.at(i);
    CHECK(times == std::array{0, 4, 2, 2, 0});
  }
  // a tenth of five: never more than one, never lost over all places
  int seen = 0;
  for (int k = 0; k < 10; ++k) {
    for (const std::size_t i : resample(std::array{0.1, 0.9}, 5, k / 10.0)) seen += i == 0;
  }
  CHECK(seen == 5);
}

TEST_CASE("Posterior: quantiles by weight, by hand") {
  const std::array values{3.0, 1.0, 2.0, 9.0};
  const std::array weights{0.1, 0.2, 0.7, 0.0};
  CHECK(weighted_quantile(values, weights, 0.05) == 1);
  CHECK(weighted_quantile(values, weights, 0.2) == 1);
  CHECK(weighted_quantile(values, weights, 0.21) == 2);
  CHECK(weighted_quantile(values, weights, 0.9) == 2);
  CHECK(weighted_quantile(values, weights, 1) == 3);
}

TEST_CASE("Posterior: weights of a normal sample give the conjugate posterior") {
  // N(0, 1) beforehand, 1.0 observed with an error of 0.5: mean y / (1 + s^2) = 0.8, variance 0.2
  const auto sample = normal(100000, "prior");
  std::vector<double> logs;
  for (const double x : sample) logs.push_back(-0.5 * (x - 1) * (x - 1) / 0.25);
  const Weights w = weights_of(logs);
  double mean = 0, square = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    mean += w.of[i] * sample[i];
    square += w.of[i] * sample[i] * sample[i];
  }
  CHECK(mean == Approx(0.8).epsilon(0.01));
  CHECK(square - mean * mean == Approx(0.2).epsilon(0.02));
}

TEST_CASE("Posterior: an ensemble moved in four steps has the posterior of a linear model") {
  // prior variances 1 and 4; figures u1, u1 + u2 and 2 u2 with error variances 0.25, 0.5 and 1,
  // observed 0.8, 1.5 and 1.0. Kalman's formula and integration on a grid agree on what is right.
  constexpr std::size_t n = 20000;
  Ensemble ensemble{n, 2, 3, normal(2 * n, "members"), {}};
  for (std::size_t i = 0; i < n; ++i) ensemble.values[2 * i + 1] *= 2;
  const ObservedFigures observed{{0.8, 1.5, 1.0}, {0.5, std::sqrt(0.5), 1.0}};
  for (const char* step : {"1", "2", "3", "4"}) {
    ensemble.simulated.clear();
    for (std::size_t i = 0; i < n; ++i) {
      const double a = ensemble.values[2 * i], b = ensemble.values[2 * i + 1];
      ensemble.simulated.insert(ensemble.simulated.end(), {a, a + b, 2 * b});
    }
    ensemble.values = assimilate(ensemble, observed, normal(3 * n, step), 4);
  }
  std::array<double, 2> mean{};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < 2; ++j) mean[j] += ensemble.values[2 * i + j] / double(n);
  }
  double v1 = 0, v2 = 0, both = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double a = ensemble.values[2 * i] - mean[0], b = ensemble.values[2 * i + 1] - mean[1];
    v1 += a * a / double(n - 1);
    v2 += b * b / double(n - 1);
    both += a * b / double(n - 1);
  }
  // four standard errors: 4 sqrt(0.18 / n) of means, 4 sqrt(2 / n) of variances, as parts
  CHECK(std::abs(mean[0] - 0.7232704402515725) < 0.012);
  CHECK(std::abs(mean[1] - 0.5685534591194967) < 0.012);
  CHECK(v1 == Approx(0.15723270440251558).epsilon(0.04));
  CHECK(v2 == Approx(0.17610062893081846).epsilon(0.04));
  CHECK(both == Approx(-0.05031446540880502).epsilon(0.15));
}

TEST_CASE(
    "Scores: the ranked probability score of three members, by hand, and of many normal ones") {
  // distances to 3: 2, 1, 1; of two members: 1, 2, 3
  CHECK(fair_crps(std::array{1.0, 2.0, 4.0}, 3) == Approx(4.0 / 3 - 1));
  CHECK(fair_crps(std::array{5.0}, 3) == 2);
  // of N(10, 2^2) with 13 observed, in closed form (Gneiting and Raftery 2007)
  auto members = normal(100000, "forecast");
  for (double& x : members) x = 10 + 2 * x;
  CHECK(fair_crps(members, 13) == Approx(1.9888480079549058).epsilon(0.01));
}

TEST_CASE("Scores: counted shares have the exact interval") {
  // none of ten: the upper limit is 1 - 0.025^(1/10)
  const CountedShare none = counted_share(0, 10);
  CHECK(none.low == 0);
  CHECK(none.high == Approx(1 - std::pow(0.025, 0.1)));
  const CountedShare all = counted_share(10, 10);
  CHECK(all.low == Approx(std::pow(0.025, 0.1)));
  CHECK(all.high == 1);
  CHECK(counted_share(0, 0).high == 1);
  // 11 of 13, from tables
  CHECK(counted_share(11, 13).low == Approx(0.5455).epsilon(0.001));
  CHECK(counted_share(11, 13).high == Approx(0.9808).epsilon(0.001));
}

}  // namespace
}  // namespace optichain::sim
