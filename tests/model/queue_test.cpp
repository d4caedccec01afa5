// Queueing models written on sim/ alone: the engine needs no noun of a supply chain. Theory is the
// outside judge; batch means give the standard error (Law, Simulation Modeling and Analysis, ch.
// 9).
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "sim/base/distribution.hpp"
#include "sim/base/random.hpp"
#include "sim/kernel/line.hpp"

namespace optichain::sim {
namespace {

constexpr Phase departures{0}, arrivals{1};
// One unit of time of the theory in seconds; large, so that whole seconds cost no accuracy.
constexpr double unit = 100'000;

struct Estimate {
  double mean;
  double standard_error;
};

Estimate by_batches(const std::vector<double>& values, std::size_t batches) {
  const std::size_t size = values.size() / batches;
  double sum = 0, squares = 0;
  for (std::size_t b = 0; b < batches; ++b) {
    double mean = 0;
    for (std::size_t i = 0; i < size; ++i) mean += values[b * size + i] / static_cast<double>(size);
    sum += mean;
    squares += mean * mean;
  }
  const double n = static_cast<double>(batches);
  const double mean = sum / n;
  return {mean, std::sqrt((squares / n - mean * mean) / (n - 1))};
}

/// Time in system (in units of mean service time) of `customers` at a single server.
std::vector<double> times_in_system(double utilisation, const Distribution& service,
                                    int customers) {
  const Time start{};
  Kernel kernel(start);
  const Place place = kernel.add_place("counter");
  Line server(kernel, "server", Curve(1.0 / unit).graph());
  Stream gaps({1, 0}, "source", "gap");
  Stream work({1, 0}, "source", "work");
  const Distribution gap(Exponential{unit / utilisation});

  std::vector<double> times;
  kernel.add_agent("source", place, [&](Agent& self) {
    double clock = 0;  // not rounded, so that rounding does not add up
    for (int i = 0; i < customers; ++i) {
      clock += gap.quantile(gaps.uniform());
      self.wait_until(start + Duration{std::llround(clock)}, arrivals);
      const Time arrived = self.now();
      server.submit(service.quantile(work.uniform()), departures, [&times, &kernel, arrived] {
        times.push_back(static_cast<double>((kernel.now() - arrived).count()) / unit);
      });
    }
  });
  kernel.run();
  return times;
}

void check_against_theory(double utilisation, const Distribution& service, double theory) {
  constexpr int warm_up = 50'000, customers = 1'050'000;
  auto times = times_in_system(utilisation, service, customers);
  REQUIRE(times.size() == customers);
  times.erase(times.begin(), times.begin() + warm_up);
  const Estimate r = by_batches(times, 40);
  MESSAGE("time in system: theory " << theory << ", simulated " << r.mean << " +- "
                                    << r.standard_error);
  CHECK(std::fabs(r.mean - theory) < 4 * r.standard_error);
  CHECK(r.standard_error < 0.03 * theory);  // the check must be able to fail
}

// M/M/1: R = 1 / (1 - rho) mean service times.
TEST_CASE("M/M/1 at utilisation 0.5: time in system 2") {
  check_against_theory(0.5, Distribution(Exponential{1}), 2);
}
TEST_CASE("M/M/1 at utilisation 0.8: time in system 5") {
  check_against_theory(0.8, Distribution(Exponential{1}), 5);
}
TEST_CASE("M/M/1 at utilisation 0.9: time in system 10") {
  check_against_theory(0.9, Distribution(Exponential{1}), 10);
}
// M/D/1: R = 1 + rho / (2 (1 - rho)) (Pollaczek-Khinchine).
TEST_CASE("M/D/1 at utilisation 0.8: time in system 3") {
  check_against_theory(0.8, Distribution(1.0), 3);
}

}  // namespace
}  // namespace optichain::sim
