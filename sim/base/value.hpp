#pragma once
// Value: what a user may write for one number of a scenario. It is a dated curve times a random
// factor, of which either is usually trivial:
//
//   capacity_per_week: 1000                                        constant
//   capacity_per_week: {2025-01-01: 10, 2026-01-01: 25}            dated curve
//   transit_days: {triangular: {low: 5, mode: 7, high: 14}}        distribution
//   capacity_per_week: {curve: {2025: 10, 2026: 25}, factor: {uniform: {low: 0.8, high: 1.2}}}
//
// Whether the factor is drawn once per replication (a quantity we do not know) or at every use (a
// quantity that varies) is said by the key it stands under.

#include <algorithm>

#include "sim/base/curve.hpp"
#include "sim/base/distribution.hpp"
#include "sim/base/random.hpp"

namespace optichain::sim {

class Value {
 public:
  Value(double constant = 0.0) : Value(Curve{constant}) {}  // NOLINT: a number is a value
  explicit Value(Curve curve, Distribution factor = Distribution{1.0})
      : curve_(std::move(curve)), factor_(std::move(factor)) {}

  const Curve& curve() const { return curve_; }
  const Distribution& factor() const { return factor_; }

  bool is_random() const { return !factor_.is_constant(); }
  bool is_constant() const { return !is_random() && curve_.is_constant(); }

  /// Expected value at a date.
  double mean(Time time) const { return curve_.value(time) * factor_.mean(); }
  /// The value at a date for a uniform number in (0, 1).
  double at(Time time, double u) const {
    return curve_.value(time) * (is_random() ? factor_.quantile(u) : certain());
  }
  /// A draw at a date; takes one number from the stream only if there is something to draw.
  double draw(Time time, Stream& stream) const {
    return at(time, is_random() ? stream.uniform() : 0.5);
  }
  /// The curve of one replication: the factor drawn once.
  Curve realise(Stream& stream) const {
    const double factor = is_random() ? factor_.quantile(stream.uniform()) : certain();
    return factor == 1.0 ? curve_ : curve_.scaled(factor);
  }
  /// Bounds over all dates and draws. Requires a curve and a factor of one sign each.
  double lowest() const { return std::min(bound(false, false), bound(true, false)); }
  double highest() const { return std::max(bound(false, true), bound(true, true)); }

  friend bool operator==(const Value&, const Value&) = default;

 private:
  double certain() const { return factor_.quantile(0.5); }
  double bound(bool high_curve, bool high_factor) const {
    const double c = high_curve ? curve_.highest() : curve_.lowest();
    const double f = high_factor ? factor_.high() : factor_.low();
    return c == 0 ? 0 : c * f;
  }
  Curve curve_;
  Distribution factor_;
};

}  // namespace optichain::sim
