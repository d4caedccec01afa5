#pragma once
// Every measure, declared once: what it is called, its unit, how it adds up, which direction is
// better and what it means. What is counted, reported, exported and explained comes from here; a
// figure that is not declared is refused where it is defined.

#include <span>
#include <string>
#include <string_view>

#include "models/measures/entity.hpp"

namespace optichain::models::measures {

/// What a period has of it, and so what several periods have.
enum class OverTime {
  sum,     // a flow: what was counted in the period
  mean,    // a level: its mean over the period; weekly, at the end of the week
  at_end,  // a level: at the end of the period or week
  none     // worked out for each period from others
};

/// Whether figures of several entities of the group may be added up.
enum class OverEntities { sum, none };

enum class Good { either, high, low };

/// Where it is found.
enum class Reported {
  figures,  // among the key figures
  weekly,   // among the weekly series
  both,
  detail  // both, but key figures for years only; short reports leave it out
};

struct Measure {
  Group group;
  std::string_view name;
  std::string_view unit;
  OverTime over_time;
  OverEntities over_entities;
  Good good;
  Reported reported;
  std::string_view meaning;
  /// What stands behind the name after a dot, if there is something: `share.VARIANT`.
  std::string_view part = {};

  bool is_flow() const { return over_time == OverTime::sum; }
  bool is_level() const { return over_time == OverTime::mean || over_time == OverTime::at_end; }
  bool is_detail() const { return reported == Reported::detail; }
  bool is_figure() const { return reported != Reported::weekly; }
  bool is_weekly() const { return reported != Reported::figures; }
};

/// All of them, group by group.
std::span<const Measure> all_measures();

/// The measure of a group by its name, which may have its part: `lost_to.isolator`; null if nobody
/// declared it.
const Measure* find_measure(Group group, std::string_view name);
/// The same of one that is reported: it is a fault of the program if nobody declared it.
const Measure& declared(Group group, std::string_view name);

/// "sum", "mean", "at_end" or "none".
std::string_view over_time_word(OverTime over_time);
/// "high", "low" or empty, for readers of comparisons.
std::string_view good_word(Good good);
/// The direction of a measure by its name; empty if it is not declared.
std::string_view good_direction(Group group, std::string_view name);

}  // namespace optichain::models::measures
