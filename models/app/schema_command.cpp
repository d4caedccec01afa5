// `optichain schema`: what a scenario may contain.
#include "models/app/commands.hpp"
#include "models/report/schema_report.hpp"
#include "models/scenario/load.hpp"

namespace optichain::models {

void add_schema_command(CLI::App& app, Action& action) {
  auto format = std::make_shared<std::string>("json");
  CLI::App* command = app.add_subcommand("schema", "what a scenario may contain");
  command->add_option("--format", *format, "json (JSON Schema, for editors) or markdown")
      ->check(CLI::IsMember({"json", "markdown"}))
      ->capture_default_str();
  command->footer(
      "Examples:\n"
      "  optichain schema > scenario.schema.json\n"
      "  optichain schema --format markdown");
  command->callback([format, &action] {
    action = [format] {
      print_result(*format == "json" ? json_schema(scenario_schema())
                                     : reference_page(scenario_schema()));
      return exit_done;
    };
  });
}

}  // namespace optichain::models
