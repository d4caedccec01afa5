#pragma once
// Tables of any length as files for other programs: CSV, Parquet, sheets of a workbook. Rows are
// handed over one by one and not kept.
//
//   const TableRows rows = [](const RowSink& sink) { sink(std::vector<TableField>{"fab", 3.5}); };
//   write_csv("sites.csv", {"sites", "where it is made", columns, rows});

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/base/time.hpp"

namespace optichain::sim {

enum class ColumnType {
  text,
  number,  // NaN stands for "not known"
  whole,   // from 0 on
  date
};
std::string_view name_of(ColumnType type);

struct TableColumn {
  std::string name;
  ColumnType type;
  std::string meaning;
};

/// A value of the type of its column.
using TableField = std::variant<std::string_view, double, std::uint64_t, Date>;
using RowSink = std::function<void(std::span<const TableField>)>;
/// Gives every row to the sink.
using TableRows = std::function<void(const RowSink&)>;

struct ExportTable {
  std::string name;
  std::string meaning;
  std::vector<TableColumn> columns;
  TableRows rows;
};

// All throw OutputError if the file cannot be written.

/// RFC 4180 as csv.hpp has it; dates as 2026-07-15.
void write_csv(const std::filesystem::path& path, const ExportTable& table);

/// Apache Parquet, format version 1: required columns, texts through a dictionary, zstd, row groups
/// of `parquet_group_rows`; smallest and largest values of numbers, texts and dates.
void write_parquet(const std::filesystem::path& path, const ExportTable& table);
inline constexpr std::size_t parquet_group_rows = 1'000'000;

/// One sheet for each table: a header that stays, numbers as numbers, dates as dates. Throws Error
/// if a table has more rows than a sheet can hold (1,048,575 under the header).
void write_workbook(const std::filesystem::path& path, const std::vector<ExportTable>& tables);

}  // namespace optichain::sim
