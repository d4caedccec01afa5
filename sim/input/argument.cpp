#include "sim/input/argument.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "sim/base/diagnostics.hpp"
#include "sim/base/number.hpp"
#include "sim/base/text.hpp"

namespace optichain::sim {
namespace {

/// All of the text as digits; nothing if it is none, or too large to be held.
std::optional<std::uint64_t> plain_digits(std::string_view text) {
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  return value;
}

/// The number that who wrote it otherwise may have meant: ` 2`, `010`, `1e3`.
std::optional<std::uint64_t> meant(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return std::nullopt;
  text = text.substr(first, text.find_last_not_of(blanks) - first + 1);
  const auto number = parse_number(text);
  constexpr double exactly_known = 9e15;
  if (!number || *number < 0 || *number > exactly_known || *number != std::floor(*number)) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(*number);
}

}  // namespace

Typed<std::uint64_t> read_whole_number(std::string_view text, std::uint64_t low,
                                       std::uint64_t high) {
  const auto fits = [&](const std::optional<std::uint64_t>& n) {
    return n && *n >= low && *n <= high;
  };
  const auto number = plain_digits(text);
  const bool zero_before = text.size() > 1 && text[0] == '0';
  if (fits(number) && !zero_before) return {number, {}};
  std::string problem =
      fmt::format("expected a whole number from {} to {}, received {}", low, high, in_quotes(text));
  const auto other = meant(text);
  if (fits(other)) problem += fmt::format("; if {} is meant, write it so", *other);
  return {std::nullopt, std::move(problem)};
}

Typed<double> read_number(std::string_view text, const Rule& rule) {
  const auto number = parse_number(text);
  if (number && rule.allows(*number)) return {number, {}};
  return {std::nullopt,
          fmt::format("expected {}, received {}", rule.expected(false, number), in_quotes(text))};
}

Typed<Period> read_period(std::string_view text) {
  const auto period = parse_period(text);
  if (period) return {period, {}};
  return {std::nullopt, fmt::format("expected {}, received {}", date_forms, in_quotes(text))};
}

Typed<std::string> read_name(std::string_view text) {
  if (text.empty()) return {std::nullopt, "expected a name, received an empty text"};
  if (text.front() == '-') {
    return {std::nullopt, fmt::format("expected a name, received {}; a file of that name is ./{}",
                                      in_quotes(text), printable(text))};
  }
  return {std::string(text), {}};
}

}  // namespace optichain::sim
