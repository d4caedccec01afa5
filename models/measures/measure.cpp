#include "models/measures/measure.hpp"

#include <algorithm>

#include "sim/base/check.hpp"

namespace optichain::models::measures {

const Measure* find_measure(Group group, std::string_view name) {
  const std::string_view word = name.substr(0, name.find('.'));
  const bool has_part = word.size() < name.size();
  const std::span<const Measure> all = all_measures();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Measure& m) {
    return m.group == group && m.name == word && m.part.empty() != has_part;
  });
  return found == all.end() ? nullptr : &*found;
}

const Measure& declared(Group group, std::string_view name) {
  const Measure* measure = find_measure(group, name);
  OPTICHAIN_CHECK(measure, "{} of {} is not in models/measures/table.cpp", name, group_word(group));
  return *measure;
}

std::string_view over_time_word(OverTime over_time) {
  switch (over_time) {
    case OverTime::sum:
      return "sum";
    case OverTime::mean:
      return "mean";
    case OverTime::at_end:
      return "at_end";
    case OverTime::none:
      return "none";
  }
  return "";
}

std::string_view good_word(Good good) {
  return good == Good::high ? "high" : good == Good::low ? "low" : "";
}

std::string_view good_direction(Group group, std::string_view name) {
  const Measure* measure = find_measure(group, name);
  return measure ? good_word(measure->good) : "";
}

}  // namespace optichain::models::measures
