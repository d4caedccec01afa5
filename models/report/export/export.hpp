#pragma once
// A store as tables for other programs: long form, one fact a row, with a dictionary that says what
// every column and every measure means.
//
//   for (const sim::ExportTable& table : export_tables("out/baseline", {})) write_csv(..., table);

#include <filesystem>
#include <vector>

#include "sim/output/table_file.hpp"

namespace optichain::models::report {

enum class WeeklyExport { none, mean, all };

struct ExportedParts {
  /// Summaries alone, of years, without stock points and recipes: what people look through.
  bool summaries = false;
  /// Weekly series: as means over replications, or each of them.
  WeeklyExport weekly = WeeklyExport::none;
};

/// dictionary, measures, runs, summary, inputs, settings, and figures and traces unless summaries
/// are enough, weekly if it is asked for. Reads the store when rows are asked for. Throws
/// InputError if there is no such store, and OutputError for a damaged one.
std::vector<sim::ExportTable> export_tables(const std::filesystem::path& store,
                                            const ExportedParts& options);

}  // namespace optichain::models::report
