#include "sim/base/random.hpp"

#include <array>
#include <cmath>

#include <doctest/doctest.h>

#include "sim/base/distribution.hpp"
#include "sim/base/value.hpp"

namespace optichain::sim {
namespace {

TEST_CASE("Stream: a draw depends on its address and on nothing else") {
  Stream a({1, 0}, "fab", "yield");
  Stream b({1, 0}, "fab", "yield");
  for (int i = 0; i < 10; ++i) b.uniform();
  for (std::uint64_t i = 0; i < 10; ++i) CHECK(a.uniform() == b.uniform_at(i));
}

TEST_CASE("Stream: seed, replication, entity and purpose each give other numbers") {
  const double u = Stream({1, 0}, "fab", "yield").uniform();
  CHECK(u != Stream({2, 0}, "fab", "yield").uniform());
  CHECK(u != Stream({1, 1}, "fab", "yield").uniform());
  CHECK(u != Stream({1, 0}, "fab2", "yield").uniform());
  CHECK(u != Stream({1, 0}, "fab", "transit").uniform());
}

TEST_CASE("Stream: uniform, and independent between neighbouring streams") {
  constexpr int n = 100'000;
  Stream a({1, 0}, "fab", "yield");
  Stream b({1, 1}, "fab", "yield");
  double sum = 0, squares = 0, product = 0;
  std::array<int, 10> cells{};
  for (int i = 0; i < n; ++i) {
    const double u = a.uniform(), v = b.uniform();
    REQUIRE(u > 0);
    REQUIRE(u < 1);
    sum += u;
    squares += u * u;
    product += (u - 0.5) * (v - 0.5);
    ++cells[static_cast<std::size_t>(u * 10)];
  }
  // mean 1/2 with variance 1/12n; variance 1/12; covariance 0 with standard error 1/(12 sqrt n)
  CHECK(std::fabs(sum / n - 0.5) < 4 * std::sqrt(1.0 / 12 / n));
  CHECK(std::fabs(squares / n - 1.0 / 3) < 4 * std::sqrt(4.0 / 45 / n));
  CHECK(std::fabs(product / n) < 4.0 / 12 / std::sqrt(n));
  // chi-square with 9 degrees of freedom exceeds 33.7 once in 10,000
  double chi_square = 0;
  for (const int c : cells) chi_square += (c - n / 10.0) * (c - n / 10.0) / (n / 10.0);
  CHECK(chi_square < 33.7);
}

/// Mean and standard deviation by integrating the quantile function over a fine grid.
std::pair<double, double> moments(const Distribution& d) {
  constexpr int n = 20'000;
  double sum = 0, squares = 0;
  for (int i = 0; i < n; ++i) {
    const double x = d.quantile((i + 0.5) / n);
    sum += x;
    squares += x * x;
  }
  const double mean = sum / n;
  return {mean, std::sqrt(std::max(0.0, squares / n - mean * mean))};
}

TEST_CASE("Distribution: mean and standard deviation are those the user wrote") {
  struct Case {
    Law law;
    double mean, sd;
  };
  const std::vector<Case> cases = {
      {Constant{5}, 5, 0},
      {UniformLaw{2, 8}, 5, 6 / std::sqrt(12.0)},
      // Triangular: variance (a^2 + b^2 + c^2 - ab - ac - bc) / 18
      {Triangular{5, 7, 14}, 26.0 / 3, std::sqrt((25 + 49 + 196 - 35 - 70 - 98) / 18.0)},
      // PERT: mean (a + 4m + b) / 6 and variance (mean - a)(b - mean) / 7
      {Pert{5, 7, 14}, 47.0 / 6, std::sqrt((47.0 / 6 - 5) * (14 - 47.0 / 6) / 7)},
      {Normal{10, 3}, 10, 3},
      {Lognormal{10, 3}, 10, 3},
      {Gamma{10, 3}, 10, 3},
      {Beta{0.7, 0.1}, 0.7, 0.1},
      {Beta{7, 1, 5, 10}, 7, 1},
      {Exponential{4}, 4, 4},
      {Poisson{6.5}, 6.5, std::sqrt(6.5)},
      {Poisson{4000}, 4000, std::sqrt(4000.0)},
      {Binomial{40, 0.3}, 12, std::sqrt(40 * 0.3 * 0.7)},
      {Empirical{{1, 2, 10}, {2, 1, 1}}, 3.5, std::sqrt((2 + 4 + 100) / 4.0 - 3.5 * 3.5)},
      {Normal{10, 0}, 10, 0},
      {Poisson{0}, 0, 0},
  };
  for (const Case& c : cases) {
    CAPTURE(c.law.index());
    const Distribution d(c.law);
    const auto [mean, sd] = moments(d);
    CHECK(mean == doctest::Approx(c.mean).epsilon(0.001));
    CHECK(sd == doctest::Approx(c.sd).epsilon(0.002));
    CHECK(d.mean() == doctest::Approx(c.mean).epsilon(1e-12));
  }
}

TEST_CASE("Distribution: quantiles of known points") {
  CHECK(Distribution(Normal{10, 2}).quantile(0.975) == doctest::Approx(10 + 2 * 1.959963984540054));
  CHECK(Distribution(Exponential{3}).quantile(0.5) == doctest::Approx(3 * std::log(2.0)));
  CHECK(Distribution(Triangular{0, 1, 2}).quantile(0.125) == doctest::Approx(0.5));
  CHECK(Distribution(Triangular{1, 1, 3}).quantile(0.75) == doctest::Approx(2.0));
  // Poisson(2): P(X <= 1) = 0.406, P(X <= 2) = 0.677
  CHECK(Distribution(Poisson{2}).quantile(0.40) == 1.0);
  CHECK(Distribution(Poisson{2}).quantile(0.41) == 2.0);
  CHECK(Distribution(Empirical{{7, 9}, {3, 1}}).quantile(0.74) == 7.0);
  CHECK(Distribution(Empirical{{7, 9}, {3, 1}}).quantile(0.76) == 9.0);
}

TEST_CASE("Distribution: cut laws stay inside and have the conditional mean") {
  const Distribution d(Normal{0, 1}, {0.0, std::numeric_limits<double>::infinity()});
  CHECK(d.low() == 0);
  CHECK(d.quantile(1e-12) >= 0);
  // half-normal: mean sqrt(2 / pi), median 0.6745
  CHECK(d.mean() == doctest::Approx(std::sqrt(2 / M_PI)).epsilon(1e-6));
  CHECK(d.quantile(0.5) == doctest::Approx(0.6744897501960817));
  const Distribution window(Exponential{10}, {5, 15});
  CHECK(window.quantile(1e-15) >= 5);
  CHECK(window.quantile(1 - 1e-15) <= 15);
}

TEST_CASE("Distribution: parameters that make none are refused with the reason") {
  const auto why = [](Law law, Truncation cut = {}) {
    return Distribution::problem(law, cut).value_or("fine");
  };
  CHECK(why(Triangular{5, 3, 14}) == "expected low <= mode <= high, received 5, 3, 14");
  CHECK(why(UniformLaw{5, 3}) == "expected low <= high, received 5, 3");
  CHECK(why(Normal{5, -1}) == "sd must be >= 0, received -1");
  CHECK(why(Lognormal{0, 1}) == "mean must be >= 1e-09, received 0");
  CHECK(why(Beta{0.5, 0.6}) == "sd must be below 0.5 for this mean, received 0.6");
  CHECK(why(Beta{2, 0.1}) == "mean must lie between low 0 and high 1, received 2");
  CHECK(why(Poisson{-1}) == "mean must be >= 0, received -1");
  CHECK(why(Binomial{2.5, 0.5}) == "trials must be a whole number from 0 to 1e12, received 2.5");
  CHECK(why(Empirical{}) == "values must not be empty");
  CHECK(why(Empirical{{1, 2}, {1}}) == "expected as many weights as values (2), received 1");
  CHECK(why(Empirical{{1, 2}, {0, 0}}) == "weights must not all be 0");
  CHECK(why(Poisson{3}, {1, 2}) == "min and max cut continuous distributions only");
  CHECK(why(Normal{0, 1}, {2, 1}) == "expected min < max, received 2, 1");
  CHECK(why(UniformLaw{0, 1}, {2, 3}) == "min and max leave nothing of the distribution");
  CHECK(why(Normal{0, 1}, {30, 31}) ==
        "min and max leave less than a millionth of the distribution");
  CHECK(why(Normal{0, 1}, {-1, 1}) == "fine");
  CHECK(why(Gamma{1, 1e9}) == "sd must be at most 1000 for this mean, received 1000000000");
}

TEST_CASE("Distribution: what is allowed can be drawn from, however extreme") {
  const auto draw = [](Law law, double u, Truncation cut = {}) {
    CAPTURE(law.index());
    CAPTURE(u);
    REQUIRE(!Distribution::problem(law, cut));
    const double x = Distribution(law, cut).quantile(u);
    CHECK(std::isfinite(x));
    CHECK(x >= 0);
    return x;
  };
  for (const double u : {1e-16, 1e-6, 0.5, 1 - 1e-6, 1 - 1.2e-16}) {
    for (const double spread : {1e-300, 1e-9, 1e-4, 1.0, 1000.0}) {
      draw(Gamma{1e-9, 1e-9 * spread}, u);
      draw(Gamma{1e15, 1e15 * spread}, u);
      draw(Lognormal{1e15, 1e15 * spread}, u);
    }
    for (const double mean : {1e-9, 0.5, 1 - 1e-9}) {
      for (const double part : {1e-300, 1e-9, 1e-4, 0.9999}) {
        draw(Beta{mean, part * std::sqrt(mean * (1 - mean))}, u);
      }
    }
    for (const double mean : {1e-12, 1.0, 1e6, 1e11, 5e14}) draw(Poisson{mean}, u);
    for (const double p : {1e-12, 0.5, 1 - 1e-12}) {
      draw(Binomial{1000, p}, u);
      draw(Binomial{1e12, p}, u);
    }
    // what is left far out must not be rounded to the end of the distribution
    draw(Normal{0, 1}, u, {4.7, 1e15});
    draw(Gamma{1, 1}, u, {13, 1e15});
  }
  CHECK(draw(Binomial{1000, 1e-12}, 0.5) == 0);
  CHECK(draw(Binomial{1000, 1e-12}, 1 - 1e-12) == 1);
}

TEST_CASE("Distribution: laws too narrow for their own functions are normal but for their skew") {
  // The normal quantile of 0.975 is 1.96, and skewness moves it by (1.96^2 - 1) / 6 = 0.474 of
  // itself: of a Poisson law of mean 1e10, with sd 1e5 and skewness 1e-5, by less than a piece.
  const double z = 1.959963984540054, lift = (z * z - 1) / 6;
  CHECK(Distribution(Poisson{1e10}).quantile(0.975) ==
        std::ceil(1e10 + 1e5 * (z + 1e-5 * lift) - 0.5));
  CHECK(Distribution(Gamma{5, 1e-6}).quantile(0.975) - 5 == doctest::Approx(1e-6 * z));
  CHECK(Distribution(Beta{0.9, 1e-7}).quantile(0.025) - 0.9 == doctest::Approx(-1e-7 * z));
  CHECK(Distribution(Binomial{1e12, 0.5}).quantile(0.975) ==
        doctest::Approx(5e11 + 5e5 * z).epsilon(1e-12));
  CHECK(Distribution(Gamma{5, 1e-6}, {5, 6}).quantile(0.5) - 5 ==
        doctest::Approx(1e-6 * 0.6744897501960817).epsilon(1e-3));
  // On both sides of the border the same: a shape of 1e7 has an sd of 1 / sqrt(1e7) of the mean.
  const double border = 1 / std::sqrt(1e7);
  for (const double u : {0.001, 0.3, 0.9999}) {
    const double wide = Distribution(Gamma{1, border * (1 + 1e-9)}).quantile(u);
    const double narrow = Distribution(Gamma{1, border * (1 - 1e-9)}).quantile(u);
    CHECK(std::abs(wide - narrow) < 1e-5 * border);
  }
}

TEST_CASE("Value: a curve times a factor drawn once keeps the shape of the curve") {
  const Time t0{}, t1 = t0 + one_week;
  const Value v(Curve(Curve::Shape::linear, {{t0, 10}, {t1, 20}}),
                Distribution(UniformLaw{0.5, 1.5}));
  Stream stream({1, 0}, "line", "capacity");
  const Curve drawn = v.realise(stream);
  CHECK(drawn.value(t1) == doctest::Approx(2 * drawn.value(t0)));
  CHECK(drawn.value(t0) >= 5);
  CHECK(v.mean(t1) == doctest::Approx(20));
  CHECK(v.lowest() == doctest::Approx(5));
  CHECK(v.highest() == doctest::Approx(30));
}

TEST_CASE("Value: a certain value takes nothing from its stream") {
  Stream stream({1, 0}, "x", "y");
  const double first = Stream({1, 0}, "x", "y").uniform();
  CHECK(Value(3.0).draw(Time{}, stream) == 3.0);
  CHECK(stream.uniform() == first);
}

}  // namespace
}  // namespace optichain::sim
