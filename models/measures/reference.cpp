#include "models/measures/reference.hpp"

#include <fmt/format.h>

#include "models/measures/measure.hpp"

namespace optichain::models::measures {
namespace {

/// How it adds up over time, and over entities.
std::string adds_up(const Measure& m) {
  const char* over_time = m.over_time == OverTime::sum      ? "sum"
                          : m.over_time == OverTime::mean   ? "mean"
                          : m.over_time == OverTime::at_end ? "at the end"
                                                            : "no";
  return fmt::format("{} / {}", over_time, m.over_entities == OverEntities::sum ? "sum" : "no");
}

const char* where(Reported reported) {
  switch (reported) {
    case Reported::figures:
      return "figures";
    case Reported::weekly:
      return "weekly";
    case Reported::both:
      return "both";
    case Reported::detail:
      return "both, by year";
  }
  return "";
}

}  // namespace

std::string reference_table() {
  std::string text =
      "| Group | Measure | Unit | Time / entities | Good | Where | Meaning |\n"
      "|---|---|---|---|---|---|---|\n";
  const Group* group = nullptr;
  for (const Measure& m : all_measures()) {
    const bool is_first = !group || *group != m.group;
    group = &m.group;
    text += fmt::format("| {} | `{}{}{}` | {} | {} | {} | {} | {} |\n",
                        is_first ? fmt::format("`{}`", group_word(m.group)) : "", m.name,
                        m.part.empty() ? "" : ".", m.part, m.unit, adds_up(m), good_word(m.good),
                        where(m.reported), m.meaning);
  }
  return text;
}

}  // namespace optichain::models::measures
