#include "sim/base/rule.hpp"

#include <fmt/format.h>

#include "sim/base/number.hpp"

namespace optichain::sim {

namespace {

/// A limit is there to be read: 1e12 and 0.04167, not 1000000000000 and 0.041666666666666664.
std::string limit(double value) {
  std::string text = format_number(value);
  if (text.size() > 7) text = fmt::format("{:.4g}", value);
  for (const std::string_view zeros : {"e+0", "e+"}) {
    if (const auto at = text.find(zeros); at != std::string::npos) {
      return text.substr(0, at) + "e" + text.substr(at + zeros.size());
    }
  }
  return text;
}

}  // namespace

std::string Rule::limits(bool lower, bool upper) const {
  const char* sign = min_excluded ? ">" : ">=";
  if (lower && upper && !min_excluded) {
    return fmt::format("{} to {}", limit(min), limit(max));
  }
  std::string text;
  if (lower) text = fmt::format("{} {}", sign, limit(min));
  if (upper) text += fmt::format("{}<= {}", lower ? ", " : "", limit(max));
  return text;
}

std::string Rule::range() const {
  return limits(min > any_number.min, max < any_number.max);
}

std::string Rule::expected(bool whole, std::optional<double> received) const {
  const std::string kind = whole ? "a whole number" : "a number";
  const std::string range = limits(min > any_number.min || (received && *received < min),
                                   max < any_number.max || (received && *received > max));
  if (range.empty()) return kind;
  return range.find(" to ") != std::string::npos ? kind + " from " + range : kind + " " + range;
}

}  // namespace optichain::sim
