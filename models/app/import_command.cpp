// `optichain import`: a scenario out of the tables of a network.
#include <map>

#include <fmt/format.h>

#include "models/app/commands.hpp"
#include "models/scenario/network_import.hpp"
#include "sim/base/time.hpp"
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
  fmt::print(stderr, "{}: {} stages, {} arcs, {} markets\n", options.out, network.stages,
             network.arcs, network.markets);
  return exit_done;
}

std::string check_date(const std::string& text) {
  return sim::parse_period(text) ? "" : "expected a date, received " + sim::in_quotes(text);
}
std::string check_separator(const std::string& text) {
  return sim::csv_separator(text) ? "" : fmt::format("expected {}", sim::csv_separators);
}
std::string check_decimal(const std::string& text) {
  return sim::csv_decimal(text) ? "" : fmt::format("expected {}", sim::csv_decimals);
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
  command
      ->add_option("stages", tables.stages_file,
                   "CSV file: name, lead_time, cost_added; where customers buy demand_mean, "
                   "demand_sd; lead_time_sd")
      ->required();
  command->add_option("arcs", tables.arcs_file, "CSV file: from, to, pieces")->required();
  command->add_option("-o,--output", o->out, "the scenario; standard output if left out");
  command->add_option("--time", o->unit, "unit of lead times and of demand: day, week or month")
      ->check(CLI::IsMember({"day", "week", "month"}))
      ->capture_default_str();
  command->add_option("--name", tables.name, "title of the scenario")->capture_default_str();
  command->add_option("--start", tables.start, "first day")
      ->check(check_date)
      ->capture_default_str();
  command->add_option("--end", tables.end, "last day")->check(check_date)->capture_default_str();
  command->add_option("--review-days", tables.review_days, "days between reviews")
      ->check(CLI::Range(0.04, 1000.0))
      ->capture_default_str();
  command
      ->add_option("--separator", o->separator,
                   "between cells: `,`, `;` or tab; found in each file if left out")
      ->check(check_separator);
  command
      ->add_option("--decimal", o->decimal,
                   "the mark before decimals: `.` or `,`; found in each file if left out")
      ->check(check_decimal);
  command->footer(
      "Columns are also found by the names of the networks that Willems published (M&SOM, 2008).\n"
      "Example:\n"
      "  optichain import stages.csv arcs.csv -o network.yaml");
  command->callback([o, &chosen] { chosen = [o] { return import_tables(*o); }; });
}

}  // namespace optichain::models::app
