#include "models/books/meters.hpp"

#include <algorithm>

#include "sim/base/check.hpp"

namespace optichain::models {

MeterId Meters::define(Definition definition) {
  const MeterId id{definitions_.size()};
  if (definition.kind == MeterKind::level) level_meters_.push_back(id.index());
  by_name_.emplace(definition.entity + " " + definition.measure, id);
  definitions_.push_back(std::move(definition));
  counts_.push_back(0);
  levels_.emplace_back();
  return id;
}

MeterId Meters::find(const std::string& entity, const std::string& measure) const {
  const auto found = by_name_.find(entity + " " + measure);
  OPTICHAIN_CHECK(found != by_name_.end(), "nobody counts {} of {}", measure, entity);
  return found->second;
}

MeterId Meters::flow(std::string entity, std::string measure, std::string unit, double scale) {
  return define({std::move(entity), std::move(measure), std::move(unit), MeterKind::flow, scale});
}

MeterId Meters::level(std::string entity, std::string measure, std::string unit, double scale) {
  return define({std::move(entity), std::move(measure), std::move(unit), MeterKind::level, scale});
}

void Meters::overflow(MeterId id) const {
  const Definition& d = definitions_[id.index()];
  sim::fail("{} of {} is beyond 9.2e18: the scenario's numbers are too large", d.measure, d.entity);
}

void Meters::set(MeterId id, std::int64_t value, sim::Time now) {
  if (definitions_[id.index()].kind == MeterKind::flow) {
    counts_[id.index()] = value;
    return;
  }
  Level& level = levels_[id.index()];
  bring_up_to(level, now);
  level.value = value;
}

void Meters::bring_up_to(Level& level, sim::Time now) {
  level.area += static_cast<double>(level.value) * static_cast<double>((now - level.since).count());
  level.since = now;
}

double Meters::integral(MeterId id, sim::Time until) const {
  Level level = levels_[id.index()];
  bring_up_to(level, until);
  return level.area;
}

void Meters::mark_period(sim::Time now) {
  for (const std::size_t i : level_meters_) bring_up_to(levels_[i], now);
  period_times_.push_back(now);
  period_counts_.push_back(counts_);
  period_levels_.push_back(levels_);
}

void Meters::mark_week(sim::Time now) {
  // series show levels as they stand, so their sums need no bringing up to date
  week_times_.push_back(now);
  auto& row = week_counts_.emplace_back(counts_);
  for (const std::size_t i : level_meters_) row[i] = levels_[i].value;
}

double Meters::between(MeterId id, std::size_t from_mark, std::size_t to_mark) const {
  const Definition& d = definitions_[id.index()];
  const std::size_t i = id.index();
  if (d.kind == MeterKind::flow) {
    return static_cast<double>(period_counts_[to_mark][i] - period_counts_[from_mark][i]) * d.scale;
  }
  const auto seconds = (period_times_[to_mark] - period_times_[from_mark]).count();
  OPTICHAIN_CHECK(seconds > 0, "a mean level needs a period");
  const double area = period_levels_[to_mark][i].area - period_levels_[from_mark][i].area;
  return area / static_cast<double>(seconds) * d.scale;
}

double Meters::level_at(MeterId id, std::size_t mark) const {
  return static_cast<double>(period_levels_[mark][id.index()].value) *
         definitions_[id.index()].scale;
}

void Meters::for_each_weekly(const SeriesReader& read) const {
  // Counts lie week by week; a cache line of them is brought from each week at a time.
  constexpr std::size_t block = 64 / sizeof(std::int64_t);
  const std::size_t weeks = week_counts_.size();
  std::vector<std::int64_t> counts(block * weeks);
  std::vector<double> series(weeks - 1);
  for (std::size_t first = 0; first < definitions_.size(); first += block) {
    const std::size_t size = std::min(block, definitions_.size() - first);
    for (std::size_t w = 0; w < weeks; ++w) {
      for (std::size_t i = 0; i < size; ++i) counts[i * weeks + w] = week_counts_[w][first + i];
    }
    for (std::size_t i = 0; i < size; ++i) {
      const Definition& d = definitions_[first + i];
      const std::int64_t* count = &counts[i * weeks];
      bool anything = false;
      for (std::size_t w = 1; w < weeks; ++w) {
        const std::int64_t value = d.kind == MeterKind::level ? count[w] : count[w] - count[w - 1];
        anything = anything || value != 0;
        series[w - 1] = static_cast<double>(value) * d.scale;
      }
      if (anything) read(d, series);
    }
  }
}

}  // namespace optichain::models
