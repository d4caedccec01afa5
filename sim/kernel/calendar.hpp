#pragma once
// When things run: rhythms of recurring reviews, and capacity with its outages.

#include <span>

#include "sim/base/curve.hpp"
#include "sim/base/time.hpp"

namespace optichain::sim {

/// first, first + every, first + 2 every, ...
struct Rhythm {
  Time first;
  Duration every;
  /// The first beat after `time`.
  Time after(Time time) const;
};

/// From `begin` to `end` only the share `left` (0 to 1) of the capacity is there.
struct Outage {
  Time begin;
  Time end;
  double left = 0.0;
};

/// Capacity with outages taken out. Where outages overlap, their shares multiply.
PiecewiseLinear with_outages(const PiecewiseLinear& capacity, std::span<const Outage> outages);

}  // namespace optichain::sim
