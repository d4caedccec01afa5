#include "models/measures/figure_name.hpp"

#include <algorithm>
#include <utility>

#include "models/measures/measure.hpp"

namespace optichain::models::measures {
namespace {

bool are_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool is_quarter(std::string_view period) {
  return period.size() == 6 && period[4] == 'Q' && are_digits(period.substr(0, 4));
}

bool is_year(std::string_view period) {
  return period.size() == 4 && are_digits(period);
}

bool is_earlier(std::string_view a, std::string_view b) {
  return std::pair(a == whole_run, a) < std::pair(b == whole_run, b);
}

std::string SeriesName::text() const {
  return entity.text() + "." + measure;
}

std::string FigureName::text() const {
  return entity.text() + "." + measure + "." + period;
}

// The entity ends before the measure: the last word, or the last but one with its part. Names of
// entities have dots, too, but at least one word of them is left.
std::optional<SeriesName> SeriesName::parse(std::string_view text) {
  const std::size_t last = text.rfind('.');
  if (last == text.npos) return std::nullopt;
  std::size_t end = last;
  if (const std::size_t before = text.rfind('.', last - 1); before != text.npos && last > 0) {
    const auto group = find_group(text.substr(0, text.find('.')));
    const bool has_part = group && find_measure(*group, text.substr(before + 1));
    if (has_part && text.find('.') < before) end = before;
  }
  auto entity = Entity::parse(text.substr(0, end));
  if (!entity) return std::nullopt;
  return SeriesName{std::move(*entity), std::string(text.substr(end + 1))};
}

std::optional<FigureName> FigureName::parse(std::string_view text) {
  const std::size_t end = text.rfind('.');
  if (end == text.npos) return std::nullopt;
  auto stem = SeriesName::parse(text.substr(0, end));
  if (!stem) return std::nullopt;
  return FigureName{std::move(stem->entity), std::move(stem->measure),
                    std::string(text.substr(end + 1))};
}

}  // namespace optichain::models::measures
