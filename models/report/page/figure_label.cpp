#include "models/report/page/figure_label.hpp"

#include <algorithm>

namespace optichain::models::report {
namespace {

using measures::Group;

/// The parts of a name, one behind the other.
std::string words(std::string text) {
  std::replace(text.begin(), text.end(), '_', ' ');
  std::string spaced;
  for (const char c : text) {
    if (c == '.') {
      spaced += " · ";
    } else {
      spaced += c;
    }
  }
  return spaced;
}

bool is_told_first(Group group) {
  return group == Group::sites || group == Group::customers || group == Group::families ||
         group == Group::agreements;
}

}  // namespace

std::string figure_label(const measures::FigureName& figure) {
  const std::string& entity = figure.entity.name;
  const std::string when =
      figure.period.empty() || figure.period == measures::whole_run ? "" : ", " + figure.period;
  if (!is_told_first(figure.entity.group)) {
    return words(figure.entity.text() + "." + figure.measure) + when;
  }
  const std::size_t dot = entity.find('.');
  const std::string part = dot == entity.npos ? "" : entity.substr(dot + 1) + ".";
  return words(entity.substr(0, dot)) + ": " + words(part + figure.measure) + when;
}

std::string figure_label(const std::string& name) {
  const auto figure = measures::FigureName::parse(name);
  const bool has_period =
      figure && (figure->period == measures::whole_run || measures::is_year(figure->period) ||
                 measures::is_quarter(figure->period));
  return has_period ? figure_label(*figure) : words(name);
}

}  // namespace optichain::models::report
