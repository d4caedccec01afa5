#pragma once
// A table that is shown in three ways: as text for people, as CSV and as JSON with every digit.
//
//   Table table({{"policy"}, {"fill_rate", "fill rate"}, {"runs"}});
//   table.add({"base", Cell::percent(0.934), 200});
//   table.text();   // policy  fill rate  runs
//                   // ------  ---------  ----
//                   // base       93.4 %   200
//   table.csv();    // policy,fill_rate,runs
//                   // base,0.934,200

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "sim/output/json.hpp"
#include "sim/output/terminal.hpp"

namespace optichain::sim {

template <class T>
concept WholeNumber = std::integral<T> && !std::same_as<T, bool>;

/// One value and how it is shown. Cells are made from texts and numbers; a default one is unknown.
class Cell {
 public:
  Cell() = default;
  Cell(std::string text) : value_(std::move(text)) {}         // NOLINT: a text is a cell
  Cell(std::string_view text) : value_(std::string(text)) {}  // NOLINT
  Cell(const char* text) : value_(std::string(text)) {}       // NOLINT
  /// Shown with three significant digits; one that is not finite is unknown.
  Cell(double number);  // NOLINT
  /// Shown in full.
  template <WholeNumber T>
  Cell(T whole) : value_(std::in_place_type<Widest<T>>, whole) {}  // NOLINT
  /// A share, shown as `93.4 %`.
  static Cell percent(double share);
  /// A number shown with so many decimals.
  static Cell fixed(double number, int decimals);

  Cell in(Colour colour) const;

  using Value = std::variant<std::monostate, std::string, double, std::int64_t, std::uint64_t>;
  const Value& value() const { return value_; }
  Colour colour() const { return colour_; }
  /// For people, on one line: control characters become spaces.
  std::string shown() const;

 private:
  template <class T>
  using Widest = std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>;
  static Cell number_shown_as(double number, std::string shown);

  Value value_;
  std::string shown_;  // where it differs from the value as it is
  Colour colour_ = Colour::none;
};

enum class Format { table, json, csv };

class Table {
 public:
  struct Column {
    std::string key;           // in CSV and JSON
    std::string heading = {};  // for people; the key if empty
  };
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// Lines above and below the table, for people only.
  Table& title(std::string text);
  Table& footer(std::string text);

  /// Requires: one cell for each column.
  void add(std::vector<Cell> row);
  bool empty() const { return rows_.empty(); }
  bool has_footer() const { return !footer_.empty(); }

  /// Numbers to the right, texts to the left, nothing at the ends of lines.
  std::string text(bool colour = false) const;
  std::string csv() const;
  /// A list of objects.
  Json json() const;
  /// Any of the three, ending with a line feed.
  std::string as(Format format, bool colour = false) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
  std::string title_, footer_;
};

}  // namespace optichain::sim
