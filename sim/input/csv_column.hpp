#pragma once
// A column of a CSV file as a list of a document: numbers that are measured or published need not
// be written again.

#include <map>
#include <string>
#include <string_view>

#include "sim/base/diagnostics.hpp"
#include "sim/input/csv.hpp"
#include "sim/input/node.hpp"

namespace optichain::sim {

/// Which fields of a file: those of a column, of the rows in which other columns have given texts.
struct CsvSelection {
  std::string column;
  std::map<std::string, std::string> where;
  CsvFormat format;
};

/// The values of a column, numbers in plain notation; `name` is that of the file. Each value knows
/// its line and column there. What is wrong goes to `diagnostics`, with the path of the list in the
/// document; the list is then empty.
Node csv_column(std::string_view text, const std::string& name, const CsvSelection& wanted,
                const std::string& path, Diagnostics& diagnostics);

}  // namespace optichain::sim
