#include "sim/output/table.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "sim/base/check.hpp"
#include "sim/base/number.hpp"
#include "sim/base/overloaded.hpp"
#include "sim/base/text.hpp"
#include "sim/output/csv.hpp"

namespace optichain::sim {
namespace {

constexpr std::string_view unknown = "-";
constexpr std::size_t gap = 2;  // columns between columns

/// A line of text cells side by side.
class TextLine {
 public:
  void add(std::string_view text, std::size_t width, bool right, Colour colour) {
    const std::size_t own = display_width(text);
    const std::size_t padding = width > own ? width - own : 0;
    // what is due before this cell waits, so that a line never ends with spaces
    if (right) due_ += padding;
    if (!text.empty()) {
      out_.append(due_, ' ');
      out_ += paint(text, colour);
      due_ = 0;
    } else {
      due_ += own;
    }
    due_ += gap + (right ? 0 : padding);
  }
  std::string text() { return out_ + '\n'; }

 private:
  std::string out_;
  std::size_t due_ = 0;
};

}  // namespace

Cell::Cell(double number) {
  if (std::isfinite(number)) *this = number_shown_as(number, format_short(number));
}

Cell Cell::number_shown_as(double number, std::string shown) {
  Cell cell;
  if (!std::isfinite(number)) return cell;
  cell.value_ = number;
  cell.shown_ = std::move(shown);
  return cell;
}

Cell Cell::percent(double share) {
  return number_shown_as(share, fmt::format("{:.1f} %", share * 100));
}

Cell Cell::fixed(double number, int decimals) {
  return number_shown_as(number, fmt::format("{:.{}f}", number, decimals));
}

Cell Cell::in(Colour colour) const {
  Cell cell = *this;
  cell.colour_ = colour;
  return cell;
}

std::string Cell::shown() const {
  std::string text =
      std::visit(Overloaded{[](std::monostate) { return std::string(unknown); },
                            [](const std::string& s) { return s; }, [&](double) { return shown_; },
                            [](auto whole) { return fmt::format("{}", whole); }},
                 value_);
  std::string printable;
  for (std::size_t i = 0; i < text.size();) {
    const auto character = first_character(std::string_view(text).substr(i));
    const std::size_t bytes = character ? character->bytes : 1;
    printable += character && is_control(character->code) ? " " : text.substr(i, bytes);
    i += bytes;
  }
  return printable;
}

Table& Table::title(std::string text) {
  title_ = std::move(text);
  return *this;
}

Table& Table::footer(std::string text) {
  footer_ = std::move(text);
  return *this;
}

void Table::add(std::vector<Cell> row) {
  OPTICHAIN_CHECK(row.size() == columns_.size(), "{} cells under {} columns", row.size(),
                  columns_.size());
  rows_.push_back(std::move(row));
}

std::string Table::text(bool colour) const {
  const auto heading = [&](std::size_t c) -> const std::string& {
    return columns_[c].heading.empty() ? columns_[c].key : columns_[c].heading;
  };
  std::vector<std::size_t> widths;
  std::vector<bool> right;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    std::size_t width = display_width(heading(c));
    bool numbers = false, texts = false;
    for (const auto& row : rows_) {
      const std::string shown = row[c].shown();
      width = std::max(width, display_width(shown));
      const bool is_text = std::holds_alternative<std::string>(row[c].value());
      texts = texts || is_text;
      numbers = numbers || (!is_text && !std::holds_alternative<std::monostate>(row[c].value()));
    }
    widths.push_back(width);
    right.push_back(numbers && !texts);
  }

  std::string out = title_.empty() ? "" : title_ + "\n\n";
  TextLine head, rule;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    head.add(heading(c), widths[c], right[c], colour ? Colour::bold : Colour::none);
    rule.add(std::string(widths[c], '-'), widths[c], false, colour ? Colour::grey : Colour::none);
  }
  out += head.text() + rule.text();
  for (const auto& row : rows_) {
    TextLine line;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      line.add(row[c].shown(), widths[c], right[c], colour ? row[c].colour() : Colour::none);
    }
    out += line.text();
  }
  if (!footer_.empty()) out += "\n" + footer_ + "\n";
  return out;
}

std::string Table::csv() const {
  std::string out;
  std::vector<std::string> keys;
  for (const Column& column : columns_) keys.push_back(column.key);
  CsvWriter writer([&](std::string_view text) { out += text; }, keys);
  for (const auto& row : rows_) {
    for (const Cell& cell : row) {
      std::visit(Overloaded{[&](std::monostate) { writer.field(""); },
                            [&](const auto& value) { writer.field(value); }},
                 cell.value());
    }
    writer.end_row();
  }
  return out;
}

Json Table::json() const {
  Json rows = Json::array();
  for (const auto& row : rows_) {
    Json object = Json::object();
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      object[columns_[c].key] =
          std::visit(Overloaded{[](std::monostate) { return Json(nullptr); },
                                [](const auto& value) { return Json(value); }},
                     row[c].value());
    }
    rows.push_back(std::move(object));
  }
  return rows;
}

std::string Table::as(Format format, bool colour) const {
  switch (format) {
    case Format::table:
      return text(colour);
    case Format::csv:
      return csv();
    case Format::json:
      return json_text(json()) + "\n";
  }
  return {};
}

}  // namespace optichain::sim
