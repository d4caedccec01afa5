// Any bytes in the place of a CSV file: they are a table whose rows are all as long as its header,
// its numbers in plain notation, or they are refused with errors.

#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <string_view>

#include "sim/base/number.hpp"
#include "sim/input/csv.hpp"
#include "sim/input/csv_column.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace optichain::sim;
  if (size == 0) return 0;
  // the first byte says what the user said of the file
  static constexpr std::optional<char> separators[] = {{}, ',', ';', '\t'};
  static constexpr std::optional<char> decimals[] = {{}, {}, '.', ','};
  const CsvFormat format{separators[data[0] % 4], decimals[data[0] / 4 % 4]};
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);

  Diagnostics diagnostics;
  auto table = read_csv(text, "table.csv", format, "", diagnostics);
  if (table.has_value() != diagnostics.empty()) std::abort();
  if (!table) return 0;
  for (const auto& row : table->rows) {
    if (row.size() != table->header.size()) std::abort();
  }
  std::vector<std::size_t> columns(table->header.size());
  std::iota(columns.begin(), columns.end(), std::size_t{0});
  plain_numbers(*table, columns, "", diagnostics);
  for (const std::string& name : table->names()) {
    Diagnostics found;
    csv_column(text, "table.csv", {name, {}, format}, "column", found);
  }
  return 0;
}
