#pragma once
// Time is whole seconds; calendar dates live at the border (input and output).
//
// The standard library's calendar types do the work: Time is an instant, Duration a span, Date a
// day. A Time minus a Time is a Duration, and a Time plus a Time does not compile.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace optichain::sim {

using Time = std::chrono::sys_seconds;
using Duration = std::chrono::seconds;
using Date = std::chrono::sys_days;

inline constexpr std::chrono::days one_day{1};
inline constexpr Duration one_week = std::chrono::weeks{1};

/// A span of calendar time, end excluded.
struct Period {
  Date begin;
  Date end;
  friend bool operator==(const Period&, const Period&) = default;
};

/// `2026`, `2026Q3`, `2026-07` or `2026-07-15`, between the years 1900 and 2200; nothing else.
std::optional<Period> parse_period(std::string_view text);
inline constexpr std::string_view date_forms = "a date (2026-07-15, 2026-07, 2026Q3 or 2026)";

/// "2026-07-15", and "2026-07-15 06:30:00" where the time is not midnight.
std::string format_time(Time time);

/// Whole seconds nearest to a number of days. Requires |days| < 1e9.
Duration days_to_duration(double days);

inline double to_days(Duration duration) {
  return static_cast<double>(duration.count()) / 86400.0;
}
/// A year that is no calendar's: of rates per year, and of times that are given in years.
inline constexpr double days_per_year = 365.25;
/// Rates of scenarios are per week.
inline constexpr double seconds_per_week = 604800;
inline double to_weeks(Duration duration) {
  return static_cast<double>(duration.count()) / seconds_per_week;
}

/// The quarters (`2026Q3`) that overlap [begin, end), first and last cut to fit.
struct NamedPeriod {
  std::string name;
  Time begin;
  Time end;
};
std::vector<NamedPeriod> quarters_between(Time begin, Time end);

}  // namespace optichain::sim
