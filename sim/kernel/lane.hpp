#pragma once
// A lane carries things from here to there: each consignment takes a transit time of its own.

#include <algorithm>

#include "sim/base/rule.hpp"
#include "sim/base/value.hpp"
#include "sim/kernel/kernel.hpp"

namespace optichain::sim {

class Lane {
 public:
  /// `transit_days` >= 0, drawn anew for each consignment.
  Lane(Kernel& kernel, Value transit_days, Stream stream)
      : kernel_(kernel), transit_days_(std::move(transit_days)), stream_(stream) {}

  /// Calls `arrive` in `phase` after a transit time, which begins after a wait; returns when that
  /// will be.
  Time send(Phase phase, Callback arrive, const std::string* owner = nullptr,
            Duration wait = Duration{0}) {
    const Time now = kernel_.now();
    // a law with an open end may give more than any span: it then does not arrive in a century
    const double days = std::min(transit_days_.draw(now, stream_), span_days.max);
    const Time arrival = now + wait + days_to_duration(days);
    kernel_.at(arrival, phase, arrive, owner);
    return arrival;
  }
  /// Passes over the draw of a consignment that goes another way, so that those after it keep
  /// theirs.
  void skip() { transit_days_.draw(kernel_.now(), stream_); }
  /// Mean transit time for something sent now, in days.
  double mean_days() const { return transit_days_.mean(kernel_.now()); }

 private:
  Kernel& kernel_;
  Value transit_days_;
  Stream stream_;
};

}  // namespace optichain::sim
