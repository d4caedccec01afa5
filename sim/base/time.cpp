#include "sim/base/time.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "sim/base/check.hpp"

namespace optichain::sim {
namespace {

using std::chrono::month;
using std::chrono::year;
using std::chrono::year_month_day;

/// All of `text` as digits, exactly `width` of them.
std::optional<int> digits(std::string_view text, std::size_t width) {
  if (text.size() != width) return std::nullopt;
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Date first_of(int y, unsigned m) {
  return Date{year{y} / month{m} / std::chrono::day{1}};
}

Date first_of_next(int y, unsigned m) {
  return m == 12 ? first_of(y + 1, 1) : first_of(y, m + 1);
}

}  // namespace

std::optional<Period> parse_period(std::string_view text) {
  const auto y = digits(text.substr(0, std::min<std::size_t>(4, text.size())), 4);
  if (!y || *y < 1900 || *y > 2200) return std::nullopt;
  const std::string_view rest = text.substr(4);
  if (rest.empty()) return Period{first_of(*y, 1), first_of(*y + 1, 1)};

  if (rest.size() == 2 && rest[0] == 'Q') {
    if (rest[1] < '1' || rest[1] > '4') return std::nullopt;
    const unsigned m = static_cast<unsigned>(rest[1] - '1') * 3 + 1;
    return Period{first_of(*y, m), first_of_next(*y, m + 2)};
  }
  if (rest[0] != '-' || rest.size() < 3) return std::nullopt;
  const auto m = digits(rest.substr(1, 2), 2);
  if (!m || *m < 1 || *m > 12) return std::nullopt;
  const unsigned mm = static_cast<unsigned>(*m);
  if (rest.size() == 3) return Period{first_of(*y, mm), first_of_next(*y, mm)};

  if (rest.size() != 6 || rest[3] != '-') return std::nullopt;
  const auto d = digits(rest.substr(4, 2), 2);
  if (!d) return std::nullopt;
  const year_month_day ymd = year{*y} / month{mm} / std::chrono::day{static_cast<unsigned>(*d)};
  if (!ymd.ok()) return std::nullopt;
  return Period{Date{ymd}, Date{ymd} + one_day};
}

std::string format_time(Time time) {
  const Date date = std::chrono::floor<std::chrono::days>(time);
  const year_month_day ymd{date};
  std::string text =
      fmt::format("{:04}-{:02}-{:02}", static_cast<int>(ymd.year()),
                  static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()));
  const auto second = (time - date).count();
  if (second != 0) {
    text += fmt::format(" {:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
  }
  return text;
}

Duration days_to_duration(double days) {
  OPTICHAIN_CHECK(std::fabs(days) < 1e9, "{} days is not a sane span", days);
  return Duration{std::llround(days * 86400.0)};
}

std::vector<NamedPeriod> quarters_between(Time begin, Time end) {
  std::vector<NamedPeriod> quarters;
  const year_month_day first{std::chrono::floor<std::chrono::days>(begin)};
  int y = static_cast<int>(first.year());
  unsigned q = (static_cast<unsigned>(first.month()) - 1) / 3;
  while (true) {
    const Time quarter_begin = first_of(y, q * 3 + 1);
    const Time quarter_end = first_of_next(y, q * 3 + 3);
    if (quarter_begin >= end) break;
    quarters.push_back({fmt::format("{}Q{}", y, q + 1), std::max(begin, quarter_begin),
                        std::min(end, quarter_end)});
    if (++q == 4) {
      q = 0;
      ++y;
    }
  }
  return quarters;
}

}  // namespace optichain::sim
