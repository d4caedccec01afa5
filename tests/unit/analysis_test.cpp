// Designs and the methods that read them, against known answers.
#include <cmath>
#include <numbers>
#include <set>

#include <doctest/doctest.h>

#include "sim/batch/prim.hpp"
#include "sim/batch/robustness.hpp"
#include "sim/batch/sensitivity.hpp"
#include "sim/batch/unit_design.hpp"

namespace optichain::sim {
namespace {

/// Ishigami and Homma (1990) with a = 7, b = 0.1 on [-pi, pi]^3.
double ishigami(double u1, double u2, double u3) {
  const auto x = [](double u) { return (2 * u - 1) * std::numbers::pi; };
  return std::sin(x(u1)) + 7 * std::pow(std::sin(x(u2)), 2) +
         0.1 * std::pow(x(u3), 4) * std::sin(x(u1));
}

TEST_CASE("Sobol' indices: those of the Ishigami function lie in their bootstrap intervals") {
  constexpr std::size_t points = 8192;
  const UnitDesign design = sobol_indices_design(1, 3, points);
  std::vector<double> outputs;
  for (std::size_t i = 0; i < design.rows(); ++i) {
    outputs.push_back(ishigami(design.at(i, 0), design.at(i, 1), design.at(i, 2)));
  }
  const auto found = sobol_indices(outputs, 3);
  // analytic: V = a^2/8 + b pi^4/5 + b^2 pi^8/18 + 1/2, V1 = (1 + b pi^4/5)^2/2, V2 = a^2/8,
  // V13 = 8 b^2 pi^8/225
  const double first[] = {0.3139, 0.4424, 0.0};
  const double total[] = {0.5576, 0.4424, 0.2437};
  for (std::size_t f = 0; f < 3; ++f) {
    CAPTURE(f);
    CHECK(found[f].first == doctest::Approx(first[f]).epsilon(0.01));
    CHECK(found[f].total == doctest::Approx(total[f]).epsilon(0.02));
    CHECK(found[f].first_95.low < first[f] + 0.001);
    CHECK(found[f].first_95.high > first[f] - 0.001);
    CHECK(found[f].total_95.low < total[f]);
    CHECK(found[f].total_95.high > total[f]);
    CHECK(found[f].first_95.high - found[f].first_95.low < 0.1);
  }
}

TEST_CASE("Sobol' indices: an additive function has no interactions, a constant one nothing") {
  const UnitDesign design = sobol_indices_design(2, 2, 1024);
  std::vector<double> sum, same(design.rows(), 5.0);
  for (std::size_t i = 0; i < design.rows(); ++i) {
    sum.push_back(3 * design.at(i, 0) + 4 * design.at(i, 1));
  }
  const auto found = sobol_indices(sum, 2);
  CHECK(found[0].first == doctest::Approx(9.0 / 25).epsilon(0.02));
  CHECK(found[0].total == doctest::Approx(9.0 / 25).epsilon(0.02));
  CHECK(found[1].first == doctest::Approx(16.0 / 25).epsilon(0.02));
  for (const SobolIndex& index : sobol_indices(same, 2)) {
    CHECK(index.first == 0);
    CHECK(index.total == 0);
  }
}

TEST_CASE("Sobol' sequence: any power of two of its points fills each equal part once") {
  const UnitDesign design = sobol_sequence(1, 5, 64);
  for (std::size_t f = 0; f < 5; ++f) {
    std::set<int> parts;
    for (std::size_t i = 0; i < 64; ++i) {
      const double u = design.at(i, f);
      CHECK((u > 0 && u < 1));
      parts.insert(static_cast<int>(u * 64));
    }
    CHECK(parts.size() == 64);
  }
  const UnitDesign longer = sobol_sequence(1, 5, 100);
  for (std::size_t i = 0; i < 64; ++i) CHECK(longer.at(i, 3) == design.at(i, 3));
  CHECK(sobol_sequence(2, 5, 1).at(0, 0) != design.at(0, 0));
}

TEST_CASE(
    "Latin hypercube: each factor fills each equal part once, whatever other factors there are") {
  const std::vector<std::string> two = {"a", "b"}, three = {"a", "b", "c"};
  const UnitDesign design = latin_hypercube(7, two, 50, 2);
  for (std::size_t f = 0; f < 2; ++f) {
    for (std::size_t round = 0; round < 2; ++round) {
      std::set<int> parts;
      for (std::size_t i = 0; i < 50; ++i) {
        parts.insert(static_cast<int>(design.at(round * 50 + i, f) * 50));
      }
      CHECK(parts.size() == 50);
    }
  }
  const UnitDesign more = latin_hypercube(7, three, 50, 2);
  for (std::size_t i = 0; i < 100; ++i) CHECK(more.at(i, 1) == design.at(i, 1));
}

TEST_CASE("PRIM: finds a planted box, and that a third input has nothing to do with it") {
  // of interest: 0.6 < a and b < 0.4, which is 16 % of the square
  const UnitDesign design = sobol_sequence(3, 3, 2048);
  PrimCases cases{3, {}, {}};
  for (std::size_t i = 0; i < design.rows(); ++i) {
    for (std::size_t f = 0; f < 3; ++f) cases.values.push_back(design.at(i, f));
    cases.is_of_interest.push_back(design.at(i, 0) > 0.6 && design.at(i, 1) < 0.4);
  }
  const PrimBox box = find_box(cases);
  REQUIRE(box.limits.size() == 2);
  CHECK(box.limits[0].input == 0);
  CHECK(box.limits[0].low == doctest::Approx(0.6).epsilon(0.05));
  CHECK(std::isinf(box.limits[0].high));
  CHECK(box.limits[1].input == 1);
  CHECK(box.limits[1].high == doctest::Approx(0.4).epsilon(0.1));
  CHECK(std::isinf(box.limits[1].low));
  CHECK(box.density > 0.95);
  CHECK(box.coverage > 0.8);
  CHECK(box.density == double(box.of_interest) / double(box.cases));
  for (const auto& limit : box.limits) CHECK(limit.quasi_p < 1e-6);
}

TEST_CASE(
    "PRIM: with noise the box still is where the planted one is, and without cases there is none") {
  const UnitDesign design = sobol_sequence(4, 4, 2048);
  PrimCases cases{3, {}, {}};
  for (std::size_t i = 0; i < design.rows(); ++i) {
    for (std::size_t f = 0; f < 3; ++f) cases.values.push_back(design.at(i, f));
    const bool inside = design.at(i, 2) > 0.7;
    cases.is_of_interest.push_back(design.at(i, 3) < (inside ? 0.9 : 0.05));
  }
  const PrimBox box = find_box(cases, {.least_coverage = 0.7});
  bool found = false;
  for (const auto& limit : box.limits) {
    if (limit.input != 2) continue;
    found = true;
    CHECK(limit.low == doctest::Approx(0.7).epsilon(0.1));
  }
  CHECK(found);
  CHECK(box.density > 0.8);
  cases.is_of_interest.assign(design.rows(), false);
  CHECK(find_box(cases).limits.empty());
  cases.is_of_interest.assign(design.rows(), true);
  CHECK(find_box(cases).limits.empty());
}

TEST_CASE("PRIM: categories have no order, a case seen several times supports only once") {
  // of interest: all of `b`, the middle one of three words, in 12 futures seen under 5 policies
  // each
  PrimCases cases{2, {}, {}, {true, false}, {}};
  for (std::size_t policy = 0; policy < 5; ++policy) {
    for (std::size_t future = 0; future < 12; ++future) {
      cases.values.push_back(static_cast<double>(future % 3));
      cases.values.push_back(static_cast<double>(future));
      cases.is_of_interest.push_back(future % 3 == 1);
      cases.group.push_back(future);
    }
  }
  const PrimBox box = find_box(cases);
  REQUIRE(box.limits.size() == 1);
  CHECK(box.limits[0].categories == std::vector<double>{1});
  CHECK(box.density == 1);
  CHECK(box.coverage == 1);
  CHECK(box.cases == 20);
  CHECK(box.groups == 4);
  CHECK(box.of_groups == 12);
  // without the limit a third is of interest: four futures of four by chance
  CHECK(box.limits[0].quasi_p == doctest::Approx(std::pow(1.0 / 3, 4)));
}

TEST_CASE("PRIM: eight futures under any number of policies carry no box") {
  PrimCases cases{1, {}, {}, {}, {}};
  for (std::size_t policy = 0; policy < 50; ++policy) {
    for (std::size_t future = 0; future < 8; ++future) {
      cases.values.push_back(static_cast<double>(future));
      cases.is_of_interest.push_back(future < 3);
      cases.group.push_back(future);
    }
  }
  const PrimBox none = find_box(cases);
  CHECK_FALSE(none.is_supported);
  CHECK(none.limits.empty());
  CHECK(none.of_groups == 8);
  CHECK(find_box(cases, {.fewest_groups = 8}).limits.size() == 1);
}

TEST_CASE("Regret and satisficing: worked by hand for three policies in four futures") {
  const double unknown = std::nan("");
  const OutcomeTable sales{3, 4, {10, 20, 30, 5, 12, 18, 30, 6, 4, 25, 10, unknown}};
  // future 4 does not count, for the third policy is not known there; best: 12, 25, 30
  const auto high = regrets(sales, Better::high);
  CHECK(high[0].mean == doctest::Approx((2 + 5 + 0) / 3.0));
  CHECK(high[0].worst == 5);
  CHECK(high[0].best_share == doctest::Approx(1 / 3.0));
  CHECK(high[1].mean == doctest::Approx((0 + 7 + 0) / 3.0));
  CHECK(high[1].best_share == doctest::Approx(2 / 3.0));
  CHECK(high[2].worst == 20);
  CHECK(high[2].futures == 3);
  const auto low = regrets(sales, Better::low);  // best: 4, 18, 10
  CHECK(low[2].mean == doctest::Approx(7 / 3.0));
  CHECK(low[0].worst == 20);

  const OutcomeTable costs{3, 4, {1, 1, 1, 1, 1, 9, 1, 1, 1, 1, 1, 1}};
  const std::vector<OutcomeTable> both = {sales, costs};
  const std::vector<Limits> limits = {{.min = 10}, {.max = 5}};
  const auto good = satisficing(both, limits);
  CHECK(good[0] == 0.75);                      // not in future 4
  CHECK(good[1] == 0.5);                       // futures 1 and 3
  CHECK(good[2] == doctest::Approx(2 / 3.0));  // of three known futures 2 and 3
}

}  // namespace
}  // namespace optichain::sim
