#include "sim/input/csv.hpp"

#include <algorithm>
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

}  // namespace

std::optional<char> csv_separator(std::string_view text) {
  if (text == "tab" || text == "\\t") return '\t';
  if (text.size() == 1 && known_separators.find(text[0]) != std::string_view::npos) return text[0];
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

}  // namespace optichain::sim
