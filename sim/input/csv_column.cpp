#include "sim/input/csv_column.hpp"

#include <memory>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "sim/base/text.hpp"

namespace optichain::sim {
namespace {

struct CsvCell {
  std::string text;
  int line, column;
};

/// Takes one record after the other off a text.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  }

  bool at_end() const { return text_.empty(); }
  /// The fields of the next record, or nothing if a quote is not closed.
  std::optional<std::vector<CsvCell>> record() {
    std::vector<CsvCell> fields;
    while (true) {
      auto field = next_field();
      if (!field) return std::nullopt;
      fields.push_back(std::move(*field));
      if (text_.empty()) return fields;
      const char end = take();
      if (end == ',') continue;
      if (end == '\r' && text_.starts_with('\n')) take();
      ++line_;
      column_ = 1;
      return fields;
    }
  }

 private:
  std::optional<CsvCell> next_field() {
    CsvCell field{{}, line_, column_};
    if (!text_.starts_with('"')) {
      while (!text_.empty() && text_.find_first_of(",\r\n") != 0) field.text += take();
      return field;
    }
    take();
    while (!text_.empty()) {
      const char c = take();
      if (c == '\n') ++line_;
      if (c != '"') {
        field.text += c;
      } else if (text_.starts_with('"')) {
        field.text += take();
      } else {
        return field;
      }
    }
    return std::nullopt;
  }
  char take() {
    const char c = text_.front();
    text_.remove_prefix(1);
    ++column_;
    return c;
  }

  std::string_view text_;
  int line_ = 1, column_ = 1;
};

std::optional<std::size_t> position(const std::vector<CsvCell>& header, const std::string& name) {
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (header[i].text == name) return i;
  }
  return std::nullopt;
}

}  // namespace

Node csv_column(std::string_view text, const std::string& name, const CsvSelection& wanted,
                const std::string& path, Diagnostics& diagnostics) {
  const auto file = std::make_shared<const std::string>(name);
  const auto refuse = [&](int line, int column, const std::string& why,
                          std::vector<std::string> notes = {}) {
    diagnostics.error({file, line, column}, path, why, std::move(notes));
    return Node::list({file, line, column});
  };
  CsvReader reader(text);
  const auto header = reader.record();
  if (!header) return refuse(1, 1, "a quote is not closed");
  std::vector<std::string> known;
  for (const CsvCell& field : *header) known.push_back(field.text);
  const auto find = [&](const std::string& column) {
    const auto found = position(*header, column);
    if (!found) {
      refuse(1, 1, fmt::format("there is no column {}", in_quotes(column)),
             suggestion(column, known, "columns"));
    }
    return found;
  };
  const auto column = find(wanted.column);
  std::vector<std::pair<std::size_t, std::string>> where;
  for (const auto& [key, value] : wanted.where) {
    if (const auto at = find(key)) where.emplace_back(*at, value);
  }
  if (!column || where.size() != wanted.where.size()) return Node::list({file, 1, 1});

  Node list = Node::list({file, 1, 1});
  for (int line = 2; !reader.at_end(); ++line) {
    auto record = reader.record();
    if (!record) return refuse(line, 1, "a quote is not closed");
    if (record->size() == 1 && record->front().text.empty()) continue;  // an empty line
    const CsvCell& first = record->front();
    if (record->size() != header->size()) {
      return refuse(first.line, first.column,
                    fmt::format("expected {} fields as in the first line, received {}",
                                header->size(), record->size()));
    }
    bool fits = true;
    for (const auto& [at, value] : where) fits = fits && (*record)[at].text == value;
    if (!fits) continue;
    CsvCell& field = (*record)[*column];
    list.append(Node::scalar(std::move(field.text), {file, field.line, field.column}));
  }
  if (list.items().empty()) return refuse(1, 1, "no row is asked for, or none fits");
  return list;
}

}  // namespace optichain::sim
