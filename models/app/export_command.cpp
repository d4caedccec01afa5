// `optichain export`: a store as tables for other programs.
#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "models/app/commands.hpp"
#include "models/app/common_options.hpp"
#include "models/report/export/export.hpp"
#include "sim/base/check.hpp"
#include "sim/base/interrupt.hpp"
#include "sim/base/message.hpp"
#include "sim/input/refusal.hpp"
#include "sim/output/error.hpp"
#include "sim/output/file.hpp"
#include "sim/output/own_file.hpp"
#include "sim/output/own_folder.hpp"
#include "sim/output/run_folder.hpp"

namespace optichain::models::app {
namespace {

struct ExportArguments {
  std::string store, format, output, weekly;
  bool quiet = false;
};

/// Whether an export is there, or what a process that was killed left of one: without a manifest,
/// and with tables that the folder's list names.
bool is_export(const std::filesystem::path& folder) {
  if (sim::is_there(folder / sim::manifest_name)) {
    try {
      return sim::read_manifest(folder).contains("export");
    } catch (const sim::WrongFileError&) {
      return false;
    }
  }
  return sim::is_as_listed(folder / "dictionary.csv").has_value() ||
         sim::is_as_listed(folder / "dictionary.parquet").has_value();
}

/// A folder that holds something else than an earlier export is left alone.
void require_free(const std::filesystem::path& folder) {
  std::error_code ignored;
  if (!std::filesystem::exists(folder, ignored)) return;
  if (!std::filesystem::is_directory(folder, ignored)) return;  // RunFolder says so
  if (std::filesystem::is_empty(folder, ignored)) return;
  if (is_export(folder)) return;
  sim::refuse_input(folder.string(),
                    "expected no folder, an empty one or an earlier export, received a folder with "
                    "other files");
}

void export_folder(const std::vector<sim::ExportTable>& tables, const ExportArguments& o) {
  require_free(o.output);
  sim::RunFolder folder(o.output);
  for (const sim::ExportTable& table : tables) {
    sim::end_if_stopped();
    const auto file = folder.part(table.name + "." + o.format);
    o.format == "csv" ? sim::write_csv(file, table) : sim::write_parquet(file, table);
  }
  folder.finish({{"export", o.store}, {"format", o.format}});
}

void export_workbook(const std::vector<sim::ExportTable>& tables, const ExportArguments& o) {
  sim::require_replaceable(o.output);
  sim::publish_written(o.output, sim::MarkKind::zip, [&](const std::filesystem::path& part) {
    sim::write_workbook(part, tables);
  });
}

int export_store(ExportArguments o) {
  const bool is_workbook = o.format == "xlsx";
  if (o.output.empty()) {
    auto run = std::filesystem::weakly_canonical(o.store);  // "." has a name, too
    if (run.filename() == "results.sqlite") run = run.parent_path();
    run = std::filesystem::proximate(run);
    o.output = run.string() + (is_workbook ? ".xlsx" : "-" + o.format);
  }
  const auto weekly = o.weekly == "mean"  ? report::WeeklyExport::mean
                      : o.weekly == "all" ? report::WeeklyExport::all
                                          : report::WeeklyExport::none;
  const auto tables = report::export_tables(o.store, {.summaries = is_workbook, .weekly = weekly});
  is_workbook ? export_workbook(tables, o) : export_folder(tables, o);
  if (!o.quiet) sim::print_message("written: {}\n", o.output);
  return exit_done;
}

}  // namespace

void add_export_command(CLI::App& app, ChosenCommand& chosen) {
  auto o = std::make_shared<ExportArguments>();
  CLI::App* command = app.add_subcommand(
      "export", "the tables of a store for other programs, with a dictionary of what they mean");
  add_name(*command, "store", o->store, "folder of a run, or its results.sqlite")->required();
  add_word(*command, "--format", o->format, {"csv", "parquet", "xlsx"},
           "csv or parquet: a folder with a file for each table; xlsx: a workbook with the "
           "summaries")
      ->required();
  add_name(*command, "-o,--output", o->output, "folder or workbook; beside the run if left out");
  add_word(*command, "--weekly", o->weekly, {"none", "mean", "all"},
           "weekly series: none, the mean over replications, or all of them (many rows)");
  add_flag(*command, "--quiet", o->quiet, "say nothing when it is done");
  command->footer(
      "Examples:\n"
      "  optichain export out/baseline --format xlsx\n"
      "  optichain export out/baseline --format parquet --weekly mean");
  command->callback([o, &chosen] { chosen = [o] { return export_store(*o); }; });
}

}  // namespace optichain::models::app
