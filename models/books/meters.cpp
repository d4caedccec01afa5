#include "models/books/meters.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "sim/base/check.hpp"

namespace optichain::models::books {

MeterId Meters::define(const measures::Entity& entity, std::string_view measure, double scale) {
  const MeterId id = names_.add(entity, measure, scale);
  cells_.emplace_back();
  used_as_.push_back(unused);
  const std::size_t word = id.index() / bits_of_word;
  for (Bits* bits : {&levels_, &changed_, &ever_changed_}) bits->resize(word + 1, 0);
  if (definitions()[id.index()].of->is_level()) {
    levels_[word] |= std::uint64_t{1} << id.index() % bits_of_word;
  }
  return id;
}

MeterId Meters::flow(const measures::Entity& entity, std::string_view measure, double scale) {
  const MeterId id = define(entity, measure, scale);
  OPTICHAIN_CHECK(definitions()[id.index()].of->is_flow(), "{} is no flow", measure);
  return id;
}

MeterId Meters::level(const measures::Entity& entity, std::string_view measure, double scale) {
  const MeterId id = define(entity, measure, scale);
  OPTICHAIN_CHECK(definitions()[id.index()].of->is_level(), "{} is no level", measure);
  return id;
}

void Meters::overflow(MeterId id) const {
  const Definition& d = definitions()[id.index()];
  sim::fail("{} of {} is beyond 9.2e18: the scenario's numbers are too large", d.measure, d.entity);
}

void Meters::set(MeterId id, std::int64_t value, sim::Time now) {
  const std::size_t meter = id.index();
  Cell& cell = cells_[meter];
  if (cell.value != value) note_change(meter);
  if (is_set(levels_, meter)) bring_up_to(cell, now);
  cell.value = value;
}

void Meters::bring_up_to(Cell& level, sim::Time now) {
  const std::int64_t seconds = now.time_since_epoch().count();
  level.area += static_cast<double>(level.value) * static_cast<double>(seconds - level.mark);
  level.mark = seconds;
}

double Meters::integral(MeterId id, sim::Time until) const {
  Cell level = cells_[id.index()];
  bring_up_to(level, until);
  return level.area;
}

template <class Visit>
void Meters::for_each_bit(std::uint64_t word, std::size_t first, Visit visit) {
  for (; word != 0; word &= word - 1) {
    visit(first + static_cast<std::size_t>(std::countr_zero(word)));
  }
}

/// Meters that have counted since the last mark for the first time take part in copies from now on.
void Meters::note_used() {
  for (std::size_t w = 0; w < changed_.size(); ++w) {
    for_each_bit(changed_[w] & ~ever_changed_[w], w * bits_of_word, [&](std::size_t meter) {
      used_as_[meter] = static_cast<std::uint32_t>(used_.size());
      used_.push_back(static_cast<std::uint32_t>(meter));
    });
    ever_changed_[w] |= changed_[w];
  }
}

void Meters::mark_period(sim::Time now) {
  note_used();
  std::vector<Mark> marks;
  marks.reserve(used_.size());
  for (const std::uint32_t meter : used_) {
    Cell& cell = cells_[meter];
    if (is_set(levels_, meter)) bring_up_to(cell, now);
    marks.push_back({cell.value, cell.area});
  }
  period_times_.push_back(now);
  period_marks_.push_back(std::move(marks));
}

void Meters::Week::add(std::int64_t value) {
  const auto fitted = static_cast<std::int32_t>(value);
  const bool fits = fitted == value && fitted != is_large;
  small.push_back(fits ? fitted : is_large);
  if (!fits) large.push_back(value);
}

void Meters::mark_week(sim::Time now) {
  note_used();
  week_times_.push_back(now);
  Week& week = weeks_.emplace_back();
  std::size_t count = 0;
  for (const std::uint64_t word : changed_) count += static_cast<std::size_t>(std::popcount(word));
  week.small.reserve(count);
  for (std::size_t w = 0; w < changed_.size(); ++w) {
    for_each_bit(changed_[w], w * bits_of_word, [&](std::size_t meter) {
      Cell& cell = cells_[meter];
      if (is_set(levels_, meter)) {
        week.add(cell.value);  // needs no bringing up to date for it
      } else {
        week.add(cell.value - std::exchange(cell.mark, cell.value));
      }
    });
  }
  week.changed = changed_;
  std::fill(changed_.begin(), changed_.end(), 0);
}

Meters::Mark Meters::at(MeterId id, std::size_t mark) const {
  const std::uint32_t position = used_as_[id.index()];
  const std::vector<Mark>& marks = period_marks_[mark];
  return position < marks.size() ? marks[position] : Mark{};
}

double Meters::between(MeterId id, std::size_t from_mark, std::size_t to_mark) const {
  if (used_as_[id.index()] == unused) return 0;
  const double scale = definitions()[id.index()].scale;
  const Mark from = at(id, from_mark), to = at(id, to_mark);
  if (!is_set(levels_, id.index())) return static_cast<double>(to.value - from.value) * scale;
  const auto seconds = (period_times_[to_mark] - period_times_[from_mark]).count();
  OPTICHAIN_CHECK(seconds > 0, "a mean level needs a period");
  return (to.area - from.area) / static_cast<double>(seconds) * scale;
}

double Meters::level_at(MeterId id, std::size_t mark) const {
  return static_cast<double>(at(id, mark).value) * definitions()[id.index()].scale;
}

struct Meters::WeekReader {
  explicit WeekReader(const Week& w) : week(&w) {}
  std::int64_t next() {
    const std::int32_t value = week->small[small++];
    return value == is_large ? week->large[large++] : value;
  }
  const Week* week;
  std::size_t small = 0, large = 0;
};

void Meters::for_each_weekly(const SeriesReader& read) const {
  if (weeks_.size() < 2) return;
  const std::size_t weeks = weeks_.size() - 1;
  std::vector<WeekReader> readers(weeks_.begin(), weeks_.end());
  // Weeks lie one after the other: some meters at a time, all weeks of each of them.
  std::vector<double> series(bits_of_word * weeks);
  for (std::size_t w = 0; w < changed_.size(); ++w) {
    const std::size_t first = w * bits_of_word;
    std::uint64_t ever = 0;
    for (const Week& week : weeks_) ever |= week.changed[w];
    if (ever == 0) continue;
    std::fill(series.begin(), series.end(), 0.0);
    std::array<double, bits_of_word> level{};       // by meter, in its unit
    std::array<std::size_t, bits_of_word> since{};  // the week from which on it is this
    std::uint64_t shown = 0;                        // meters that are not always zero
    const auto keep_level = [&](std::size_t i, std::size_t until) {
      if (level[i] == 0 || since[i] == until) return;
      shown |= std::uint64_t{1} << i;
      const auto row = std::span(series).subspan(i * weeks, weeks);
      std::fill(row.begin() + static_cast<std::ptrdiff_t>(since[i]),
                row.begin() + static_cast<std::ptrdiff_t>(until), level[i]);
    };
    for (std::size_t mark = 0; mark <= weeks; ++mark) {
      for_each_bit(weeks_[mark].changed[w], 0, [&](std::size_t i) {
        const std::int64_t count = readers[mark].next();
        const double value = static_cast<double>(count) * definitions()[first + i].scale;
        const std::size_t week = mark > 0 ? mark - 1 : 0;
        if (is_set(levels_, first + i)) {
          keep_level(i, week);
          level[i] = value;
          since[i] = week;
        } else if (mark > 0 && count != 0) {
          series[i * weeks + week] = value;
          shown |= std::uint64_t{1} << i;
        }
      });
    }
    for_each_bit(ever, 0, [&](std::size_t i) { keep_level(i, weeks); });
    for_each_bit(shown, 0, [&](std::size_t i) {
      read(definitions()[first + i], std::span(series).subspan(i * weeks, weeks));
    });
  }
}

}  // namespace optichain::models::books
