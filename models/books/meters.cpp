#include "models/books/meters.hpp"

#include <algorithm>
#include <array>

#include "sim/base/check.hpp"

namespace optichain::models {
namespace {

sim::WideHash name_of(const std::string& entity, const std::string& measure) {
  return sim::wide_hash(entity + " " + measure);
}

}  // namespace

MeterId Meters::define(Definition definition) {
  const MeterId id{definitions_.size()};
  by_name_.emplace(name_of(definition.entity, definition.measure), id);
  if (definition.kind == MeterKind::level) {
    level_of_.push_back(static_cast<std::uint32_t>(levels_.size()));
    levels_.emplace_back();
  } else {
    level_of_.push_back(is_flow);
  }
  definitions_.push_back(std::move(definition));
  counts_.push_back(0);
  return id;
}

MeterId Meters::find(const std::string& entity, const std::string& measure) const {
  const auto found = by_name_.find(name_of(entity, measure));
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
  if (level_of_[id.index()] == is_flow) {
    counts_[id.index()] = value;
    return;
  }
  Level& level = level_of(id);
  bring_up_to(level, now);
  level.value = value;
}

void Meters::bring_up_to(Level& level, sim::Time now) {
  level.area += static_cast<double>(level.value) * static_cast<double>((now - level.since).count());
  level.since = now;
}

double Meters::integral(MeterId id, sim::Time until) const {
  Level level = levels_[level_of_[id.index()]];
  bring_up_to(level, until);
  return level.area;
}

void Meters::mark_period(sim::Time now) {
  for (Level& level : levels_) bring_up_to(level, now);
  period_times_.push_back(now);
  period_counts_.push_back(counts_);
  period_levels_.push_back(levels_);
}

void Meters::mark_week(sim::Time now) {
  week_times_.push_back(now);
  week_before_.resize(counts_.size(), 0);
  if (week_times_.size() > 1) {
    Week week;
    week.small.resize(counts_.size());
    if (!weeks_.empty()) week.large.reserve(weeks_.back().large.size());
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      const std::int64_t value = of_week(i);
      const auto small = static_cast<std::int32_t>(value);
      const bool fits = small == value && small != is_large;
      week.small[i] = fits ? small : is_large;
      if (!fits) week.large.push_back(value);
    }
    weeks_.push_back(std::move(week));
  }
  week_before_ = counts_;
}

/// What series show of a meter at the end of a week. Levels need no bringing up to date for it.
std::int64_t Meters::of_week(std::size_t meter) const {
  const std::uint32_t level = level_of_[meter];
  return level == is_flow ? counts_[meter] - week_before_[meter] : levels_[level].value;
}

double Meters::between(MeterId id, std::size_t from_mark, std::size_t to_mark) const {
  const Definition& d = definitions_[id.index()];
  const std::size_t i = id.index();
  if (d.kind == MeterKind::flow) {
    return static_cast<double>(period_counts_[to_mark][i] - period_counts_[from_mark][i]) * d.scale;
  }
  const auto seconds = (period_times_[to_mark] - period_times_[from_mark]).count();
  OPTICHAIN_CHECK(seconds > 0, "a mean level needs a period");
  const std::uint32_t level = level_of_[i];
  const double area = period_levels_[to_mark][level].area - period_levels_[from_mark][level].area;
  return area / static_cast<double>(seconds) * d.scale;
}

double Meters::level_at(MeterId id, std::size_t mark) const {
  return static_cast<double>(period_levels_[mark][level_of_[id.index()]].value) *
         definitions_[id.index()].scale;
}

void Meters::for_each_weekly(const SeriesReader& read) const {
  // Weeks lie one after the other; a cache line of meters is brought from each week at a time.
  constexpr std::size_t block = 64 / sizeof(std::int32_t);
  const std::size_t weeks = weeks_.size();
  std::vector<double> series(block * weeks);
  std::vector<std::size_t> next_large(weeks, 0);
  for (std::size_t first = 0; first < definitions_.size(); first += block) {
    const auto meters =
        std::span(definitions_).subspan(first, std::min(block, definitions_.size() - first));
    std::array<std::int64_t, block> any{};  // bits of all values of a meter
    for (std::size_t w = 0; w < weeks; ++w) {
      const std::int32_t* small = &weeks_[w].small[first];
      for (std::size_t i = 0; i < meters.size(); ++i) {
        const std::int64_t value =
            small[i] == is_large ? weeks_[w].large[next_large[w]++] : small[i];
        any[i] |= value;
        series[i * weeks + w] = static_cast<double>(value) * meters[i].scale;
      }
    }
    for (std::size_t i = 0; i < meters.size(); ++i) {
      if (any[i] != 0) read(meters[i], std::span(series).subspan(i * weeks, weeks));
    }
  }
}

}  // namespace optichain::models
