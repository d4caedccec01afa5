// `optichain schema`: what a scenario or a study may contain, and what a run reports.
#include "models/app/commands.hpp"
#include "models/app/common_options.hpp"
#include "models/claims/load_claims.hpp"
#include "models/condition/load_observations.hpp"
#include "models/measures/reference.hpp"
#include "models/report/page/typescript.hpp"
#include "models/report/schema/schema_report.hpp"
#include "models/scenario/load.hpp"
#include "models/study/load.hpp"

namespace optichain::models::app {

void add_schema_command(CLI::App& app, ChosenCommand& chosen) {
  struct SchemaOptions {
    std::string of = "scenario", format = "json";
  };
  auto o = std::make_shared<SchemaOptions>();
  CLI::App* command = app.add_subcommand(
      "schema",
      "what a scenario, a study, or a file of claims or observations may contain, and what a run "
      "reports");
  add_word(*command, "--of", o->of,
           {"scenario", "study", "claims", "observations", "measures", "page"},
           "what may stand in a file; measures: what a run reports; page: what the page of "
           "`optichain report` is filled with, as TypeScript");
  add_word(*command, "--format", o->format, {"json", "markdown"},
           "json is JSON Schema, for editors; of measures a list");
  command->footer(
      "Examples:\n"
      "  optichain schema > scenario.schema.json\n"
      "  optichain schema --of study > study.schema.json\n"
      "  optichain schema --format markdown");
  command->callback([o, &chosen] {
    chosen = [o] {
      if (o->of == "page") {
        print_result(report::page_typescript());
        return exit_done;
      }
      if (o->of == "measures") {
        print_result(o->format == "json" ? report::measures_json() : measures::reference_table());
        return exit_done;
      }
      const sim::Schema& schema = o->of == "study"          ? study::study_schema()
                                  : o->of == "claims"       ? claims::claims_schema()
                                  : o->of == "observations" ? condition::observations_schema()
                                                            : scenario::scenario_schema();
      print_result(o->format == "json" ? report::json_schema(schema)
                                       : report::reference_page(schema));
      return exit_done;
    };
  });
}

}  // namespace optichain::models::app
