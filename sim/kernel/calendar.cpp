#include "sim/kernel/calendar.hpp"

#include <algorithm>
#include <vector>

#include "sim/base/check.hpp"

namespace optichain::sim {

Time Rhythm::after(Time time) const {
  OPTICHAIN_CHECK(every > Duration{0}, "a rhythm needs a period");
  if (time < first) return first;
  return first + every * ((time - first) / every + 1);
}

PiecewiseLinear with_outages(const PiecewiseLinear& capacity, std::span<const Outage> outages) {
  if (outages.empty()) return capacity;
  const auto segments = capacity.segments();

  // Every date at which something changes starts a segment of the result.
  std::vector<Time> dates;
  for (const auto& s : segments) dates.push_back(s.begin);
  for (const Outage& o : outages) {
    OPTICHAIN_CHECK(o.begin < o.end && o.left >= 0 && o.left <= 1, "an outage is no outage");
    dates.push_back(o.begin);
    dates.push_back(o.end);
  }
  std::sort(dates.begin(), dates.end());
  dates.erase(std::unique(dates.begin(), dates.end()), dates.end());

  std::vector<PiecewiseLinear::Segment> cut;
  std::size_t at = 0;  // the segment of the capacity in which a segment of the result ends
  for (std::size_t i = 0; i < dates.size(); ++i) {
    double left = 1;
    for (const Outage& o : outages) {
      if (o.begin <= dates[i] && dates[i] < o.end) left *= o.left;
    }
    const double at_begin = capacity.value(dates[i]);
    double at_end = at_begin;
    if (i + 1 < dates.size()) {
      // the limit from the left: a jump at the next date belongs to the next segment
      const Time end = dates[i + 1];
      while (at + 1 < segments.size() && segments[at + 1].begin < end) ++at;
      const bool jumps = at + 1 < segments.size() && segments[at + 1].begin == end;
      at_end = jumps ? segments[at].at_end : capacity.value(end);
    }
    cut.push_back({dates[i], left * at_begin, left * at_end});
  }
  return PiecewiseLinear(std::move(cut));
}

}  // namespace optichain::sim
