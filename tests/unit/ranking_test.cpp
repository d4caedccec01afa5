// Selecting the best of several options, and what the worst cases say: by hand, and against the
// guarantee that theory gives.
#include "sim/batch/ranking.hpp"

#include <cmath>
#include <numbers>

#include <doctest/doctest.h>

#include "sim/base/random.hpp"
#include "sim/batch/tail_risk.hpp"

namespace optichain::sim {
namespace {

// Two options, three first replications, 95 %: eta = (1 / 0.1 - 1) / 2 = 4.5, h^2 = 2 * 4.5 * 2 =
// 18. The differences 1, 3, 2 have mean 2 and variance 1. With indifference 1, after r
// replications the width is (18 - r) / 2r: 2.5 after three, which 2 does not reach; 1.75 after
// four, which it does.
TEST_CASE("KN: two options, worked by hand") {
  KimNelson ranking(2, {.indifference = 1, .probability = 0.95, .first = 3});
  ranking.add(std::vector<double>{10, 9});
  ranking.add(std::vector<double>{12, 9});
  ranking.add(std::vector<double>{11, 9});
  CHECK(!ranking.is_decided());
  CHECK(ranking.left() == std::vector<std::size_t>{0, 1});
  ranking.add(std::vector<double>{10, 8});
  REQUIRE(ranking.is_decided());
  CHECK(ranking.best() == 0);
  CHECK(ranking.spent(1) == 4);
  // what comes now is no longer needed
  ranking.add(std::vector<double>{0, 100});
  CHECK(ranking.best() == 0);
  CHECK(ranking.spent(1) == 4);
}

TEST_CASE("KN: an option without luck is ruled out at once, of equals the first stays") {
  KimNelson ranking(3, {.indifference = 1, .probability = 0.95, .first = 2});
  ranking.add(std::vector<double>{5, 5, 2});
  ranking.add(std::vector<double>{7, 7, 4});
  REQUIRE(ranking.is_decided());
  CHECK(ranking.best() == 0);
  CHECK(ranking.replications() == 2);
}

TEST_CASE("KN: one option is decided before anything is tried") {
  CHECK(KimNelson(1, {.indifference = 1}).is_decided());
}

double normal(Stream& stream) {
  return std::sqrt(-2 * std::log(stream.uniform())) *
         std::cos(2 * std::numbers::pi * stream.uniform());
}

struct Trials {
  double correct = 0, replications = 0;
};

/// Five options, the last better than all others by the indifference: the hardest case.
Trials try_often(double shared_luck, std::size_t often) {
  Trials trials;
  for (std::size_t trial = 0; trial < often; ++trial) {
    Stream stream({.seed = 7, .replication = trial}, "ranking", "outcomes");
    KimNelson ranking(5, {.indifference = 0.5, .probability = 0.95, .first = 10});
    while (!ranking.is_decided()) {
      std::vector<double> outcomes;
      const double luck = shared_luck * normal(stream);
      for (int option = 0; option < 5; ++option) {
        outcomes.push_back(luck + normal(stream) + (option == 4 ? 0.5 : 0));
      }
      ranking.add(outcomes);
    }
    trials.correct += ranking.best() == 4 ? 1 : 0;
    trials.replications += static_cast<double>(ranking.replications());
  }
  trials.correct /= static_cast<double>(often);
  trials.replications /= static_cast<double>(often);
  return trials;
}

TEST_CASE("KN: on normal outcomes the best is chosen as often as is promised") {
  const Trials alone = try_often(0, 600);
  const Trials together = try_often(10, 600);
  MESSAGE("correct " << alone.correct << " and " << together.correct << " of the time, after "
                     << alone.replications << " and " << together.replications);
  // three standard errors of a share of 0.95 among 600
  CHECK(alone.correct > 0.95 - 3 * 0.0089);
  CHECK(together.correct > 0.95 - 3 * 0.0089);
  // luck that all share costs nothing
  CHECK(together.replications == doctest::Approx(alone.replications).epsilon(0.05));
}

TEST_CASE("Tail risk: worked by hand") {
  const std::vector<double> gains = {3, -10, 8, 0, 2, -4, 5, 1, 7, 6};
  // a quarter of ten cases: losses of 10 and 4, and half of the case of 0
  const TailRisk quarter = tail_risk(gains, 0.25);
  CHECK(quarter.mean_beyond == doctest::Approx((10 + 4 + 0.0) / 2.5));
  CHECK(quarter.value_at_risk == 0);
  CHECK(quarter.cases == 3);  // two and a half
  CHECK(quarter.of_cases == 10);
  // "the worst 5 %" of 40 cases are two
  const TailRisk two = tail_risk(std::vector<double>(40, 1.0), 0.05);
  CHECK(two.cases == 2);
  CHECK(two.of_cases == 40);
  const TailRisk worst = tail_risk(gains, 0.1);
  CHECK(worst.value_at_risk == 10);
  CHECK(worst.mean_beyond == 10);
  CHECK(tail_risk(gains, 1).mean_beyond == doctest::Approx(-1.8));  // the mean gain
  CHECK(tail_risk(gains, 0.01).mean_beyond == 10);  // of less than a case, that case
}

}  // namespace
}  // namespace optichain::sim
