// `optichain explain`: from the pieces that customers did not get back to what bound them.
#include <memory>
#include <optional>

#include "models/app/commands.hpp"
#include "models/app/common_options.hpp"
#include "models/report/text/explanation.hpp"
#include "models/run/traces.hpp"
#include "sim/output/terminal.hpp"

namespace optichain::models::app {
namespace {

struct ExplainOptions {
  std::string store;
  std::string period = "all", by = "item", format = "table";
  std::optional<std::uint64_t> replication;
  double least = causes::least_share;
};

int explain(const ExplainOptions& o) {
  const run::StoredTraces traces = run::read_traces(o.store, o.replication);
  if (o.format == "csv") {
    print_result(report::cause_table(traces).csv());
  } else if (o.format == "json") {
    print_result(sim::json_text(report::explanation_json(traces)) + "\n");
  } else {
    print_result(report::explanation(traces, {.period = o.period,
                                              .by_site = o.by == "site",
                                              .least = o.least,
                                              .colour = sim::wants_colour(1)}));
  }
  return exit_done;
}

}  // namespace

void add_explain_command(CLI::App& app, ChosenCommand& chosen) {
  auto o = std::make_shared<ExplainOptions>();
  CLI::App* command = app.add_subcommand(
      "explain",
      "root causes of what customers did not get: a table, and a tree back through the tiers");
  command->add_option("store", o->store, "folder of a run, or its results.sqlite")->required();
  command->add_option("--period", o->period, "year of the tree, or all")->capture_default_str();
  command->add_option("--by", o->by, "item or site: what the tree branches by")
      ->check(CLI::IsMember({"item", "site"}))
      ->capture_default_str();
  command->add_option("--least", o->least, "parts smaller than this share are put together")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command->add_option("--replication", o->replication, "of one replication; the mean if left out");
  add_format(*command, o->format);
  command->footer(
      "Examples:\n"
      "  optichain explain out/baseline\n"
      "  optichain explain out/baseline --period 2026 --by site --least 0.05");
  command->callback([o, &chosen] { chosen = [o] { return explain(*o); }; });
}

}  // namespace optichain::models::app
