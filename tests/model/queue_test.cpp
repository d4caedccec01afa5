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

/// Time in system (in units of mean service time) at a server that fails `failures` times a unit
/// while it is up and then takes `1 / repairs` units to be repaired, all exponential. Service goes
/// on where it stopped.
std::vector<double> times_with_breakdowns(double arrival_rate, double failures, double repairs,
                                          int customers) {
  const Time start{};
  Kernel kernel(start);
  const Place place = kernel.add_place("counter");
  const PiecewiseLinear up = Curve(1.0 / unit).graph(), down = Curve(0.0).graph();
  Line server(kernel, "server", up);
  Stream gaps({1, 0}, "source", "gap"), work({1, 0}, "source", "work"), ups({1, 0}, "server", "up"),
      downs({1, 0}, "server", "down");
  const Distribution gap(Exponential{unit / arrival_rate}), up_time(Exponential{unit / failures}),
      down_time(Exponential{unit / repairs}), service(Exponential{1});

  std::vector<double> times;
  kernel.add_agent(
      "breakdowns", place,
      [&](Agent& self) {
        for (double clock = 0;;) {
          clock += up_time.quantile(ups.uniform());
          self.wait_until(start + Duration{std::llround(clock)}, arrivals);
          server.change_capacity(down);
          clock += down_time.quantile(downs.uniform());
          self.wait_until(start + Duration{std::llround(clock)}, arrivals);
          server.change_capacity(up);
        }
      },
      AgentKind::passive);
  kernel.add_agent("source", place, [&](Agent& self) {
    double clock = 0;
    for (int i = 0; i < customers; ++i) {
      clock += gap.quantile(gaps.uniform());
      self.wait_until(start + Duration{std::llround(clock)}, arrivals);
      const Time arrived = self.now();
      server.submit(service.quantile(work.uniform()), departures, [&times, &kernel, arrived] {
        times.push_back(static_cast<double>((kernel.now() - arrived).count()) / unit);
      });
    }
  });
  // breakdowns go on for ever
  kernel.run_until(start + Duration{std::llround(1.1 * customers / arrival_rate * unit)});
  return times;
}

// M/M/1 with breakdowns in calendar time (White and Christie, Operations Research 6, 1958). With
// arrivals l, service 1, failures f and repairs r, the generating function of the number in the
// system while up is P(z) = p0 / D(z), D(z) = 1 - l z - f l z / (l (1 - z) + r), and while down
// Q(z) = f P(z) / (l (1 - z) + r), with P(1) = r / (f + r). The mean number is P'(1) + Q'(1), and
// the time in system by Little.
TEST_CASE("M/M/1 with a server that is up 0.8 of the time, used to 0.625 of that") {
  const double l = 0.5, f = 0.05, r = 0.2;
  const double up = r / (f + r), d = 1 - l * (1 + f / r), slope = -l - f * l * (r + l) / (r * r);
  const double number_up = -up * slope / d;
  const double number = number_up + f * number_up / r + f * up * l / (r * r);
  const double theory = number / l;

  constexpr int warm_up = 50'000, customers = 1'050'000;
  auto times = times_with_breakdowns(l, f, r, customers);
  REQUIRE(times.size() == customers);
  times.erase(times.begin(), times.begin() + warm_up);
  const Estimate e = by_batches(times, 40);
  MESSAGE("time in system: theory " << theory << ", simulated " << e.mean << " +- "
                                    << e.standard_error);
  CHECK(std::fabs(e.mean - theory) < 4 * e.standard_error);
  CHECK(e.standard_error < 0.03 * theory);
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
