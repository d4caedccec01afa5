#include "sim/input/csv.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/base/text.hpp"
#include "sim/input/yaml_text.hpp"

namespace optichain::sim {
namespace {

constexpr std::string_view known_separators = ",;\t";

std::string in_words(char separator) {
  return separator == '\t' ? "tab" : fmt::format("`{}`", separator);
}

// --- encodings ---------------------------------------------------------------------------------

void append_utf8(std::string& text, char32_t code) {
  const auto byte = [&](char32_t value) { text += static_cast<char>(value); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xc0 | code >> 6);
    byte(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    byte(0xe0 | code >> 12);
    byte(0x80 | (code >> 6 & 0x3f));
    byte(0x80 | (code & 0x3f));
  } else {
    byte(0xf0 | code >> 18);
    byte(0x80 | (code >> 12 & 0x3f));
    byte(0x80 | (code >> 6 & 0x3f));
    byte(0x80 | (code & 0x3f));
  }
}

/// Nothing if half a character is left over somewhere.
std::optional<std::string> utf8_from_utf16(std::string_view bytes, bool little_endian) {
  if (bytes.size() % 2 != 0) return std::nullopt;
  const auto unit = [&](std::size_t i) -> char32_t {
    const auto first = static_cast<unsigned char>(bytes[i]);
    const auto second = static_cast<unsigned char>(bytes[i + 1]);
    return little_endian ? first | second << 8 : first << 8 | second;
  };
  const auto is_high = [](char32_t u) { return u >= 0xd800 && u < 0xdc00; };
  const auto is_low = [](char32_t u) { return u >= 0xdc00 && u < 0xe000; };
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    char32_t code = unit(i);
    if (is_low(code)) return std::nullopt;
    if (is_high(code)) {
      i += 2;
      if (i == bytes.size() || !is_low(unit(i))) return std::nullopt;
      code = 0x10000 + ((code - 0xd800) << 10) + (unit(i) - 0xdc00);
    }
    append_utf8(text, code);
  }
  return text;
}

/// The text as UTF-8 without a byte order mark; nothing, and an error, if it is none.
std::optional<std::string> decode(std::string_view bytes, const Mark& file, const std::string& path,
                                  Diagnostics& diagnostics) {
  const bool little = bytes.starts_with("\xff\xfe"), big = bytes.starts_with("\xfe\xff");
  std::string text(bytes.substr(bytes.starts_with("\xef\xbb\xbf") ? 3 : 0));
  if (little || big) {
    auto decoded = utf8_from_utf16(bytes.substr(2), little);
    if (!decoded) {
      diagnostics.error(file, path, "the file begins as UTF-16 does, but is none",
                        {"save the file as UTF-8"});
      return std::nullopt;
    }
    text = std::move(*decoded);
  }
  Diagnostics found;
  if (check_characters(text, file, found)) return text;
  for (const Diagnostic& e : found.errors()) {
    std::vector<std::string> notes = e.notes;
    if (e.message.find("zero byte") != std::string::npos)
      notes = {"UTF-16 is read if it begins with a byte order mark; or save the file as UTF-8"};
    diagnostics.error(e.mark, path, e.message, std::move(notes));
  }
  return std::nullopt;
}

// --- records -----------------------------------------------------------------------------------

struct CsvMistake {
  int line, column;
  std::string what;
  std::vector<std::string> notes;
};

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

/// Takes one record after the other off a text.
class RecordReader {
 public:
  RecordReader(std::string_view text, int line, char separator)
      : text_(text), line_(line), separator_(separator) {}

  bool at_end() const { return at_ == text_.size(); }
  /// The cells of the next record; empty for an empty line. Nothing if something is wrong with it.
  std::optional<std::vector<CsvCell>> record() {
    std::vector<CsvCell> cells;
    const std::size_t begin = at_;
    while (true) {
      if (!read_cell(cells.emplace_back())) return std::nullopt;
      if (at_ < text_.size() && text_[at_] == separator_) {
        ++at_;
        continue;
      }
      const std::string_view record = text_.substr(begin, at_ - begin);
      const bool nothing =
          std::all_of(record.begin(), record.end(), [this](char c) { return is_blank_here(c); });
      if (nothing) cells.clear();
      end_line();
      return cells;
    }
  }
  const CsvMistake& mistake() const { return mistake_; }

 private:
  int column() const { return 1 + static_cast<int>(at_ - line_begin_); }
  bool is_blank_here(char c) const { return is_blank(c) && c != separator_; }
  void skip_blanks() {
    while (at_ < text_.size() && is_blank_here(text_[at_])) ++at_;
  }
  bool at_end_of_cell() const {
    return at_ == text_.size() || text_[at_] == separator_ || text_[at_] == '\n' ||
           text_[at_] == '\r';
  }
  void end_line() {
    if (at_ == text_.size()) return;
    const bool both = text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
    at_ += both ? 2 : 1;
    begin_line();
  }
  void begin_line() {
    ++line_;
    line_begin_ = at_;
  }
  bool refuse(int line, int column, std::string what, std::vector<std::string> notes = {}) {
    mistake_ = {line, column, std::move(what), std::move(notes)};
    return false;
  }

  bool read_cell(CsvCell& cell) {
    skip_blanks();
    cell.line = line_;
    cell.column = column();
    if (at_ < text_.size() && text_[at_] == '"') return read_quoted(cell);
    const std::size_t begin = at_;
    while (!at_end_of_cell()) {
      if (text_[at_] == '"') {
        return refuse(line_, column(), "a quote within a cell that does not begin with one",
                      {"put the cell in quotes, and write each quote within it twice"});
      }
      ++at_;
    }
    std::size_t end = at_;
    while (end > begin && is_blank_here(text_[end - 1])) --end;
    cell.text = text_.substr(begin, end - begin);
    return true;
  }
  bool read_quoted(CsvCell& cell) {
    ++at_;
    while (true) {
      // a part without a quote or a line break at a time
      const std::size_t end = text_.find_first_of("\"\r\n", at_);
      if (end == std::string_view::npos)
        return refuse(cell.line, cell.column, "a quote is not closed");
      cell.text += text_.substr(at_, end - at_);
      at_ = end + 1;
      if (text_[end] != '"') {
        cell.text += text_[end];
        if (text_[end] == '\n' || at_ == text_.size() || text_[at_] != '\n') begin_line();
        continue;
      }
      if (at_ == text_.size() || text_[at_] != '"') break;
      cell.text += '"';
      ++at_;
    }
    skip_blanks();
    if (at_end_of_cell()) return true;
    const std::size_t begin = at_;
    const int here = column();
    while (!at_end_of_cell()) ++at_;
    return refuse(line_, here,
                  fmt::format("expected {} or the end of the line behind the quote, received {}",
                              in_words(separator_), in_quotes(text_.substr(begin, at_ - begin))));
  }

  std::string_view text_;
  std::size_t at_ = 0, line_begin_ = 0;
  int line_;
  char separator_;
  CsvMistake mistake_{};
};

/// Header and rows with this separator, and the first thing that is wrong with them.
struct Records {
  std::vector<CsvCell> header;
  std::vector<std::vector<CsvCell>> rows;
  std::optional<CsvMistake> mistake;
};

Records read_records(std::string_view text, int line, char separator) {
  Records records;
  RecordReader reader(text, line, separator);
  while (!reader.at_end()) {
    auto record = reader.record();
    if (!record) {
      records.mistake = reader.mistake();
      return records;
    }
    if (record->empty()) continue;
    if (records.header.empty()) {
      records.header = std::move(*record);
      continue;
    }
    const std::size_t wanted = records.header.size(), received = record->size();
    if (received != wanted) {
      // the first cell too many, or where the row begins
      const CsvCell& at = received > wanted ? (*record)[wanted] : record->front();
      std::vector<std::string> notes;
      if (received > wanted && separator == ',')
        notes = {"a number with a comma in it stands in quotes, or between other separators"};
      records.mistake =
          CsvMistake{at.line, at.column,
                     fmt::format("expected {} field{} as in the first line, received {}", wanted,
                                 wanted == 1 ? "" : "s", received),
                     std::move(notes)};
      return records;
    }
    records.rows.push_back(std::move(*record));
  }
  return records;
}

/// Which of the separators stand in the first line, outside of quotes.
std::string separators_in_header(std::string_view text) {
  std::string found;
  bool quoted = false, any = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n' || c == '\r') {
      if (any) break;
      found.clear();  // of an empty line
      continue;
    }
    any = any || !is_blank(c);
    const bool separates = known_separators.find(c) != std::string_view::npos;
    if (separates && found.find(c) == std::string::npos) found += c;
  }
  return found;
}

/// The separator of a first line `sep=;`, which is taken off the text.
std::optional<char> take_sep_line(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
  std::string_view line = text.substr(0, end);
  if (line.size() > 2 && line.front() == '"' && line.back() == '"')
    line = line.substr(1, line.size() - 2);
  if (!line.starts_with("sep=") || line.size() != 5) return std::nullopt;
  const char separator = line[4];
  const bool both = text.substr(end).starts_with("\r\n");
  text.remove_prefix(std::min(text.size(), end + (both ? 2 : 1)));
  return separator;
}

// --- numbers -----------------------------------------------------------------------------------

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

/// What the cells of some columns show.
struct Shown {
  const CsvCell* point = nullptr;
  const CsvCell* comma = nullptr;
  const CsvCell* one_point = nullptr;
  const CsvCell* one_comma = nullptr;
};

Shown shown_in(const CsvTable& table, std::span<const std::size_t> columns) {
  Shown shown;
  const auto keep = [](const CsvCell*& first, const CsvCell& cell) {
    if (!first) first = &cell;
  };
  for (const auto& row : table.rows) {
    for (const std::size_t c : columns) {
      const auto joined = without_blank_groups(trimmed(row[c].text));
      if (!joined) continue;
      switch (decimals_in(*joined)) {
        case Decimals::no_number:
        case Decimals::none:
          break;
        case Decimals::point:
          keep(shown.point, row[c]);
          break;
        case Decimals::comma:
          keep(shown.comma, row[c]);
          break;
        case Decimals::one_point:
          keep(shown.one_point, row[c]);
          break;
        case Decimals::one_comma:
          keep(shown.one_comma, row[c]);
          break;
      }
    }
  }
  return shown;
}

/// The number in plain notation; the text itself if it is none with this decimal mark.
std::string plain_number(const std::string& text, char decimal) {
  const auto joined = without_blank_groups(trimmed(text));
  if (!joined) return text;
  const Decimals decimals = decimals_in(*joined);
  if (decimals == Decimals::no_number) return text;
  std::string plain;
  for (const char c : *joined) {
    if (c == decimal) {
      plain += '.';
    } else if (c != '.' && c != ',') {
      plain += c;
    }
  }
  return plain;
}

}  // namespace

std::optional<char> csv_separator(std::string_view text) {
  if (text == "tab" || text == "\\t") return '\t';
  if (text.size() == 1 && known_separators.find(text[0]) != std::string_view::npos) return text[0];
  return std::nullopt;
}

std::optional<char> csv_decimal(std::string_view text) {
  if (text == "." || text == ",") return text[0];
  return std::nullopt;
}

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (header[i].text == name) return i;
  }
  return std::nullopt;
}

std::vector<std::string> CsvTable::names() const {
  std::vector<std::string> names;
  for (const CsvCell& cell : header) names.push_back(cell.text);
  return names;
}

std::optional<CsvTable> read_csv(std::string_view bytes, const std::string& name,
                                 const CsvFormat& format, const std::string& path,
                                 Diagnostics& diagnostics) {
  CsvTable table;
  table.file = std::make_shared<const std::string>(name);
  table.decimal = format.decimal;
  const auto refuse = [&](int line, int column, std::string why, std::vector<std::string> notes) {
    diagnostics.error({table.file, line, column}, path, std::move(why), std::move(notes));
    return std::nullopt;
  };
  const auto decoded = decode(bytes, {table.file, 1, 1}, path, diagnostics);
  if (!decoded) return std::nullopt;
  std::string_view text = *decoded;
  int line = 1;
  const auto announced = take_sep_line(text);
  if (announced) ++line;
  if (announced && known_separators.find(*announced) == std::string_view::npos) {
    return refuse(1, 1,
                  fmt::format("expected {} between cells, received {}", csv_separators,
                              in_quotes(std::string(1, *announced))),
                  {});
  }

  std::optional<Records> records;
  if (format.separator || announced) {
    table.separator = format.separator ? *format.separator : *announced;
  } else {
    const std::string candidates = separators_in_header(text);
    if (!candidates.empty()) table.separator = candidates.front();
    if (candidates.size() > 1) {
      // more than one could be meant: that with which every row is as long as the header
      std::string fitting;
      for (const char candidate : candidates) {
        Records read = read_records(text, line, candidate);
        if (read.mistake || read.header.size() < 2) continue;
        fitting += candidate;
        if (!records) records = std::move(read);
      }
      if (fitting.size() != 1) {
        std::vector<std::string> words;
        for (const char candidate : candidates) words.push_back(in_words(candidate));
        return refuse(line, 1,
                      fmt::format("it is not clear what separates the cells: {} stand in the first "
                                  "line, and {} of them make all rows as long as it",
                                  fmt::join(words, " and "), fitting.empty() ? "none" : "more"),
                      {"say it with `separator` (`--separator` of a command), or a first line such "
                       "as sep=;"});
      }
      table.separator = fitting.front();
    }
  }
  if (!records) records = read_records(text, line, table.separator);
  if (auto& m = records->mistake) return refuse(m->line, m->column, m->what, std::move(m->notes));
  table.header = std::move(records->header);
  table.rows = std::move(records->rows);

  bool good = true;
  std::map<std::string_view, const CsvCell*> seen;
  for (const CsvCell& cell : table.header) {
    if (cell.text.empty()) continue;  // nobody can ask for it
    const auto [first, is_new] = seen.try_emplace(cell.text, &cell);
    if (is_new) continue;
    good = false;
    diagnostics.error(table.mark(cell), path,
                      fmt::format("there are two columns {}", in_quotes(cell.text)),
                      {fmt::format("the first at {}", table.mark(*first->second).text())});
  }
  if (!good) return std::nullopt;
  return table;
}

void plain_numbers(CsvTable& table, std::span<const std::size_t> columns, const std::string& path,
                   Diagnostics& diagnostics) {
  std::optional<char> decimal = table.decimal;
  const auto refuse = [&](const CsvCell& cell, std::string why) {
    diagnostics.error(table.mark(cell), path, std::move(why),
                      {"say with `decimal` (`--decimal` of a command) whether a point or a comma "
                       "stands before decimals"});
  };
  const Shown shown = shown_in(table, columns);
  if (!decimal) {
    if (shown.point && shown.comma) {
      const bool comma_first = std::pair(shown.comma->line, shown.comma->column) <
                               std::pair(shown.point->line, shown.point->column);
      const CsvCell& first = comma_first ? *shown.comma : *shown.point;
      const CsvCell& other = comma_first ? *shown.point : *shown.comma;
      return refuse(other, fmt::format("{} has its decimals after a {}, but {} at {} after a {}",
                                       in_quotes(other.text), comma_first ? "point" : "comma",
                                       in_quotes(first.text), table.mark(first).text(),
                                       comma_first ? "comma" : "point"));
    }
    if (shown.point) decimal = '.';
    if (shown.comma) decimal = ',';
  }
  if (!decimal && (shown.one_comma || shown.one_point)) {
    std::vector<std::size_t> all(table.header.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    const Shown anywhere = shown_in(table, all);
    if (anywhere.point && !anywhere.comma) decimal = '.';
    if (anywhere.comma && !anywhere.point) decimal = ',';
  }
  if (!decimal && (shown.one_comma || (shown.one_point && table.separator != ','))) {
    const CsvCell& cell = shown.one_comma ? *shown.one_comma : *shown.one_point;
    const char mark = shown.one_comma ? ',' : '.';
    const std::string text(trimmed(cell.text));
    return refuse(cell, fmt::format("{} may be {} or {}", in_quotes(text), plain_number(text, mark),
                                    plain_number(text, mark == ',' ? '.' : ',')));
  }
  // without any decimals it makes no difference
  const char mark = decimal.value_or('.');
  // what is no number that way stays, and is an error where a number is wanted
  for (auto& row : table.rows) {
    for (const std::size_t c : columns) {
      const auto joined = without_blank_groups(trimmed(row[c].text));
      if (!joined) continue;
      const Decimals decimals = decimals_in(*joined);
      const bool other = (decimals == Decimals::point && mark == ',') ||
                         (decimals == Decimals::comma && mark == '.');
      if (!other) row[c].text = plain_number(row[c].text, mark);
    }
  }
}

}  // namespace optichain::sim
