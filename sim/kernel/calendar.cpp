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
  // Every date at which something changes starts a segment of the result, and so does the second
  // before the first outage: what is there before all dates is not what an outage leaves.
  std::vector<Time> dates;
  for (const auto& s : capacity.segments()) dates.push_back(s.begin);
  Time first = outages.front().begin;
  for (const Outage& o : outages) {
    OPTICHAIN_CHECK(o.begin < o.end && o.left >= 0 && o.left <= 1, "an outage is no outage");
    dates.push_back(o.begin);
    dates.push_back(o.end);
    first = std::min(first, o.begin);
  }
  if (first <= capacity.segments().front().begin) dates.push_back(first - Duration{1});
  std::sort(dates.begin(), dates.end());
  dates.erase(std::unique(dates.begin(), dates.end()), dates.end());

  std::vector<PiecewiseLinear::Segment> cut;
  for (std::size_t i = 0; i < dates.size(); ++i) {
    double left = 1;
    for (const Outage& o : outages) {
      if (o.begin <= dates[i] && dates[i] < o.end) left *= o.left;
    }
    const double at_begin = capacity.value(dates[i]);
    const double at_end = i + 1 < dates.size() ? capacity.value_before(dates[i + 1]) : at_begin;
    cut.push_back({dates[i], left * at_begin, left * at_end});
  }
  return PiecewiseLinear(std::move(cut));
}

}  // namespace optichain::sim
