#pragma once
// What a run counts: flows (pieces shipped) and levels (pieces in stock), by entity and measure.
//
// Counting is one addition. Every week and at every end of a quarter the counts are copied; results
// are differences of copies, so a period's figure is exact whatever happens in between.

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "sim/base/hash.hpp"
#include "sim/base/id.hpp"
#include "sim/base/time.hpp"

namespace optichain::models {

using MeterId = sim::Id<struct MeterTag>;

enum class MeterKind { flow, level };

class Meters {
 public:
  struct Definition {
    std::string entity;   // "sites.lumentum.eml_200g"
    std::string measure;  // "shipped"
    std::string unit;     // "pieces", "usd", ...
    MeterKind kind;
    double scale;  // value of one count in the unit
  };

  MeterId flow(std::string entity, std::string measure, std::string unit = "pieces",
               double scale = 1);
  MeterId level(std::string entity, std::string measure, std::string unit = "pieces",
                double scale = 1);

  void add(MeterId id, std::int64_t count) {
    if (__builtin_add_overflow(counts_[id.index()], count, &counts_[id.index()])) overflow(id);
  }
  /// Levels: the sum of level x seconds goes on; a flow that is sampled from outside: its total.
  void set(MeterId id, std::int64_t value, sim::Time now);

  /// Copies all counts as the boundary between two periods.
  void mark_period(sim::Time now);
  /// Copies all counts as the end of a week.
  void mark_week(sim::Time now);

  std::span<const Definition> definitions() const { return definitions_; }
  /// The meter of a measure of an entity; it must have been defined.
  MeterId find(const std::string& entity, const std::string& measure) const;
  /// A flow's total since the beginning, in counts.
  std::int64_t total(MeterId id) const { return counts_[id.index()]; }
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
  struct Level {
    std::int64_t value = 0;
    sim::Time since{};
    double area = 0;  // sum of value x seconds up to `since`
  };
  /// What is kept of a week: most values need no more than 32 bits. The others are marked, and
  /// follow in the order of their meters.
  struct Week {
    std::vector<std::int32_t> small;  // by meter
    std::vector<std::int64_t> large;
  };
  static constexpr std::int32_t is_large = std::numeric_limits<std::int32_t>::min();
  static constexpr std::uint32_t is_flow = ~std::uint32_t{0};
  MeterId define(Definition definition);
  Level& level_of(MeterId id) { return levels_[level_of_[id.index()]]; }
  [[noreturn]] void overflow(MeterId id) const;
  static void bring_up_to(Level& level, sim::Time now);
  std::int64_t of_week(std::size_t meter) const;

  std::vector<Definition> definitions_;
  std::unordered_map<sim::WideHash, MeterId, sim::HashOfHash> by_name_;
  std::vector<std::int64_t> counts_;     // totals so far, by meter; of levels unused
  std::vector<std::uint32_t> level_of_;  // by meter: position in levels_, or is_flow
  std::vector<Level> levels_;
  std::vector<sim::Time> period_times_, week_times_;
  std::vector<std::vector<std::int64_t>> period_counts_;
  std::vector<std::vector<Level>> period_levels_;
  std::vector<std::int64_t> week_before_;  // counts at the last end of a week
  std::vector<Week> weeks_;  // flows of each week but the first mark's, levels at its end
};

}  // namespace optichain::models
