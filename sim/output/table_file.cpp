#include "sim/output/table_file.hpp"

#include "sim/output/csv.hpp"
#include "sim/output/file.hpp"

namespace optichain::sim {
namespace {

struct CsvField {
  CsvWriter& csv;
  void operator()(std::string_view text) const { csv.field(text); }
  void operator()(double number) const { csv.field(number); }
  void operator()(std::uint64_t whole) const { csv.field(whole); }
  void operator()(Date date) const { csv.field(std::string_view(format_time(date))); }
};

}  // namespace

std::string_view name_of(ColumnType type) {
  switch (type) {
    case ColumnType::text:
      return "text";
    case ColumnType::number:
      return "number";
    case ColumnType::whole:
      return "whole number";
    case ColumnType::date:
      return "date";
  }
  return "";
}

void write_csv(const std::filesystem::path& path, const ExportTable& table) {
  std::vector<std::string> header;
  for (const TableColumn& column : table.columns) header.push_back(column.name);
  OutputFile file(path);
  CsvWriter csv([&](std::string_view text) { file.write(text); }, header);
  table.rows([&](std::span<const TableField> row) {
    for (const TableField& field : row) std::visit(CsvField{csv}, field);
    csv.end_row();
  });
  file.close();
}

}  // namespace optichain::sim
