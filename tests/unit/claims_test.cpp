#include <array>
#include <cmath>

#include <doctest/doctest.h>

#include "models/claims/verdict.hpp"
#include "sim/base/expression.hpp"
#include "sim/batch/least_squares.hpp"

namespace optichain {
namespace {

using doctest::Approx;
using sim::Expression;
using sim::ExpressionError;

TEST_CASE("Expression: names of metrics, in alphabetical order, and arithmetic over them") {
  const Expression growth("market.revenue.2026 / market.revenue.2025 - 1");
  REQUIRE(growth.names() == std::vector<std::string>{"market.revenue.2025", "market.revenue.2026"});
  CHECK(growth.value(std::array{16.5, 26.0}) == Approx(26.0 / 16.5 - 1));
  CHECK(Expression("max(1, 2, 3) * 2 ^ 3").value({}) == 24);
  CHECK(Expression("x.2026@mid_2025 > 2 ? 10 : 20").value(std::array{3.0}) == 10);
}

TEST_CASE("Expression: what is not defined is not a number") {
  CHECK(std::isnan(Expression("a / b").value(std::array{1.0, 0.0})));
  CHECK(std::isnan(Expression("ln(a)").value(std::array{-1.0})));
  CHECK(std::isnan(Expression("a + 1").value(std::array{std::nan("")})));
}

TEST_CASE("Expression: mistakes say where they are") {
  const auto position = [](const std::string& text) -> long {
    try {
      Expression unused(text);
      return -1;
    } catch (const ExpressionError& e) {
      return static_cast<long>(e.position);
    }
  };
  CHECK(position("a + ") >= 0);
  CHECK(position("a = 3") == 2);
  CHECK(position("(a + b") >= 0);
  CHECK(position("") >= 0);
  CHECK(position("1e308*1e30*") == 11);  // where something lacks, at the end
  CHECK(position("a, b") == 0);
  CHECK(position("a <= 3 && b == 2") == -1);
}

TEST_CASE("Least squares: a straight line and what it leaves unknown, by hand") {
  // one residual 2 z - 3 and the parameter itself: the minimum of (2 z - 3)^2 + z^2 is z = 6/5,
  // and half the second derivative is 5
  const auto residuals = [](std::span<const std::vector<double>> points) {
    std::vector<std::vector<double>> out;
    for (const auto& p : points) out.push_back({2 * p[0] - 3});
    return out;
  };
  const auto fit = sim::fit_least_squares(2, residuals, {.steps = 50, .tolerance = 1e-12});
  CHECK(fit.parameters[0] == Approx(1.2).epsilon(1e-4));
  CHECK(fit.parameters[1] == Approx(0).epsilon(1e-6));
  CHECK(fit.loss_before == 9);
  CHECK(fit.loss == Approx(0.36 + 1.44).epsilon(1e-6));
  CHECK(fit.remaining[0] == Approx(1 / std::sqrt(5)).epsilon(1e-6));
  CHECK(fit.remaining[1] == Approx(1));  // nothing is said of it
  CHECK(fit.correlation[1] == Approx(0));
}

TEST_CASE("Least squares: two parameters of which only the sum is seen are twins") {
  const auto residuals = [](std::span<const std::vector<double>> points) {
    std::vector<std::vector<double>> out;
    for (const auto& p : points) out.push_back({10 * (p[0] + p[1] - 1)});
    return out;
  };
  const auto fit = sim::fit_least_squares(2, residuals, {.steps = 50, .tolerance = 1e-12});
  // by symmetry both are equal: 2 * 100 (2 z - 1) + 2 z / 2 = 0 for each
  CHECK(fit.parameters[0] == Approx(100.0 / 201).epsilon(1e-4));
  CHECK(fit.parameters[1] == Approx(fit.parameters[0]).epsilon(1e-4));
  // inverse of [[101, 100], [100, 101]]: 101/201 and -100/201
  CHECK(fit.remaining[0] == Approx(std::sqrt(101.0 / 201)).epsilon(1e-4));
  CHECK(fit.correlation[1] == Approx(-100.0 / 101).epsilon(1e-4));
}

TEST_CASE("Least squares: a curved function, and bounds that are never left") {
  std::vector<double> seen;
  const auto residuals = [&](std::span<const std::vector<double>> points) {
    std::vector<std::vector<double>> out;
    for (const auto& p : points) {
      seen.push_back(p[0]);
      out.push_back({100 * (std::exp(p[0]) - 2)});  // wants ln 2 = 0.69
    }
    return out;
  };
  const auto free = sim::fit_least_squares(1, residuals, {.steps = 50, .tolerance = 1e-12});
  CHECK(free.parameters[0] == Approx(std::log(2.0)).epsilon(1e-3));
  seen.clear();
  const auto bound = sim::fit_least_squares(
      1, residuals, {.steps = 50, .tolerance = 1e-12, .low = {-0.5}, .high = {0.5}});
  CHECK(bound.parameters[0] == Approx(0.5));
  for (const double x : seen) CHECK(std::abs(x) <= 0.5);
}

TEST_CASE("Claim: from where to where it holds") {
  using models::claims::Claim;
  const auto range = [](const models::claims::Claim& claim) {
    return models::claims::range_of(claim);
  };
  models::claims::Claim value;
  value.published = 20;
  value.tolerance = 0.1;
  CHECK(range(value).holds(18.0));
  CHECK(range(value).holds(22.0));
  CHECK_FALSE(range(value).holds(17.9));
  models::claims::Claim least;
  least.min = 0.6;
  CHECK(range(least).holds(0.6));
  CHECK_FALSE(range(least).holds(0.59));
  CHECK(range(least).holds(1e9));
  models::claims::Claim most;
  most.max = -2;
  most.tolerance = 0.5;  // wider, whatever the sign
  CHECK(range(most).holds(-1.0));
  CHECK_FALSE(range(most).holds(-0.9));
}

TEST_CASE("Verdict: nine futures in ten, most, hardly any, and what is fitted says so") {
  using models::claims::ClaimKind;
  const auto text = [](double share, models::claims::ClaimKind kind) {
    models::claims::Verdict v;
    v.futures = 100;
    v.share = share;
    return v.text(kind);
  };
  CHECK(text(0.9, models::claims::ClaimKind::predicted) == "holds");
  CHECK(text(0.89, models::claims::ClaimKind::predicted) == "holds in 89 %");
  CHECK(text(0.5, models::claims::ClaimKind::fitted) == "holds in 50 %, fitted");
  CHECK(text(0.49, models::claims::ClaimKind::predicted) == "does not hold, but in 49 %");
  CHECK(text(0.05, models::claims::ClaimKind::given) == "does not hold, given");
  CHECK(models::claims::Verdict{}.text(models::claims::ClaimKind::predicted) == "not known");
}

TEST_CASE("Metric names with a case") {
  const auto n = models::claims::MetricName::of("market.unmet.2026@mid_2025");
  CHECK(n.metric == "market.unmet.2026");
  CHECK(n.in == "mid_2025");
  CHECK(models::claims::MetricName::of("market.unmet.2026").in.empty());
}

}  // namespace
}  // namespace optichain
