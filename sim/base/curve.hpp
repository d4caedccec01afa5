#pragma once
// A value that changes with the date: a dated curve.
//
//   Curve ramp(Curve::Shape::linear, {{jan_2025, 10.0}, {jan_2026, 25.0}});
//   ramp.value(july_2025);                 // about 17.5
//   ramp.integral(jan_2025, jan_2026);     // 17.5 * seconds of the year, exactly
//
// Before the first date and after the last one the curve is constant. Integrals are in
// value x seconds and exact up to the rounding of a double: there are no buckets of time.

#include <optional>
#include <span>
#include <vector>

#include "sim/base/time.hpp"

namespace optichain::sim {

/// A function of time made of straight pieces, with jumps allowed between them.
class PiecewiseLinear {
 public:
  /// From `begin` to the next segment's begin the value runs straight from `at_begin` to `at_end`.
  /// The last segment goes on for ever and must be flat.
  struct Segment {
    Time begin;
    double at_begin;
    double at_end;
    friend bool operator==(const Segment&, const Segment&) = default;
  };

  /// Requires: segments sorted by begin, none empty, at least one, the last one flat.
  explicit PiecewiseLinear(std::vector<Segment> segments);

  double value(Time time) const {
    return segments_.size() == 1 ? at_first_ : value_in(segment_at(time), time);
  }
  /// The limit from the left: what the value is just before a jump.
  double value_before(Time time) const;
  /// Integral over [from, to] in value x seconds; negative if to < from.
  double integral(Time from, Time to) const { return cumulated(to) - cumulated(from); }
  /// Integral since the first segment's begin (negative before it).
  double cumulated(Time time) const;
  /// The first whole second at which cumulated() reaches `area`, or nothing if it never does.
  /// Requires: values >= 0.
  std::optional<Time> when_cumulated(double area) const;

  std::span<const Segment> segments() const { return segments_; }
  double lowest() const;
  double highest() const;

 private:
  std::size_t segment_at(Time time) const;
  double value_in(std::size_t segment, Time time) const;
  std::vector<Segment> segments_;
  std::vector<double> area_before_;  // integral from the first segment's begin to segment i's begin
  double at_first_;  // at the begin of the first: most functions are constant and need no more
};

/// The sum of two functions.
PiecewiseLinear sum(const PiecewiseLinear& a, const PiecewiseLinear& b);

/// A function times one factor before a date and another from it on.
PiecewiseLinear times_step(const PiecewiseLinear& function, Time date, double before, double after);

/// 0 until `begin`, `height` from `end` on, straight between; a jump if both are the same.
/// Requires: begin <= end.
PiecewiseLinear ramp(Time begin, Time end, double height);

/// What a user writes: a number, or numbers at dates, joined by lines or held until the next date.
class Curve {
 public:
  enum class Shape { linear, steps };
  struct Knot {
    Time time;
    double value;
    friend bool operator==(const Knot&, const Knot&) = default;
  };

  explicit Curve(double constant = 0.0);
  /// Requires: at least one knot, times strictly increasing.
  Curve(Shape shape, std::vector<Knot> knots);

  bool is_constant() const { return knots_.size() == 1; }
  Shape shape() const { return shape_; }
  std::span<const Knot> knots() const { return knots_; }

  const PiecewiseLinear& graph() const { return graph_; }
  double value(Time time) const { return graph_.value(time); }
  double integral(Time from, Time to) const { return graph_.integral(from, to); }
  double lowest() const { return graph_.lowest(); }
  double highest() const { return graph_.highest(); }

  /// The same curve with every value multiplied.
  Curve scaled(double factor) const;

  friend bool operator==(const Curve& a, const Curve& b) {
    return a.shape_ == b.shape_ && a.knots_ == b.knots_;
  }

 private:
  Shape shape_ = Shape::linear;
  std::vector<Knot> knots_;
  PiecewiseLinear graph_;
};

/// One curve until a date, another from then on. Beside straight lines a jump takes a second.
Curve joined(const Curve& before, Time at, const Curve& after);

}  // namespace optichain::sim
