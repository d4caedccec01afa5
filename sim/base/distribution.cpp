#include "sim/base/distribution.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <boost/math/quadrature/tanh_sinh.hpp>
#include <fmt/format.h>

#include "sim/base/check.hpp"
#include "sim/base/overloaded.hpp"

namespace optichain::sim {
namespace {

namespace bm = boost::math;
// Promotion to long double is three times slower and not portable.
using Policy =
    bm::policies::policy<bm::policies::promote_double<false>,
                         bm::policies::discrete_quantile<bm::policies::integer_round_up>>;
using NormalLaw = bm::normal_distribution<double, Policy>;
using GammaLaw = bm::gamma_distribution<double, Policy>;
using BetaLaw = bm::beta_distribution<double, Policy>;
using PoissonLaw = bm::poisson_distribution<double, Policy>;
using BinomialLaw = bm::binomial_distribution<double, Policy>;

/// Outside these limits what the quantile functions need leaves the doubles.
constexpr double least_mean = 1e-9;               // of laws above 0
constexpr double most_spread = 1000;              // standard deviations per mean
constexpr double smallest_boost_binomial = 1e-3;  // of the mean; summed up below

constexpr double infinity = std::numeric_limits<double>::infinity();

bool is_degenerate(const Law& law) {
  return std::visit(Overloaded{
                        [](const Constant&) { return true; },
                        [](const UniformLaw& l) { return l.low == l.high; },
                        [](const Triangular& l) { return l.low == l.high; },
                        [](const Pert& l) { return l.low == l.high; },
                        [](const Normal& l) { return l.sd == 0; },
                        [](const Lognormal& l) { return l.sd == 0; },
                        [](const Gamma& l) { return l.sd == 0; },
                        [](const Beta& l) { return l.sd == 0; },
                        [](const Exponential& l) { return l.mean == 0; },
                        [](const Poisson& l) { return l.mean == 0; },
                        [](const Binomial& l) {
                          return l.trials == 0 || l.probability == 0 || l.probability == 1;
                        },
                        [](const Empirical& l) { return l.values.size() == 1; },
                    },
                    law);
}

/// The mean of the law before truncation.
double plain_mean(const Law& law) {
  return std::visit(Overloaded{
                        [](const Constant& l) { return l.value; },
                        [](const UniformLaw& l) { return 0.5 * (l.low + l.high); },
                        [](const Triangular& l) { return (l.low + l.mode + l.high) / 3; },
                        [](const Pert& l) { return (l.low + 4 * l.mode + l.high) / 6; },
                        [](const Binomial& l) { return l.trials * l.probability; },
                        [](const Empirical& l) {
                          double sum = 0, weight = 0;
                          for (std::size_t i = 0; i < l.values.size(); ++i) {
                            const double w = l.weights.empty() ? 1 : l.weights[i];
                            sum += w * l.values[i];
                            weight += w;
                          }
                          return sum / weight;
                        },
                        [](const auto& l) { return l.mean; },
                    },
                    law);
}

struct Support {
  double low, high;
};

Support plain_support(const Law& law) {
  return std::visit(Overloaded{
                        [](const Constant& l) {
                          return Support{l.value, l.value};
                        },
                        [](const UniformLaw& l) {
                          return Support{l.low, l.high};
                        },
                        [](const Triangular& l) {
                          return Support{l.low, l.high};
                        },
                        [](const Pert& l) {
                          return Support{l.low, l.high};
                        },
                        [](const Normal& l) {
                          return l.sd == 0 ? Support{l.mean, l.mean} : Support{-infinity, infinity};
                        },
                        [](const Beta& l) {
                          return l.sd == 0 ? Support{l.mean, l.mean} : Support{l.low, l.high};
                        },
                        [](const Binomial& l) {
                          return Support{0, l.trials};
                        },
                        [](const Empirical& l) {
                          const auto [low, high] =
                              std::minmax_element(l.values.begin(), l.values.end());
                          return Support{*low, *high};
                        },
                        [](const auto& l) {
                          return Support{0, l.mean == 0 ? 0 : infinity};
                        },
                    },
                    law);
}

bool is_discrete(const Law& law) {
  return std::holds_alternative<Poisson>(law) || std::holds_alternative<Binomial>(law) ||
         std::holds_alternative<Empirical>(law) || std::holds_alternative<Constant>(law);
}

std::optional<std::string> check_spread(double mean, double sd) {
  if (mean < least_mean) return fmt::format("mean must be >= {}, received {}", least_mean, mean);
  if (sd < 0) return fmt::format("sd must be >= 0, received {}", sd);
  if (sd > mean * most_spread) {
    return fmt::format("sd must be at most {} for this mean, received {}", mean * most_spread, sd);
  }
  return std::nullopt;
}

std::optional<std::string> check_three(double low, double mode, double high) {
  if (low <= mode && mode <= high) return std::nullopt;
  return fmt::format("expected low <= mode <= high, received {}, {}, {}", low, mode, high);
}

std::optional<std::string> check_beta(const Beta& l) {
  if (l.low >= l.high) return fmt::format("expected low < high, received {}, {}", l.low, l.high);
  if (l.mean <= l.low || l.mean >= l.high) {
    return fmt::format("mean must lie between low {} and high {}, received {}", l.low, l.high,
                       l.mean);
  }
  if (l.sd < 0) return fmt::format("sd must be >= 0, received {}", l.sd);
  const double largest = std::sqrt((l.mean - l.low) * (l.high - l.mean));
  if (l.sd >= largest) {
    return fmt::format("sd must be below {:.4g} for this mean, received {}", largest, l.sd);
  }
  return std::nullopt;
}

std::optional<std::string> check_empirical(const Empirical& l) {
  if (l.values.empty()) return "values must not be empty";
  if (!l.weights.empty() && l.weights.size() != l.values.size()) {
    return fmt::format("expected as many weights as values ({}), received {}", l.values.size(),
                       l.weights.size());
  }
  for (const double w : l.weights) {
    if (w < 0) return fmt::format("weights must be >= 0, received {}", w);
  }
  if (!l.weights.empty() && std::accumulate(l.weights.begin(), l.weights.end(), 0.0) <= 0) {
    return "weights must not all be 0";
  }
  return std::nullopt;
}

std::optional<std::string> check_law(const Law& law) {
  using Problem = std::optional<std::string>;
  return std::visit(
      Overloaded{
          [](const Constant&) -> Problem { return std::nullopt; },
          [](const UniformLaw& l) -> Problem {
            if (l.low <= l.high) return std::nullopt;
            return fmt::format("expected low <= high, received {}, {}", l.low, l.high);
          },
          [](const Triangular& l) { return check_three(l.low, l.mode, l.high); },
          [](const Pert& l) { return check_three(l.low, l.mode, l.high); },
          [](const Normal& l) -> Problem {
            if (l.sd >= 0) return std::nullopt;
            return fmt::format("sd must be >= 0, received {}", l.sd);
          },
          [](const Lognormal& l) { return check_spread(l.mean, l.sd); },
          [](const Gamma& l) { return check_spread(l.mean, l.sd); },
          [](const Beta& l) { return check_beta(l); },
          [](const Exponential& l) -> Problem {
            if (l.mean >= 0) return std::nullopt;
            return fmt::format("mean must be >= 0, received {}", l.mean);
          },
          [](const Poisson& l) -> Problem {
            if (l.mean >= 0) return std::nullopt;
            return fmt::format("mean must be >= 0, received {}", l.mean);
          },
          [](const Binomial& l) -> Problem {
            if (l.trials < 0 || l.trials > 1e12 || l.trials != std::floor(l.trials)) {
              return fmt::format("trials must be a whole number from 0 to 1e12, received {}",
                                 l.trials);
            }
            if (l.probability < 0 || l.probability > 1) {
              return fmt::format("probability must be from 0 to 1, received {}", l.probability);
            }
            return std::nullopt;
          },
          [](const Empirical& l) { return check_empirical(l); },
      },
      law);
}

/// Shapes and scale of the beta law on [low, high] with this mean and standard deviation.
std::pair<double, double> beta_shapes(double mean, double sd, double low, double high) {
  const double m = (mean - low) / (high - low);
  const double v = (sd / (high - low)) * (sd / (high - low));
  const double nu = m * (1 - m) / v - 1;
  return {m * nu, (1 - m) * nu};
}

struct Derived {
  double a = 0, b = 0;
};

Derived derived_parameters(const Law& law) {
  return std::visit(Overloaded{
                        [](const Lognormal& l) {
                          const double variance = std::log1p((l.sd / l.mean) * (l.sd / l.mean));
                          return Derived{
                              std::log(l.mean) - 0.5 * variance,
                              std::max(std::sqrt(variance), std::numeric_limits<double>::min())};
                        },
                        [](const Gamma& l) {
                          const double scale = l.sd * l.sd / l.mean;
                          return Derived{l.mean / scale, scale};
                        },
                        [](const Beta& l) {
                          const auto [a, b] = beta_shapes(l.mean, l.sd, l.low, l.high);
                          return Derived{a, b};
                        },
                        [](const Pert& l) {
                          return Derived{1 + 4 * (l.mode - l.low) / (l.high - l.low),
                                         1 + 4 * (l.high - l.mode) / (l.high - l.low)};
                        },
                        [](const auto&) { return Derived{}; },
                    },
                    law);
}

/// Mean, standard deviation and skewness of a law so narrow that its shape is that of a normal one
/// but for a little skew. Boost's incomplete gamma and beta functions give up on such shapes.
struct Narrow {
  double mean, sd, skewness;
};
constexpr double narrow_shape = 1e7;  // errors below a millionth of the standard deviation

std::optional<Narrow> narrow(const Law& law, double a, double b) {
  using Maybe = std::optional<Narrow>;
  return std::visit(
      Overloaded{
          [a](const Gamma& l) {
            return a < narrow_shape ? Maybe() : Narrow{l.mean, l.sd, 2 * l.sd / l.mean};
          },
          [a, b](const Beta& l) {
            if (std::min(a, b) < narrow_shape) return Maybe();
            const double m = (l.mean - l.low) / (l.high - l.low);
            const double sd = l.sd / (l.high - l.low);
            return Maybe(Narrow{l.mean, l.sd, 2 * (1 - 2 * m) * sd / (m * (1 - m) + sd * sd)});
          },
          [](const Poisson& l) {
            const double sd = std::sqrt(l.mean);
            return l.mean < narrow_shape ? Maybe() : Narrow{l.mean, sd, 1 / sd};
          },
          [](const Binomial& l) {
            const double mean = l.trials * l.probability;
            const double variance = mean * (1 - l.probability);
            const double sd = std::sqrt(variance);
            return variance < narrow_shape ? Maybe()
                                           : Narrow{mean, sd, (1 - 2 * l.probability) / sd};
          },
          [](const auto&) { return Maybe(); },
      },
      law);
}

/// Cornish and Fisher's expansion (1938) to the skewness, and its inverse.
double narrow_quantile(const Narrow& n, double u) {
  const double z = bm::quantile(NormalLaw(0, 1), u);
  return n.mean + n.sd * (z + n.skewness * (z * z - 1) / 6);
}
double narrow_cdf(const Narrow& n, double x) {
  const double y = (x - n.mean) / n.sd;
  if (std::fabs(y) > 40) return y > 0 ? 1 : 0;
  return bm::cdf(NormalLaw(0, 1), y - n.skewness * (y * y - 1) / 6);
}

double triangular_quantile(const Triangular& l, double u) {
  const double width = l.high - l.low;
  const double turn = (l.mode - l.low) / width;
  if (u < turn) return l.low + std::sqrt(u * width * (l.mode - l.low));
  return l.high - std::sqrt((1 - u) * width * (l.high - l.mode));
}

double binomial_quantile(const Binomial& l, double u) {
  if (l.trials * l.probability >= smallest_boost_binomial) {
    return bm::quantile(BinomialLaw(l.trials, l.probability), u);
  }
  double chance = std::exp(l.trials * std::log1p(-l.probability));
  double sum = chance, k = 0;
  for (; sum < u && k < l.trials && chance > 0; ++k) {
    chance *= (l.trials - k) / (k + 1) * l.probability / (1 - l.probability);
    sum += chance;
  }
  return k;
}

/// P(X <= x) for the continuous laws, a and b as in derived_parameters.
double plain_cdf(const Law& law, double a, double b, double x) {
  const auto [low, high] = plain_support(law);
  if (x <= low) return 0;
  if (x >= high) return 1;
  if (const auto n = narrow(law, a, b)) return narrow_cdf(*n, x);
  return std::visit(
      Overloaded{
          [x](const UniformLaw& l) { return (x - l.low) / (l.high - l.low); },
          [x](const Triangular& l) {
            const double width = l.high - l.low;
            if (x < l.mode) return (x - l.low) * (x - l.low) / (width * (l.mode - l.low));
            return 1 - (l.high - x) * (l.high - x) / (width * (l.high - l.mode));
          },
          [=](const Pert& l) { return bm::cdf(BetaLaw(a, b), (x - l.low) / (l.high - l.low)); },
          [x](const Normal& l) { return bm::cdf(NormalLaw(l.mean, l.sd), x); },
          [=](const Lognormal&) { return bm::cdf(NormalLaw(a, b), std::log(x)); },
          [=](const Gamma&) { return bm::cdf(GammaLaw(a, b), x); },
          [=](const Beta& l) { return bm::cdf(BetaLaw(a, b), (x - l.low) / (l.high - l.low)); },
          [x](const Exponential& l) { return -std::expm1(-x / l.mean); },
          [](const auto&) { return 0.0; },
      },
      law);
}

}  // namespace

bool Truncation::cuts() const {
  return min != -infinity || max != infinity;
}

std::optional<std::string> Distribution::problem(const Law& law, Truncation cut) {
  if (auto wrong = check_law(law)) return wrong;
  if (!cut.cuts()) return std::nullopt;
  if (is_discrete(law)) return "min and max cut continuous distributions only";
  if (cut.min >= cut.max) {
    return fmt::format("expected min < max, received {}, {}", cut.min, cut.max);
  }
  const auto [low, high] = plain_support(law);
  if (is_degenerate(law) ? low < cut.min || low > cut.max : high <= cut.min || low >= cut.max) {
    return "min and max leave nothing of the distribution";
  }
  if (!is_degenerate(law)) {
    const auto [a, b] = derived_parameters(law);
    const double kept = plain_cdf(law, a, b, cut.max) - plain_cdf(law, a, b, cut.min);
    if (!(kept >= 1e-6)) return "min and max leave less than a millionth of the distribution";
  }
  return std::nullopt;
}

Distribution::Distribution(Law law, Truncation cut) : law_(std::move(law)), cut_(cut) {
  derive();
}

void Distribution::derive() {
  const auto wrong = problem(law_, cut_);
  OPTICHAIN_CHECK(!wrong, "not a distribution: {}", *wrong);
  if (is_degenerate(law_)) return;
  const auto [a, b] = derived_parameters(law_);
  a_ = a;
  b_ = b;
  if (cut_.cuts()) {
    u_low_ = plain_cdf(law_, a_, b_, cut_.min);
    u_span_ = plain_cdf(law_, a_, b_, cut_.max) - u_low_;
  }
  if (const auto* l = std::get_if<Empirical>(&law_)) {
    double sum = 0;
    for (std::size_t i = 0; i < l->values.size(); ++i) {
      sum += l->weights.empty() ? 1 : l->weights[i];
      cumulative_.push_back(sum);
    }
    for (double& c : cumulative_) c /= sum;
  }
}

bool Distribution::is_constant() const {
  return is_degenerate(law_);
}

double Distribution::quantile(double u) const {
  if (is_degenerate(law_)) return plain_mean(law_);
  // u is below 1, and what is cut off must not round it up to 1
  u = std::min(u_low_ + u * u_span_, 1 - std::numeric_limits<double>::epsilon() / 2);
  if (const auto n = narrow(law_, a_, b_)) {
    const double x = narrow_quantile(*n, u);
    return std::clamp(is_discrete(law_) ? std::ceil(x - 0.5) : x, low(), high());
  }
  const double x = std::visit(
      Overloaded{
          [](const Constant& l) { return l.value; },
          [u](const UniformLaw& l) { return l.low + u * (l.high - l.low); },
          [u](const Triangular& l) { return triangular_quantile(l, u); },
          [this, u](const Pert& l) {
            return l.low + (l.high - l.low) * bm::quantile(BetaLaw(a_, b_), u);
          },
          [u](const Normal& l) { return bm::quantile(NormalLaw(l.mean, l.sd), u); },
          [this, u](const Lognormal&) { return std::exp(bm::quantile(NormalLaw(a_, b_), u)); },
          [this, u](const Gamma&) { return bm::quantile(GammaLaw(a_, b_), u); },
          [this, u](const Beta& l) {
            return l.low + (l.high - l.low) * bm::quantile(BetaLaw(a_, b_), u);
          },
          [u](const Exponential& l) { return -l.mean * std::log1p(-u); },
          [u](const Poisson& l) { return bm::quantile(PoissonLaw(l.mean), u); },
          [u](const Binomial& l) { return binomial_quantile(l, u); },
          [this, u](const Empirical& l) {
            const auto at = std::lower_bound(cumulative_.begin(), cumulative_.end() - 1, u);
            return l.values[static_cast<std::size_t>(at - cumulative_.begin())];
          },
      },
      law_);
  return std::clamp(x, cut_.min, cut_.max);
}

double Distribution::mean() const {
  if (!cut_.cuts() || is_degenerate(law_)) return plain_mean(law_);
  // E[X] is the integral of the quantile function over (0, 1).
  bm::quadrature::tanh_sinh<double> integrator;
  return integrator.integrate([this](double u) { return quantile(u); }, 0.0, 1.0, 1e-9);
}

double Distribution::low() const {
  return std::max(plain_support(law_).low, cut_.min);
}
double Distribution::high() const {
  return std::min(plain_support(law_).high, cut_.max);
}

}  // namespace optichain::sim
