#pragma once
// The one reader of tables that people save as CSV: strict, and the same wherever a file is named.
//
//   const auto table = read_csv(text, "stages.csv", {}, "", diagnostics);
//   if (table) plain_numbers(*table, {2}, "", diagnostics);   // "1.500,00" becomes "1500.00"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/diagnostics.hpp"

namespace optichain::sim {

/// What is said of a file beside its name. What is left out is found in the file, where only one
/// answer fits it.
struct CsvFormat {
  std::optional<char> separator;  // `,`, `;` or a tab
  std::optional<char> decimal;    // `.` or `,`
};

/// The separator that a text names (`,`, `;`, a tab or the word `tab`), the decimal mark (`.` or
/// `,`); nothing for any other text.
std::optional<char> csv_separator(std::string_view text);
std::optional<char> csv_decimal(std::string_view text);
inline constexpr std::string_view csv_separators = "`,`, `;` or `tab`";
inline constexpr std::string_view csv_decimals = "`.` or `,`";

struct CsvCell {
  std::string text;
  int line = 1, column = 1;  // where it begins in the file; the column in bytes of UTF-8
};

struct CsvTable {
  std::shared_ptr<const std::string> file;
  char separator = ',';
  std::optional<char> decimal;  // if it was said
  std::vector<CsvCell> header;
  std::vector<std::vector<CsvCell>> rows;  // each as long as the header

  Mark mark(const CsvCell& cell) const { return {file, cell.line, cell.column}; }
  /// Where the column of that name stands.
  std::optional<std::size_t> column(std::string_view name) const;
  std::vector<std::string> names() const;
};

/// Reads a table after RFC 4180 with a header row; `name` is that of the file, `path` that of the
/// value which asks for it. Beyond the RFC it takes
///
/// - UTF-8 with or without a byte order mark, UTF-16 with one;
/// - commas, semicolons or tabs between cells: said by `format`, by a first line `sep=;`, or by
///   being the only one with which every row is as long as the header;
/// - lines that end with a line feed, a carriage return or both; empty lines, which are skipped;
/// - blanks around cells, which are left out (within quotes they are kept).
///
/// Errors, with their places: other encodings and control characters; a quote that is not closed,
/// or stands within or behind a cell; rows longer or shorter than the header; two columns of one
/// name. Takes time in proportion to the text.
std::optional<CsvTable> read_csv(std::string_view text, const std::string& name,
                                 const CsvFormat& format, const std::string& path,
                                 Diagnostics& diagnostics);

/// Writes the numbers in these columns in plain notation (`1.500,00`, `1,500.00` and `1 500` become
/// `1500.00`, `1500.00` and `1500`) and takes the blanks off them; other texts stay as they are.
/// The decimal mark is what the table was read with, else what these columns show, else what any
/// column shows, else a point if commas are between cells. A number that may be read in two ways,
/// or shows another decimal mark than one above it, is an error that names both.
void plain_numbers(CsvTable& table, std::span<const std::size_t> columns, const std::string& path,
                   Diagnostics& diagnostics);

}  // namespace optichain::sim
