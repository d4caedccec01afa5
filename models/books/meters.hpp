#pragma once
// What a run counts: flows (pieces shipped) and levels (pieces in stock), by entity and measure.
//
// Counting is one addition. Every week and at every end of a quarter what has changed is copied;
// results are differences of copies, so a period's figure is exact whatever happens in between.
// Most meters of a run never count anything: they take no part in the copies.

#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "models/books/meter_names.hpp"
#include "sim/base/time.hpp"

namespace optichain::models::books {

class Meters {
 public:
  using Definition = MeterNames::Definition;

  /// Defines a meter of a measure that is declared as a flow, or as a level; `scale` is the value
  /// of one count in its unit.
  MeterId flow(const measures::Entity& entity, std::string_view measure, double scale = 1);
  MeterId level(const measures::Entity& entity, std::string_view measure, double scale = 1);

  void add(MeterId id, std::int64_t count) {
    std::int64_t& total = cells_[id.index()].value;
    if (__builtin_add_overflow(total, count, &total)) overflow(id);
    note_change(id.index());
  }
  /// Levels: the sum of level x seconds goes on; a flow that is sampled from outside: its total.
  void set(MeterId id, std::int64_t value, sim::Time now);

  /// Copies all counts as the boundary between two periods.
  void mark_period(sim::Time now);
  /// Copies all counts as the end of a week.
  void mark_week(sim::Time now);

  std::span<const Definition> definitions() const { return names_.definitions(); }
  /// The meters of an entity, by measure.
  MeterNames::Entity of(const measures::Entity& entity) const { return names_.of(entity); }
  /// A flow's total since the beginning, in counts.
  std::int64_t total(MeterId id) const { return cells_[id.index()].value; }
  /// A level's sum of counts x seconds from the beginning up to a time that is not past.
  double integral(MeterId id, sim::Time until) const;
  std::size_t weeks() const { return week_times_.size(); }
  std::span<const sim::Time> week_times() const { return week_times_; }

  /// A flow between two period marks, or a level's mean over the time between them, in its unit.
  double between(MeterId id, std::size_t from_mark, std::size_t to_mark) const;
  /// A level at a period mark, in its unit.
  double level_at(MeterId id, std::size_t mark) const;
  /// For each meter, in order of definition: a flow during each week but the first mark's, or a
  /// level at its end, in its unit. Meters that were always zero are left out.
  using SeriesReader = std::function<void(const Definition&, std::span<const double>)>;
  void for_each_weekly(const SeriesReader& read) const;

 private:
  /// What a meter says, in one place: all of it is asked for together.
  struct Cell {
    std::int64_t value = 0;  // of a flow its total
    std::int64_t mark = 0;   // of a flow its total at the last end of a week; of a level since when
                             // it has its value, in seconds
    double area = 0;         // of a level: sum of value x seconds up to then
  };
  /// One bit for each meter.
  using Bits = std::vector<std::uint64_t>;
  static constexpr std::size_t bits_of_word = 64;
  /// What is kept of a week: which flows were not zero and which levels changed, and their values
  /// in the order of the meters. Most need no more than 32 bits; the others are marked, and follow
  /// apart.
  struct Week {
    Bits changed;
    std::vector<std::int32_t> small;
    std::vector<std::int64_t> large;
    void add(std::int64_t value);
  };
  /// Goes through what is kept of a week.
  struct WeekReader;
  /// What is kept of a meter at a period mark: a flow's total, or a level.
  struct Mark {
    std::int64_t value = 0;
    double area = 0;
  };
  static constexpr std::int32_t is_large = std::numeric_limits<std::int32_t>::min();
  static constexpr std::uint32_t unused = ~std::uint32_t{0};

  void note_change(std::size_t meter) {
    changed_[meter / bits_of_word] |= std::uint64_t{1} << meter % bits_of_word;
  }
  void note_used();
  static bool is_set(const Bits& bits, std::size_t meter) {
    return (bits[meter / bits_of_word] >> meter % bits_of_word & 1) != 0;
  }
  MeterId define(const measures::Entity& entity, std::string_view measure, double scale);
  Mark at(MeterId id, std::size_t mark) const;
  [[noreturn]] void overflow(MeterId id) const;
  static void bring_up_to(Cell& level, sim::Time now);
  template <class Visit>
  static void for_each_bit(std::uint64_t word, std::size_t first, Visit visit);

  MeterNames names_;
  std::vector<Cell> cells_;             // by meter
  Bits levels_;                         // which meters are levels
  Bits changed_;                        // since the last end of a week
  Bits ever_changed_;                   // before that
  std::vector<std::uint32_t> used_as_;  // by meter: position in used_, or unused
  std::vector<std::uint32_t> used_;     // meters that were ever changed
  std::vector<sim::Time> period_times_, week_times_;
  std::vector<std::vector<Mark>> period_marks_;  // by position in used_ as it was then
  std::vector<Week> weeks_;                      // the first is the mark before the first week
};

}  // namespace optichain::models::books
