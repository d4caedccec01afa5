#pragma once
// What a number must satisfy, declared beside the key it belongs to. The reader enforces it, the
// reference page and the JSON Schema print it.

#include <optional>
#include <string>

namespace optichain::sim {

struct Rule {
  double min = -1e15;
  double max = 1e15;
  bool min_excluded = false;
  /// The value is a rate per week, so a curve may also be given as volumes per period.
  bool weekly_rate = false;

  /// "a number from 0 to 1"; `whole` makes it "a whole number ...". Of the limits that any number
  /// has, the one that a received number breaks is named.
  std::string expected(bool whole = false, std::optional<double> received = std::nullopt) const;
  /// "0 to 1", ">= 0", or empty if anything goes.
  std::string range() const;
  bool allows(double value) const {
    return value <= max && (min_excluded ? value > min : value >= min);
  }

 private:
  std::string limits(bool lower, bool upper) const;
};

inline constexpr Rule any_number{};
inline constexpr Rule not_negative{.min = 0};
inline constexpr Rule positive{.min = 0, .min_excluded = true};
inline constexpr Rule share{.min = 0, .max = 1};
/// Pieces, work or money per week.
inline constexpr Rule weekly_rate{.min = 0, .max = 1e12, .weekly_rate = true};
/// Spans of time in days: up to a century, so that no date leaves the calendar.
inline constexpr Rule span_days{.min = 0, .max = 36525};

constexpr Rule between(double min, double max) {
  return {.min = min, .max = max};
}

}  // namespace optichain::sim
