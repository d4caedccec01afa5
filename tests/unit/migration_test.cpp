// How shares move: the laws of diffusion against outside results, the logit and its limits by hand.
#include "models/policy/migration.hpp"

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include "models/state/current_terms.hpp"
#include "sim/base/number.hpp"

namespace optichain::models {
namespace {

using sim::Date;
using sim::Time;

const Date start = std::chrono::sys_days{std::chrono::year{2024} / 1 / 1};

TEST_CASE("Migration: Bass's curve is that of the reference, its peak included") {
  std::ifstream file(OPTICHAIN_SOURCE_DIR "/tests/reference/diffusion.csv");
  std::string line, cell;
  std::getline(file, line);
  int rows = 0;
  while (std::getline(file, line)) {
    std::stringstream cells(line);
    std::string parameters, quantity, value;
    std::getline(cells, cell, ',');
    std::getline(cells, parameters, ',');
    std::getline(cells, quantity, ',');
    std::getline(cells, value, ',');
    const double p = sim::parse_number(parameters.substr(2, 4)).value();
    const double q = sim::parse_number(parameters.substr(parameters.find("q=") + 2)).value();
    const double expected = sim::parse_number(value).value();
    const double peak = std::log(q / p) / (p + q);
    const auto rate = [&](double t) {
      return (bass_adopted(p, q, t + 1e-4) - bass_adopted(p, q, t - 1e-4)) / 2e-4;
    };
    if (quantity == "peak_time") {
      CHECK(peak == doctest::Approx(expected).epsilon(1e-6));
      CHECK(rate(expected) > rate(expected - 0.1));
      CHECK(rate(expected) > rate(expected + 0.1));
    } else if (quantity == "F(peak)") {
      CHECK(bass_adopted(p, q, peak) == doctest::Approx(expected).epsilon(1e-5));
    } else if (quantity == "peak_rate_fraction") {
      CHECK(rate(peak) == doctest::Approx(expected).epsilon(1e-5));
    } else {
      const double years = sim::parse_number(quantity.substr(2, quantity.size() - 3)).value();
      CHECK(bass_adopted(p, q, years) == doctest::Approx(expected).epsilon(5e-5));
    }
    ++rows;
  }
  CHECK(rows == 20);
  CHECK(bass_adopted(0.03, 0.38, -1) == 0);
  CHECK(bass_adopted(0.03, 0, 10) == doctest::Approx(1 - std::exp(-0.3)));
}

TEST_CASE("Migration: the logistic goes from a tenth to nine tenths in its takeover time") {
  const LogisticShare law{.from = 0.2, .to = 0.7, .midpoint = start, .takeover_weeks = 80};
  const Time mid{start};
  CHECK(share_at(law, mid) == doctest::Approx(0.45));
  CHECK(share_at(law, mid - 40 * sim::one_week) == doctest::Approx(0.2 + 0.1 * 0.5));
  CHECK(share_at(law, mid + 40 * sim::one_week) == doctest::Approx(0.2 + 0.9 * 0.5));
}

TEST_CASE("Migration: odds change by the powers of relative price and lead time") {
  const policy::ResponsiveShare law{2, 1, 13, std::nullopt};
  const policy::Attraction one{100, 10};
  CHECK(policy::log_odds_change(law, one, one, one, one) == 0);
  // the old becomes a quarter dearer: the new has 0.8 of the relative price, the odds rise
  // by 1.25^2
  CHECK(policy::log_odds_change(law, one, {125, 10}, one, one) ==
        doctest::Approx(std::log(1.5625)));
  // the old takes three times as long
  CHECK(policy::log_odds_change(law, one, {100, 30}, one, one) == doctest::Approx(std::log(3)));
  // both change alike: nothing
  CHECK(policy::log_odds_change(law, {300, 50}, {300, 50}, one, one) == doctest::Approx(0));
  // a lead time below a week counts as a week; a price of nothing is not compared
  CHECK(policy::log_odds_change(law, {0, 0.1}, {100, 7}, {100, 0}, {100, 1}) ==
        doctest::Approx(std::log(7)));
}

TEST_CASE("Migration: shares follow odds, and what is not there stays away") {
  // odds of 1 to 3, tripled: 1 to 1
  CHECK(policy::shifted_share(0.25, std::log(3)) == doctest::Approx(0.5));
  CHECK(policy::shifted_share(0.5, std::log(3)) == doctest::Approx(0.75));
  CHECK(policy::shifted_share(0, 500) == 0);
  CHECK(policy::shifted_share(1, -500) == 1);
  CHECK(policy::shifted_share(0.4, 0) == 0.4);
}

TEST_CASE("Migration: a response follows with its time constant, a pace limits each step") {
  CHECK(policy::followed(0, 1, 13, 13) == doctest::Approx(1 - std::exp(-1)));
  CHECK(policy::followed(0.3, 1, 1, 0) == 1);
  // in 13 weeks and a bit it is a quarter of a year; half of that allows half
  const double half = 365.25 / 8 / 7;
  CHECK(policy::paced(0.4, 0.9, 0.2, half) == doctest::Approx(0.5));
  CHECK(policy::paced(0.4, 0.0, 0.2, half) == doctest::Approx(0.3));
  CHECK(policy::paced(0.4, 0.45, 0.2, half) == 0.45);
  CHECK(policy::paced(0.4, 0.9, std::nullopt, half) == 0.9);
}

TEST_CASE("Migration: what a customer takes as new is cut, and the others fill up") {
  const std::vector<bool> all = {true, true, true}, first = {true, false, false};
  std::vector<double> parts = {0.5, 0.2, 0.3};
  state::limit_new_share(parts, all, first, 0.25);
  CHECK(parts[0] == doctest::Approx(0.25));
  CHECK(parts[1] == doctest::Approx(0.3));
  CHECK(parts[2] == doctest::Approx(0.45));
  state::limit_new_share(parts, all, first, 0.9);  // not reached
  CHECK(parts[0] == doctest::Approx(0.25));
  std::vector<double> only = {1, 0, 0};
  state::limit_new_share(only, first, first, 0.25);  // nothing else is accepted: it waits
  CHECK(only[0] == 1);
  state::limit_new_share(only, {true, true, false}, first, 0.25);
  CHECK(only == std::vector<double>{0.25, 0.75, 0});
}

}  // namespace
}  // namespace optichain::models
