// Numbers as people and spreadsheets write them, and how they are found out: with decimals after a
// point or a comma, and thousands apart or not.
#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "sim/base/text.hpp"
#include "sim/input/csv.hpp"

namespace optichain::sim {
namespace {

/// What a text says of the mark before its decimals.
enum class Decimals {
  no_number,
  none,       // a number without marks
  point,      // only a point fits
  comma,      // only a comma fits
  one_point,  // `1.500`: decimals after a point, or thousands before a comma
  one_comma   // `1,500`: the other way round
};

/// Takes off blanks on both sides, spreadsheets' unbreakable ones too.
std::string_view trimmed(std::string_view text) {
  constexpr std::array<std::string_view, 4> blanks = {" ", "\t", "\xc2\xa0", "\xe2\x80\xaf"};
  for (bool more = true; more;) {
    more = false;
    for (const std::string_view blank : blanks) {
      if (text.starts_with(blank)) {
        text.remove_prefix(blank.size());
        more = true;
      }
      if (text.ends_with(blank)) {
        text.remove_suffix(blank.size());
        more = true;
      }
    }
  }
  return text;
}

/// Groups of thousands separated by blanks or apostrophes, which no decimals are separated with,
/// are put together: `1 500,25` becomes `1500,25`. Nothing where the groups are none of three
/// digits.
std::optional<std::string> without_blank_groups(std::string_view text) {
  constexpr std::array<std::string_view, 5> marks = {" ", "\xc2\xa0", "\xe2\x80\xaf", "'",
                                                     "\xe2\x80\x99"};
  std::string joined;
  std::optional<std::string_view> used;
  std::size_t digits = 0;  // since the beginning or the last mark
  bool whole = true;       // before the decimals
  while (!text.empty()) {
    const auto mark = std::find_if(marks.begin(), marks.end(),
                                   [&](std::string_view m) { return text.starts_with(m); });
    if (mark != marks.end()) {
      const bool fits =
          whole && (used ? *used == *mark && digits == 3 : digits >= 1 && digits <= 3);
      if (!fits) return std::nullopt;
      used = *mark;
      digits = 0;
      text.remove_prefix(mark->size());
      continue;
    }
    const char c = text.front();
    if (is_digit(c)) {
      ++digits;
    } else {
      if (used && whole && digits != 3) return std::nullopt;
      whole = whole && (c == '-' || c == '+');
    }
    joined += c;
    text.remove_prefix(1);
  }
  if (used && whole && digits != 3) return std::nullopt;
  return joined;
}

Decimals decimals_in(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t exponent = text.find_first_of("eE");
  std::string_view mantissa = text.substr(0, exponent);
  if (exponent != std::string_view::npos) {
    std::string_view power = text.substr(exponent + 1);
    if (power.starts_with('-') || power.starts_with('+')) power.remove_prefix(1);
    if (power.empty() || !std::all_of(power.begin(), power.end(), is_digit))
      return Decimals::no_number;
  }
  // the digits between the marks, and the marks
  std::vector<std::string_view> groups;
  std::string marks;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= mantissa.size(); ++i) {
    if (i < mantissa.size() && is_digit(mantissa[i])) continue;
    groups.push_back(mantissa.substr(begin, i - begin));
    begin = i + 1;
    if (i == mantissa.size()) break;
    if (mantissa[i] != '.' && mantissa[i] != ',') return Decimals::no_number;
    marks += mantissa[i];
  }
  if (marks.empty()) return groups[0].empty() ? Decimals::no_number : Decimals::none;
  const auto by = [](char mark) { return mark == '.' ? Decimals::point : Decimals::comma; };
  const char last = marks.back();
  /// Whether the first so many groups are thousands: 1 to 3 digits not from 0, then 3 each.
  const auto thousands = [&](std::size_t count) {
    if (groups[0].empty() || groups[0].size() > 3 || groups[0][0] == '0') return false;
    return std::all_of(groups.begin() + 1, groups.begin() + static_cast<std::ptrdiff_t>(count),
                       [](std::string_view g) { return g.size() == 3; });
  };
  const std::size_t same = marks.find_first_not_of(marks.front());
  if (marks.size() == 1) {
    if (groups[0].empty() && groups[1].empty()) return Decimals::no_number;
    if (!thousands(2) || exponent != std::string_view::npos) return by(last);
    return last == '.' ? Decimals::one_point : Decimals::one_comma;
  }
  if (same == std::string::npos) {  // 1.500.000
    if (!thousands(groups.size()) || exponent != std::string_view::npos) return Decimals::no_number;
    return by(last == '.' ? ',' : '.');
  }
  if (same != marks.size() - 1 || !thousands(groups.size() - 1)) return Decimals::no_number;
  return by(last);  // 1.500,25
}

/// A number in a cell, without blanks.
struct Written {
  std::string text;
  Decimals decimals;
};

std::optional<Written> number_in(const CsvCell& cell) {
  auto joined = without_blank_groups(trimmed(cell.text));
  if (!joined) return std::nullopt;
  const Decimals decimals = decimals_in(*joined);
  if (decimals == Decimals::no_number) return std::nullopt;
  return Written{std::move(*joined), decimals};
}

/// In plain notation.
std::string plain(const Written& number, char decimal) {
  std::string text;
  for (const char c : number.text) {
    if (c == decimal) {
      text += '.';
    } else if (c != '.' && c != ',') {
      text += c;
    }
  }
  return text;
}

/// The first cell of some columns that shows each.
class Shown {
 public:
  Shown(const CsvTable& table, std::span<const std::size_t> columns) {
    for (const auto& row : table.rows) {
      for (const std::size_t c : columns) {
        const auto number = number_in(row[c]);
        if (number) first_.try_emplace(number->decimals, &row[c]);
      }
    }
  }
  const CsvCell* operator[](Decimals decimals) const {
    const auto found = first_.find(decimals);
    return found == first_.end() ? nullptr : found->second;
  }

 private:
  std::map<Decimals, const CsvCell*> first_;
};

}  // namespace

std::optional<char> csv_decimal(std::string_view text) {
  if (text == "." || text == ",") return text[0];
  return std::nullopt;
}

void plain_numbers(CsvTable& table, std::span<const std::size_t> columns, const std::string& path,
                   Diagnostics& diagnostics) {
  std::optional<char> decimal = table.decimal;
  const auto refuse = [&](const CsvCell& cell, std::string why) {
    diagnostics.error(table.mark(cell), path, std::move(why),
                      {"say with `decimal` (`--decimal` of a command) whether a point or a comma "
                       "stands before decimals"});
  };
  const Shown shown(table, columns);
  if (!decimal) {
    const CsvCell* point = shown[Decimals::point];
    const CsvCell* comma = shown[Decimals::comma];
    if (point && comma) {
      const bool comma_first =
          std::pair(comma->line, comma->column) < std::pair(point->line, point->column);
      const CsvCell& first = comma_first ? *comma : *point;
      const CsvCell& other = comma_first ? *point : *comma;
      return refuse(other, fmt::format("{} has its decimals after a {}, but {} at {} after a {}",
                                       in_quotes(other.text), comma_first ? "point" : "comma",
                                       in_quotes(first.text), table.mark(first).text(),
                                       comma_first ? "comma" : "point"));
    }
    if (point) decimal = '.';
    if (comma) decimal = ',';
  }
  const CsvCell* one_point = shown[Decimals::one_point];
  const CsvCell* one_comma = shown[Decimals::one_comma];
  if (!decimal && (one_comma || one_point)) {
    std::vector<std::size_t> all(table.header.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    const Shown anywhere(table, all);
    if (anywhere[Decimals::point] && !anywhere[Decimals::comma]) decimal = '.';
    if (anywhere[Decimals::comma] && !anywhere[Decimals::point]) decimal = ',';
  }
  if (!decimal && (one_comma || (one_point && table.separator != ','))) {
    const CsvCell& cell = one_comma ? *one_comma : *one_point;
    const Written number = *number_in(cell);
    const auto [mark, other] = one_comma ? std::pair(',', '.') : std::pair('.', ',');
    return refuse(cell, fmt::format("{} may be {} or {}", in_quotes(trimmed(cell.text)),
                                    plain(number, mark), plain(number, other)));
  }
  // without any decimals it makes no difference
  const char mark = decimal.value_or('.');
  // what is no number that way stays, and is an error where a number is wanted
  for (auto& row : table.rows) {
    for (const std::size_t c : columns) {
      const auto number = number_in(row[c]);
      if (!number) continue;
      const bool other = (number->decimals == Decimals::point && mark == ',') ||
                         (number->decimals == Decimals::comma && mark == '.');
      if (!other) row[c].text = plain(*number, mark);
    }
  }
}

}  // namespace optichain::sim
