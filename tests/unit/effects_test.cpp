// What a factor does when it alone is varied, against outcomes whose answer is known.
#include "models/report/text/effects.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "sim/base/random.hpp"
#include "sim/batch/regression.hpp"
#include "sim/batch/unit_design.hpp"

namespace optichain::models::report {
namespace {

using Column = sweep::SweepResults::Column;
using doctest::Approx;

/// Uncertainties at the points of a Sobol' sequence.
std::vector<Column> sobol_columns(std::size_t factors, std::size_t futures) {
  const sim::UnitDesign design = sim::sobol_sequence(1, factors, futures);
  std::vector<Column> columns;
  for (std::size_t c = 0; c < factors; ++c) {
    Column& column =
        columns.emplace_back(Column{std::string(1, static_cast<char>('a' + c)), {}, {}, {}});
    for (std::size_t f = 0; f < futures; ++f) column.settings.push_back(design.at(f, c));
  }
  return columns;
}
const Effect* effect_of(const Effects& all, std::size_t column) {
  for (const Effect& e : all.effects) {
    if (e.column == column) return &e;
  }
  return nullptr;
}

TEST_CASE("Regression: a line through three points, worked by hand") {
  // y = 0, 1, 5 at x = -1, 0, 1: slope 2.5, mean 2; residuals 0.5, -1, 0.5, so variance 1.5 and the
  // standard error of the slope sqrt(1.5 / 2)
  const std::vector<double> rows = {1, -1, 1, 0, 1, 1}, y = {0, 1, 5};
  const auto fit = sim::fit_linear(rows, y);
  REQUIRE(fit);
  CHECK(fit->freedom == 1);
  CHECK(fit->coefficients[0] == Approx(2));
  CHECK(fit->coefficients[1] == Approx(2.5));
  CHECK(fit->standard_errors[1] == Approx(std::sqrt(0.75)));
  CHECK(fit->half_width(1) == Approx(12.7062 * std::sqrt(0.75)).epsilon(1e-5));  // t(1) at 97.5 %
  const std::vector<double> twins = {1, 2, 2, 4, 3, 6};  // the second column follows from the first
  CHECK_FALSE(sim::fit_linear(twins, y));
  CHECK_FALSE(sim::fit_linear(rows, std::vector<double>{1, 2}));
}

TEST_CASE("Effects: what everything does at once is told apart by a regression on all futures") {
  // b hides a in single futures: 10 a - 100 b, under two policies of which one has 5 more
  const auto columns = sobol_columns(2, 32);
  sim::OutcomeTable outcomes{2, 32, {}};
  for (const double more : {0.0, 5.0}) {
    for (std::size_t f = 0; f < 32; ++f) {
      outcomes.values.push_back(10 * columns[0].settings[f] - 100 * columns[1].settings[f] + more);
    }
  }
  const Effects found = effects_of(columns, outcomes);
  REQUIRE(found.effects.size() == 2);
  CHECK(found.sentences.empty());
  CHECK(found.effects[0].column == 1);  // the larger first
  const Effect& a = *effect_of(found, 0);
  CHECK(a.swing == Approx(10 * (a.x_high - a.x_low)));
  CHECK(a.at_high - a.at_low == Approx(a.swing));
  CHECK(a.swing_low == Approx(a.swing));  // nothing is left over
  CHECK(effect_of(found, 1)->swing < 0);
  // a of 0.5 lies in the middle: the mean is where a bar begins
  CHECK((a.at_low + a.at_high) / 2 == Approx(found.mean).epsilon(0.02));
}

TEST_CASE("Effects: the interval holds the truth in 95 of 100 cases") {
  const auto columns = sobol_columns(3, 24);
  std::size_t holds = 0;
  constexpr std::size_t cases = 1000;
  for (std::size_t i = 0; i < cases; ++i) {
    sim::Stream noise({i, 0}, "effects", "noise");
    sim::OutcomeTable outcomes{1, 24, {}};
    for (std::size_t f = 0; f < 24; ++f) {
      // a sum of twelve uniform numbers is nearly normal
      double sum = -6;
      for (int k = 0; k < 12; ++k) sum += noise.uniform();
      outcomes.values.push_back(2 * columns[0].settings[f] + 7 * columns[1].settings[f] + sum);
    }
    const Effects found = effects_of(columns, outcomes);
    const Effect& a = *effect_of(found, 0);
    const double truth = 2 * (a.x_high - a.x_low);
    holds += a.swing_low <= truth && truth <= a.swing_high;
  }
  // four standard deviations of a binomial variable: sqrt(0.95 x 0.05 / 1000) x 4 = 0.028
  CHECK(static_cast<double>(holds) / cases == Approx(0.95).epsilon(0.03));
}

TEST_CASE(
    "Effects: too few futures carry none and that is said, and policies are no more futures") {
  const auto columns = sobol_columns(9, 8);
  const Effects found = effects_of(columns, {20, 8, std::vector<double>(160, 1.0)});
  CHECK(found.effects.empty());
  CHECK(found.untold.size() == 9);
  REQUIRE(found.sentences.size() == 1);
  // nine coefficients and the mean, and ten to spare
  CHECK(found.sentences[0] ==
        "8 futures carry no statement about a, b, c, d, e, f, g, h, i: at least 20 are needed");
}

TEST_CASE("Effects: levers of a grid are compared within each future, words with words") {
  // two levers in full, three futures: 2 x and 1 for the word `fast`, more of both in later futures
  const std::vector<Column> columns = {{"x", true, {0, 0, 3, 3}, {}},
                                       {"how", true, {0, 1, 0, 1}, {"fast", "slow"}}};
  sim::OutcomeTable outcomes{4, 3, {}};
  for (std::size_t p = 0; p < 4; ++p) {
    for (std::size_t f = 0; f < 3; ++f) {
      const double x = columns[0].settings[p], fast = 1 - columns[1].settings[p];
      outcomes.values.push_back(100 * static_cast<double>(f) + static_cast<double>(1 + f) * x +
                                fast);
    }
  }
  const Effects found = effects_of(columns, outcomes);
  // of x: 3, 6 and 9 in the three futures: mean 6, deviation 3, t(2) at 97.5 % 4.30265
  const Effect& x = *effect_of(found, 0);
  CHECK(x.swing == Approx(6));
  CHECK(x.swing_high - x.swing == Approx(4.30265 * 3 / std::sqrt(3.0)).epsilon(1e-5));
  const Effect& how = *effect_of(found, 1);
  CHECK(how.swing == Approx(1));
  CHECK(columns[1].words[static_cast<std::size_t>(how.x_high)] == "fast");
  CHECK(how.swing_low == Approx(1));
}

TEST_CASE(
    "Effects: one factor at a time is compared as it was run, a single future without interval") {
  const double as_it_is = std::nan("");
  const std::vector<Column> columns = {{"a", true, {as_it_is, 1, 2, as_it_is, as_it_is}, {}},
                                       {"b", true, {as_it_is, as_it_is, as_it_is, 5, 9}, {}}};
  const Effects found = effects_of(columns, {5, 1, {10, 8, 14, 11, 10.5}});
  CHECK(effect_of(found, 0)->swing == 6);
  CHECK(effect_of(found, 0)->at_low == 8);
  CHECK(std::isnan(effect_of(found, 0)->swing_low));
  CHECK(effect_of(found, 1)->swing == -0.5);
}

}  // namespace
}  // namespace optichain::models::report
