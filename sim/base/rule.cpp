#include "sim/base/rule.hpp"

#include <fmt/format.h>

#include "sim/base/number.hpp"

namespace optichain::sim {

std::string Rule::range() const {
  const bool lower = min > any_number.min;
  const bool upper = max < any_number.max;
  const char* sign = min_excluded ? ">" : ">=";
  if (lower && upper && !min_excluded) {
    return fmt::format("{} to {}", format_number(min), format_number(max));
  }
  std::string text;
  if (lower) text = fmt::format("{} {}", sign, format_number(min));
  if (upper) text += fmt::format("{}<= {}", lower ? ", " : "", format_number(max));
  return text;
}

std::string Rule::expected(bool whole) const {
  const std::string kind = whole ? "a whole number" : "a number";
  const std::string limits = range();
  if (limits.empty()) return kind;
  return limits.find(" to ") != std::string::npos ? kind + " from " + limits : kind + " " + limits;
}

}  // namespace optichain::sim
