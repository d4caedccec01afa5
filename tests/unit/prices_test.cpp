// Prices without a clock: scarcity, erosion, the index.
#include <cmath>

#include <doctest/doctest.h>

#include "models/policy/market_price.hpp"
#include "models/world/price_index.hpp"

namespace optichain::models {
namespace {

using doctest::Approx;

policy::Market market() {
  policy::Market m;
  m.normal_cover_weeks = 4;
  m.sensitivity = 0.5;
  m.floor = 0.5;
  m.ceiling = 3;
  return m;
}

TEST_CASE("Market: at rest the price follows the root of the cover, between floor and ceiling") {
  const policy::Market m = market();
  CHECK(policy::price_at_rest(m, {.open = 400, .per_week = 100}) == 1);  // the normal cover
  CHECK(policy::price_at_rest(m, {.open = 1600, .per_week = 100}) == Approx(2));
  CHECK(policy::price_at_rest(m, {.open = 225, .per_week = 100}) == Approx(0.75));
  CHECK(policy::price_at_rest(m, {.open = 1e6, .per_week = 100}) == 3);
  CHECK(policy::price_at_rest(m, {.open = 1, .per_week = 100}) == 0.5);
  CHECK(policy::price_at_rest(m, {.open = 0, .per_week = 100}) == 0.5);
  CHECK(policy::price_at_rest(m, {.open = 5, .per_week = 0}) == 3);
  CHECK(policy::price_at_rest(m, {.open = 0, .per_week = 0}) == 1);  // not traded yet
  policy::Market deaf = m;
  deaf.sensitivity = 0;
  CHECK(policy::price_at_rest(deaf, {.open = 0, .per_week = 100}) == 1);
  CHECK(policy::price_at_rest(deaf, {.open = 5, .per_week = 0}) == 1);
}

TEST_CASE("Market: three weeks of a shortage and its end, by hand") {
  // Half of the logarithmic gap closes in a week: exp(-1 / adjustment) = 1/2. The covers of 8, 16
  // and 16 weeks would have the price at 2^(1/2), 2 and 2; the last week has no orders, and the
  // floor is 1. In powers of 2: 0 -> 1/4 -> (1/4 + 1) / 2 = 5/8 -> (5/8 + 1) / 2 = 13/16 -> 13/32.
  policy::Market m = market();
  m.floor = 1;
  m.adjustment_weeks = 1 / std::log(2);
  double f = 1;
  f = policy::next_price_factor(m, f, {.open = 800, .per_week = 100}, 1);
  CHECK(f == Approx(std::exp2(0.25)));
  f = policy::next_price_factor(m, f, {.open = 1600, .per_week = 100}, 1);
  CHECK(f == Approx(std::exp2(5.0 / 8)));
  f = policy::next_price_factor(m, f, {.open = 1600, .per_week = 100}, 1);
  CHECK(f == Approx(std::exp2(13.0 / 16)));
  f = policy::next_price_factor(m, f, {.open = 0, .per_week = 100}, 1);
  CHECK(f == Approx(std::exp2(13.0 / 32)));
  for (int week = 0; week < 60; ++week) {
    f = policy::next_price_factor(m, f, {.open = 0, .per_week = 100}, 1);
  }
  CHECK(f == Approx(1).epsilon(1e-12));
}

TEST_CASE("Market: looking twice as often changes nothing") {
  const policy::Market m = market();
  const policy::MarketView view{.open = 1000, .per_week = 100};
  const double once = policy::next_price_factor(m, 1.3, view, 1);
  CHECK(policy::next_price_factor(m, policy::next_price_factor(m, 1.3, view, 0.5), view, 0.5) ==
        Approx(once));
  const double rate = policy::next_shipping_rate(m, 80, 120, 1);
  CHECK(policy::next_shipping_rate(m, policy::next_shipping_rate(m, 80, 60, 0.5), 60, 0.5) ==
        Approx(rate));
}

TEST_CASE("Market: without memory the last week counts, with it a part of the gap") {
  policy::Market m = market();
  m.memory_weeks = 0;
  CHECK(policy::next_shipping_rate(m, 80, 30, 2) == 15);
  m.memory_weeks = 1 / std::log(2);  // half
  CHECK(policy::next_shipping_rate(m, 80, 30, 1) == Approx(55));
  m.adjustment_weeks = 0;
  CHECK(policy::next_price_factor(m, 1, {.open = 1600, .per_week = 100}, 1) == Approx(2));
}

TEST_CASE("Erosion: 19 % a year are 10 % in half a year, and nothing before it begins") {
  const sim::Time start = sim::Date{std::chrono::year{2024} / 1 / 1};
  Item item;
  CHECK(left_by_erosion(item, start, start + sim::one_day) == 1);
  item.erosion = Erosion{.per_year = 0.19, .from = {}};
  const sim::Duration half_a_year{15'778'800};  // of a year of 365.25 days
  CHECK(left_by_erosion(item, start, start + half_a_year) == Approx(0.9).epsilon(1e-12));
  CHECK(left_by_erosion(item, start, start - sim::one_day) == 1);
  item.erosion->from = sim::Date{std::chrono::year{2024} / 7 / 2};
  CHECK(left_by_erosion(item, start, start + half_a_year) == 1);
}

TEST_CASE("Price index: chained over years, quarters linked to the year before") {
  // Two years of two quarters each. Old sells 10 at 100 in each quarter of the first year, 10 and
  // 30 at 80 and 60 in the second; new sells 5 at 200 from the second year's first quarter on, and
  // has no price to compare with before.
  const std::vector<world::ReportPeriod> periods = {{"2024Q3", 0, 1, true}, {"2024Q4", 1, 2, true},
                                                    {"2025Q1", 2, 3, true}, {"2025Q2", 3, 4, true},
                                                    {"2024", 0, 2, false},  {"2025", 2, 4, false},
                                                    {"all", 0, 4, false}};
  const world::Sold old{.pieces = {10, 10, 10, 30, 20, 40, 60},
                        .spend = {900, 1100, 800, 1800, 2000, 2600, 4600}};
  const world::Sold fresh{.pieces = {0, 0, 5, 5, 0, 10, 10},
                          .spend = {0, 0, 1000, 1000, 0, 2000, 2000}};
  const auto index = world::price_index(periods, std::vector<world::Sold>{old, fresh});
  CHECK(index[4] == 1);
  CHECK(index[0] == Approx(0.9));  // 90 against the 100 of its year
  CHECK(index[1] == Approx(1.1));
  CHECK(index[5] == Approx(0.65));  // 2600 / 40 = 65
  CHECK(index[2] == Approx(0.8));
  CHECK(index[3] == Approx(0.6));
  CHECK(std::isnan(index[6]));
}

TEST_CASE("Price index: a third year is linked to the second, with its weights") {
  // a: 10 at 10, then 10 at 8, then 10 at 8. b: 0, then 30 at 20, then 30 at 10.
  // 2025 on 2024: 8/10. 2026 on 2025, at the pieces of 2025: (80 + 300) / (80 + 600) = 19/34.
  const std::vector<world::ReportPeriod> periods = {{"2024Q1", 0, 1, true}, {"2025Q1", 1, 2, true},
                                                    {"2026Q1", 2, 3, true}, {"2024", 0, 1, false},
                                                    {"2025", 1, 2, false},  {"2026", 2, 3, false}};
  const world::Sold a{.pieces = {10, 10, 10, 10, 10, 10}, .spend = {100, 80, 80, 100, 80, 80}};
  const world::Sold b{.pieces = {0, 30, 30, 0, 30, 30}, .spend = {0, 600, 300, 0, 600, 300}};
  const auto index = world::price_index(periods, std::vector<world::Sold>{a, b});
  CHECK(index[5] == Approx(0.8 * 19 / 34));
  CHECK(index[2] == index[5]);
}

}  // namespace
}  // namespace optichain::models
