#include "models/world/results.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <tuple>

namespace optichain::models::world {

std::string metric_name(const Metric& metric, const std::string& period) {
  return metric.entity.text() + "." + metric.measure + "." + period;
}

double Results::value(const measures::FigureName& name) const {
  const auto metric = std::lower_bound(
      metrics.begin(), metrics.end(), name, [](const Metric& m, const measures::FigureName& n) {
        return std::tie(m.entity, m.measure) < std::tie(n.entity, n.measure);
      });
  const auto period = std::find(periods.begin(), periods.end(), name.period);
  const bool found = metric != metrics.end() && metric->entity == name.entity &&
                     metric->measure == name.measure && period != periods.end();
  return found ? metric->values[static_cast<std::size_t>(period - periods.begin())] : std::nan("");
}

const Series* Results::series_of(const measures::SeriesName& name) const {
  const auto found = std::lower_bound(
      series.begin(), series.end(), name, [](const Series& s, const measures::SeriesName& n) {
        return std::tie(s.entity, s.measure) < std::tie(n.entity, n.measure);
      });
  const bool fits =
      found != series.end() && found->entity == name.entity && found->measure == name.measure;
  return fits ? &*found : nullptr;
}

std::vector<Series> weekly_series(const books::Meters& meters) {
  std::vector<Series> all;
  meters.for_each_weekly([&](const books::Meters::Definition& d, std::span<const double> values) {
    all.push_back({measures::of(d.of->group, d.name()),
                   std::string(d.measure),
                   std::string(d.unit()),
                   {values.begin(), values.end()}});
  });
  std::sort(all.begin(), all.end(), [](const Series& a, const Series& b) {
    return std::tie(a.entity, a.measure) < std::tie(b.entity, b.measure);
  });
  return all;
}

}  // namespace optichain::models::world
