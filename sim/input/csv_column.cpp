#include "sim/input/csv_column.hpp"

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace optichain::sim {

Node csv_column(std::string_view text, const std::string& name, const CsvSelection& wanted,
                const std::string& path, Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.size();
  auto table = read_csv(text, name, wanted.format, path, diagnostics);
  if (!table) return Node::list({std::make_shared<const std::string>(name), 1, 1});
  const Mark top{table->file, 1, 1};
  const auto find = [&](const std::string& column) {
    const auto found = table->column(column);
    if (!found) {
      diagnostics.error(top, path, fmt::format("there is no column {}", in_quotes(column)),
                        suggestion(column, table->names(), "columns"));
    }
    return found;
  };
  const auto column = find(wanted.column);
  std::vector<std::pair<std::size_t, std::string>> where;
  for (const auto& [key, value] : wanted.where) {
    if (const auto at = find(key)) where.emplace_back(*at, value);
  }
  if (diagnostics.size() != before) return Node::list(top);

  // how the file writes numbers, the rows that are not asked for show, too
  plain_numbers(*table, std::array{*column}, path, diagnostics);
  if (diagnostics.size() != before) return Node::list(top);
  std::erase_if(table->rows, [&](const std::vector<CsvCell>& row) {
    for (const auto& [at, value] : where) {
      if (row[at].text != value) return true;
    }
    return false;
  });
  Node list = Node::list(top);
  for (auto& row : table->rows) {
    CsvCell& cell = row[*column];
    list.append(Node::scalar(std::move(cell.text), table->mark(cell)));
  }
  if (list.items().empty()) diagnostics.error(top, path, "no row is asked for, or none fits");
  return list;
}

}  // namespace optichain::sim
