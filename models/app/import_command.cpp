// `optichain import`: a scenario out of the tables of a network.
#include <map>

#include <fmt/format.h>

#include "models/app/commands.hpp"
#include "models/app/common_options.hpp"
#include "models/scenario/network_import.hpp"
#include "sim/base/message.hpp"
#include "sim/output/own_file.hpp"

namespace optichain::models::app {
namespace {

struct ImportOptions {
  scenario::NetworkTables tables;
  std::string out, unit = "day", separator, decimal;
};

const std::map<std::string, double> days_of_units = {
    {"day", 1}, {"week", 7}, {"month", 365.25 / 12}};

int import_tables(ImportOptions options) {
  scenario::NetworkTables& tables = options.tables;
  tables.days_per_unit = days_of_units.at(options.unit);
  tables.format = {sim::csv_separator(options.separator), sim::csv_decimal(options.decimal)};
  const scenario::ImportedNetwork network = scenario::import_network(tables);
  if (options.out.empty()) {
    print_result(network.yaml);
    return exit_done;
  }
  sim::publish_file(options.out, network.yaml, sim::MarkKind::hash);
  sim::print_message("{}: {} stages, {} arcs, {} markets\n", options.out, network.stages,
                     network.arcs, network.markets);
  return exit_done;
}

}  // namespace

void add_import_command(CLI::App& app, ChosenCommand& chosen) {
  auto o = std::make_shared<ImportOptions>();
  scenario::NetworkTables& tables = o->tables;
  tables.name = "Imported network";
  tables.start = "2024-01-01";
  tables.end = "2025-12-31";
  CLI::App* command =
      app.add_subcommand("import", "a scenario out of the tables of a multi-echelon network");
  add_name(*command, "stages", tables.stages_file,
           "CSV file: name, lead_time, cost_added; where customers buy demand_mean, demand_sd; "
           "lead_time_sd")
      ->required();
  add_name(*command, "arcs", tables.arcs_file, "CSV file: from, to, pieces")->required();
  add_name(*command, "-o,--output", o->out, "the scenario; standard output if left out");
  add_word(*command, "--time", o->unit, {"day", "week", "month"},
           "unit of lead times and of demand");
  add_name(*command, "--name", tables.name, "title of the scenario");
  add_date(*command, "--start", tables.start, "first day");
  add_date(*command, "--end", tables.end, "last day");
  add_number(*command, "--review-days", tables.review_days, sim::between(0.04, 1000),
             "days between reviews");
  add_word(*command, "--separator", o->separator, {",", ";", "tab", "\\t", "\t"},
           "between cells; found in each file if left out");
  add_word(*command, "--decimal", o->decimal, {".", ","},
           "the mark before decimals; found in each file if left out");
  command->footer(
      "Columns are also found by the names of the networks that Willems published (M&SOM, 2008).\n"
      "Example:\n"
      "  optichain import stages.csv arcs.csv -o network.yaml");
  command->callback([o, &chosen] { chosen = [o] { return import_tables(*o); }; });
}

}  // namespace optichain::models::app
