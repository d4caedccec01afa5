#pragma once
// Distributions, sampled by inversion: draw = quantile(u). With the random numbers of random.hpp,
// two scenarios that differ in a mean stay correlated draw by draw.

#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace optichain::sim {

// The parameters as a user writes them. Means and standard deviations are those of the variable
// itself (also for the lognormal), in the unit of the key they stand under.
struct Constant {
  double value = 0;
  friend bool operator==(const Constant&, const Constant&) = default;
};
struct UniformLaw {
  double low = 0, high = 0;
  friend bool operator==(const UniformLaw&, const UniformLaw&) = default;
};
struct Triangular {
  double low = 0, mode = 0, high = 0;
  friend bool operator==(const Triangular&, const Triangular&) = default;
};
/// Beta on [low, high] with mean (low + 4 mode + high) / 6 (Malcolm, Roseboom, Clark, Fazar 1959).
struct Pert {
  double low = 0, mode = 0, high = 0;
  friend bool operator==(const Pert&, const Pert&) = default;
};
struct Normal {
  double mean = 0, sd = 0;
  friend bool operator==(const Normal&, const Normal&) = default;
};
struct Lognormal {
  double mean = 0, sd = 0;
  friend bool operator==(const Lognormal&, const Lognormal&) = default;
};
struct Gamma {
  double mean = 0, sd = 0;
  friend bool operator==(const Gamma&, const Gamma&) = default;
};
struct Beta {
  double mean = 0, sd = 0, low = 0, high = 1;
  friend bool operator==(const Beta&, const Beta&) = default;
};
struct Exponential {
  double mean = 0;
  friend bool operator==(const Exponential&, const Exponential&) = default;
};
struct Poisson {
  double mean = 0;
  friend bool operator==(const Poisson&, const Poisson&) = default;
};
struct Binomial {
  double trials = 0, probability = 0;
  friend bool operator==(const Binomial&, const Binomial&) = default;
};
/// Values with weights (equal weights if none are given).
struct Empirical {
  std::vector<double> values, weights;
  friend bool operator==(const Empirical&, const Empirical&) = default;
};

using Law = std::variant<Constant, UniformLaw, Triangular, Pert, Normal, Lognormal, Gamma, Beta,
                         Exponential, Poisson, Binomial, Empirical>;

/// Where a continuous law is cut: the draw follows the law given that it lies inside.
struct Truncation {
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool cuts() const;
  friend bool operator==(const Truncation&, const Truncation&) = default;
};

class Distribution {
 public:
  explicit Distribution(double constant = 0.0) : Distribution(Law{Constant{constant}}) {}
  /// Requires: problem(law, cut) is empty.
  explicit Distribution(Law law, Truncation cut = {});

  /// Why these parameters make no distribution ("sd must be >= 0"), or nothing if they do.
  static std::optional<std::string> problem(const Law& law, Truncation cut = {});

  bool is_constant() const;
  const Law& law() const { return law_; }
  Truncation truncation() const { return cut_; }

  /// The smallest x with P(X <= x) >= u. Requires 0 < u < 1.
  double quantile(double u) const;
  double mean() const;
  /// The ends of the support, possibly infinite.
  double low() const;
  double high() const;

  friend bool operator==(const Distribution& a, const Distribution& b) {
    return a.law_ == b.law_ && a.cut_ == b.cut_;
  }

 private:
  void derive();
  Law law_;
  Truncation cut_;
  double a_ = 0, b_ = 0;            // derived parameters: shapes, or mu and sigma
  double u_low_ = 0, u_span_ = 1;   // the part of (0, 1) that the truncation leaves
  std::vector<double> cumulative_;  // empirical: cumulated weights, ending in 1
};

}  // namespace optichain::sim
