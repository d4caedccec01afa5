#include "sim/base/curve.hpp"

#include <algorithm>
#include <cmath>

#include "sim/base/check.hpp"

namespace optichain::sim {
namespace {

double seconds_between(Time from, Time to) {
  return static_cast<double>((to - from).count());
}

std::vector<PiecewiseLinear::Segment> to_segments(Curve::Shape shape,
                                                  std::span<const Curve::Knot> knots) {
  OPTICHAIN_CHECK(!knots.empty(), "a curve needs a knot");
  std::vector<PiecewiseLinear::Segment> segments;
  segments.reserve(knots.size());
  for (std::size_t i = 0; i < knots.size(); ++i) {
    const bool straight = shape == Curve::Shape::linear && i + 1 < knots.size();
    segments.push_back(
        {knots[i].time, knots[i].value, straight ? knots[i + 1].value : knots[i].value});
  }
  return segments;
}

}  // namespace

PiecewiseLinear::PiecewiseLinear(std::vector<Segment> segments) : segments_(std::move(segments)) {
  OPTICHAIN_CHECK(!segments_.empty(), "a curve needs a segment");
  OPTICHAIN_CHECK(segments_.back().at_begin == segments_.back().at_end, "the last must be flat");
  at_first_ = segments_.front().at_begin;
  area_before_.reserve(segments_.size());
  double area = 0;
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    area_before_.push_back(area);
    if (i + 1 == segments_.size()) break;
    const double length = seconds_between(segments_[i].begin, segments_[i + 1].begin);
    OPTICHAIN_CHECK(length > 0, "the dates of a curve must increase");
    area += 0.5 * (segments_[i].at_begin + segments_[i].at_end) * length;
  }
}

std::size_t PiecewiseLinear::segment_at(Time time) const {
  if (segments_.size() == 1) return 0;
  const auto after = std::upper_bound(segments_.begin() + 1, segments_.end(), time,
                                      [](Time t, const Segment& s) { return t < s.begin; });
  return static_cast<std::size_t>(after - segments_.begin()) - 1;
}

double PiecewiseLinear::value_before(Time time) const {
  const std::size_t i = segment_at(time);
  return i > 0 && time == segments_[i].begin ? segments_[i - 1].at_end : value_in(i, time);
}

double PiecewiseLinear::value_in(std::size_t i, Time time) const {
  const Segment& s = segments_[i];
  if (s.at_begin == s.at_end || time <= s.begin) return s.at_begin;
  const double length = seconds_between(s.begin, segments_[i + 1].begin);
  return s.at_begin + (s.at_end - s.at_begin) * (seconds_between(s.begin, time) / length);
}

double PiecewiseLinear::cumulated(Time time) const {
  const std::size_t i = segment_at(time);
  const Segment& s = segments_[i];
  const double elapsed = seconds_between(s.begin, time);
  if (s.at_begin == s.at_end || elapsed <= 0) return area_before_[i] + s.at_begin * elapsed;
  return area_before_[i] + 0.5 * (s.at_begin + value_in(i, time)) * elapsed;
}

std::optional<Time> PiecewiseLinear::when_cumulated(double area) const {
  const auto after = std::upper_bound(area_before_.begin() + 1, area_before_.end(), area);
  std::size_t i = static_cast<std::size_t>(after - area_before_.begin()) - 1;
  const Segment& s = segments_[i];
  const double wanted = area - area_before_[i];

  // Solve at_begin * t + slope / 2 * t^2 = wanted for the elapsed seconds t of this segment.
  double elapsed = 0;
  if (wanted != 0) {
    // Before the first segment, where `wanted` is negative, the value is constant too.
    const bool flat = s.at_begin == s.at_end || wanted < 0;
    const double slope =
        flat ? 0 : (s.at_end - s.at_begin) / seconds_between(s.begin, segments_[i + 1].begin);
    if (flat) {
      if (s.at_begin <= 0) return std::nullopt;
      elapsed = wanted / s.at_begin;
    } else {
      // This form of the root is stable for small slopes of either sign.
      const double root = std::sqrt(std::max(0.0, s.at_begin * s.at_begin + 2 * slope * wanted));
      const double divisor = s.at_begin + root;
      if (divisor <= 0) return std::nullopt;
      elapsed = 2 * wanted / divisor;
    }
  }
  if (!(std::fabs(elapsed) < 1e12)) return std::nullopt;  // tens of thousands of years away
  Time time = s.begin + Duration{static_cast<std::int64_t>(std::floor(elapsed))};
  if (cumulated(time) < area) time += Duration{1};
  return time;
}

double PiecewiseLinear::lowest() const {
  double low = segments_.front().at_begin;
  for (const Segment& s : segments_) low = std::min({low, s.at_begin, s.at_end});
  return low;
}

double PiecewiseLinear::highest() const {
  double high = segments_.front().at_begin;
  for (const Segment& s : segments_) high = std::max({high, s.at_begin, s.at_end});
  return high;
}

namespace {

/// Segments between dates, in any order and repeated or not, from the value at a date and the limit
/// before one.
template <class Value, class Before>
PiecewiseLinear between_dates(std::vector<Time> dates, Value value, Before before) {
  std::sort(dates.begin(), dates.end());
  dates.erase(std::unique(dates.begin(), dates.end()), dates.end());
  std::vector<PiecewiseLinear::Segment> segments;
  for (std::size_t i = 0; i < dates.size(); ++i) {
    const double at_begin = value(dates[i]);
    segments.push_back(
        {dates[i], at_begin, i + 1 < dates.size() ? before(dates[i + 1]) : at_begin});
  }
  return PiecewiseLinear(std::move(segments));
}

void add_dates(const PiecewiseLinear& function, std::vector<Time>& dates) {
  for (const auto& segment : function.segments()) dates.push_back(segment.begin);
}

}  // namespace

PiecewiseLinear sum(const PiecewiseLinear& a, const PiecewiseLinear& b) {
  std::vector<Time> dates;
  add_dates(a, dates);
  add_dates(b, dates);
  return between_dates(
      std::move(dates), [&](Time t) { return a.value(t) + b.value(t); },
      [&](Time t) { return a.value_before(t) + b.value_before(t); });
}

PiecewiseLinear times_step(const PiecewiseLinear& function, Time date, double before,
                           double after) {
  // the second before shows the value that holds for all times before the first date
  std::vector<Time> dates = {date - Duration{1}, date};
  add_dates(function, dates);
  return between_dates(
      std::move(dates), [&](Time t) { return function.value(t) * (t < date ? before : after); },
      [&](Time t) { return function.value_before(t) * (t <= date ? before : after); });
}

PiecewiseLinear ramp(Time begin, Time end, double height) {
  OPTICHAIN_CHECK(begin <= end, "a ramp ends before it begins");
  if (begin == end) return PiecewiseLinear({{begin - Duration{1}, 0, 0}, {begin, height, height}});
  return PiecewiseLinear({{begin, 0, height}, {end, height, height}});
}

Curve::Curve(double constant)
    : knots_{{Time{}, constant}}, graph_(to_segments(Shape::linear, knots_)) {}

Curve::Curve(Shape shape, std::vector<Knot> knots)
    : shape_(shape), knots_(std::move(knots)), graph_(to_segments(shape_, knots_)) {
  // one number is the same number at all times, whatever date was written beside it
  if (is_constant()) *this = Curve(knots_.front().value);
}

Curve Curve::scaled(double factor) const {
  std::vector<Knot> knots = knots_;
  for (Knot& knot : knots) knot.value *= factor;
  return {shape_, std::move(knots)};
}

namespace {

using Knots = std::vector<Curve::Knot>;

/// The dates of a curve, as steps or, with jumps of a second, as straight lines.
Knots knots_as(Curve::Shape shape, const Curve& curve) {
  const auto knots = curve.knots();
  if (curve.is_constant()) return {};
  if (shape == curve.shape()) return {knots.begin(), knots.end()};
  Knots lines = {knots.front()};
  for (const Curve::Knot& knot : knots.subspan(1)) {
    const Time just_before = knot.time - Duration{1};
    if (just_before > lines.back().time) lines.push_back({just_before, lines.back().value});
    lines.push_back(knot);
  }
  return lines;
}

}  // namespace

Curve joined(const Curve& before, Time at, const Curve& after) {
  const auto has_steps = [](const Curve& curve) {
    return curve.is_constant() || curve.shape() == Curve::Shape::steps;
  };
  const bool steps = has_steps(before) && has_steps(after);
  const Curve::Shape shape = steps ? Curve::Shape::steps : Curve::Shape::linear;
  const Time just_before = at - Duration{1};
  Knots knots;
  for (const Curve::Knot& knot : knots_as(shape, before)) {
    if (knot.time < just_before) knots.push_back(knot);
  }
  knots.push_back({just_before, before.value(just_before)});
  knots.push_back({at, after.value(at)});
  for (const Curve::Knot& knot : knots_as(shape, after)) {
    if (knot.time > at) knots.push_back(knot);
  }
  return {shape, std::move(knots)};
}

}  // namespace optichain::sim
