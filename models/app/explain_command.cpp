// `optichain explain`: from the pieces that customers did not get back to what bound them.
#include <algorithm>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "models/app/commands.hpp"
#include "models/app/common_options.hpp"
#include "models/report/text/explanation.hpp"
#include "models/run/traces.hpp"
#include "sim/base/diagnostics.hpp"
#include "sim/output/terminal.hpp"

namespace optichain::models::app {
namespace {

struct ExplainOptions {
  std::string store;
  std::string period = "all", by = "item", format = "table";
  std::optional<std::uint64_t> replication;
  double least = causes::least_share;
};

void require_period(const run::StoredTraces& traces, const std::string& period) {
  std::vector<std::string> known;
  for (const run::PeriodTraces& p : traces.periods) known.push_back(p.period);
  if (std::find(known.begin(), known.end(), period) != known.end()) return;
  refuse_option("--period", fmt::format("there is no period {}", sim::in_quotes(period)),
                sim::suggestion(period, known, "periods"));
}

int explain(const ExplainOptions& o) {
  const run::StoredTraces traces = run::read_traces(o.store, o.replication);
  require_period(traces, o.period);
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
  add_name(*command, "store", o->store, "folder of a run, or its results.sqlite")->required();
  add_text(*command, "--period", o->period, "year of the tree, or all");
  add_word(*command, "--by", o->by, {"item", "site"}, "what the tree branches by");
  add_number(*command, "--least", o->least, sim::share,
             "parts smaller than this share are put together");
  add_whole_number(
      *command, "--replication", {0, any_replications.high - 1}, std::nullopt,
      [o](std::uint64_t number) { o->replication = number; },
      "of one replication, the first is 0; the mean if left out");
  add_format(*command, o->format);
  command->footer(
      "Examples:\n"
      "  optichain explain out/baseline\n"
      "  optichain explain out/baseline --period 2026 --by site --least 0.05");
  command->callback([o, &chosen] { chosen = [o] { return explain(*o); }; });
}

}  // namespace optichain::models::app
