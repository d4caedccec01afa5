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
  for (std::size_t i = 0; i < dates.size(); ++i) {
    double left = 1;
    for (const Outage& o : outages) {
      if (o.begin <= dates[i] && dates[i] < o.end) left *= o.left;
    }
    const double at_begin = capacity.value(dates[i]);
    double at_end = at_begin;
    if (i + 1 < dates.size()) {
      // the limit from the left: a jump at the next date belongs to the next segment
      const Time last = dates[i + 1] - Duration{1};
      const double slope = capacity.value(last) - at_begin;
      const double length = static_cast<double>((last - dates[i]).count());
      at_end = length > 0 ? at_begin + slope * ((length + 1) / length) : at_begin;
    }
    cut.push_back({dates[i], left * at_begin, left * at_end});
  }
  return PiecewiseLinear(std::move(cut));
}

}  // namespace optichain::sim
