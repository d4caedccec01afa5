// `optichain sweep analyse`: what a merged sweep says, from its store alone.
#include <algorithm>

#include <fmt/format.h>

#include "models/app/commands.hpp"
#include "models/app/common_options.hpp"
#include "models/report/text/sweep_analysis.hpp"
#include "models/sweep/inert_levers.hpp"
#include "sim/output/terminal.hpp"

namespace optichain::models::app {
namespace {

struct AnalyseOptions {
  std::string store, show = "all", better, format = "table";
  std::vector<std::string> metrics;
};

/// Those that constraints speak of, or else the first that was kept.
std::vector<std::string> metrics_of(const AnalyseOptions& o, const sweep::SweepResults& results) {
  std::vector<std::string> metrics;
  const auto add_once = [&](const std::string& metric) {
    if (std::find(metrics.begin(), metrics.end(), metric) == metrics.end()) {
      metrics.push_back(metric);
    }
  };
  for (const std::string& metric : o.metrics) add_once(metric);
  if (!metrics.empty()) return metrics;
  for (const auto& [name, constraint] : results.study().constraints) add_once(constraint.metric);
  if (metrics.empty() && !results.measures().empty()) {
    metrics.push_back(results.measures().front().name);
  }
  return metrics;
}

int analyse(const AnalyseOptions& o) {
  const sweep::SweepResults results(o.store);
  const sim::Format format = format_of(o.format);
  sim::Json json = sim::Json::object();
  std::string text;
  const auto show = [&](const std::string& what, const std::string& of,
                        const std::optional<sim::Table>& table) {
    if (!table || (table->empty() && (format != sim::Format::table || !table->has_footer())))
      return;
    if (format == sim::Format::json) {
      json[of.empty() ? what : what + " " + of] = table->json();
    } else {
      text += (text.empty() ? "" : "\n") + table->as(format, sim::wants_colour(1));
    }
  };
  const auto wants = [&](const char* what) { return o.show == "all" || o.show == what; };
  for (const std::string& metric : metrics_of(o, results)) {
    const std::string good = o.better.empty() ? results.measure(metric).good : o.better;
    if (wants("response")) show("response", metric, report::response_table(results, metric));
    if (wants("tornado")) show("tornado", metric, report::tornado_table(results, metric));
    if (wants("sobol")) show("sobol", metric, report::sobol_table(results, metric));
    if (wants("regret") && !good.empty()) {
      show("regret", metric,
           report::regret_table(results, metric,
                                good == "high" ? sim::Better::high : sim::Better::low));
    }
  }
  if (wants("robustness")) show("robustness", "", report::robustness_table(results));
  if (wants("boxes")) show("boxes", "", report::failure_box_table(results));
  const auto inert = sweep::inert_levers(results);
  if (format == sim::Format::table && !inert.empty()) {
    text += (text.empty() ? "" : "\n") + sweep::inert_levers_text(inert);
  }
  print_result(format == sim::Format::json ? sim::json_text(json) + "\n" : text);
  return exit_done;
}

}  // namespace

void add_analyse_command(CLI::App& sweep, ChosenCommand& chosen) {
  auto o = std::make_shared<AnalyseOptions>();
  CLI::App* command = sweep.add_subcommand(
      "analyse", "responses, tornado, Sobol' indices, regret, robustness, failure boxes");
  add_name(*command, "store", o->store, "folder of a merged sweep, or its results.sqlite")
      ->required();
  add_names(*command, "--metric", o->metrics,
            "metrics to look at; those of the constraints if left out");
  add_word(*command, "--show", o->show,
           {"all", "response", "tornado", "sobol", "regret", "robustness", "boxes"},
           "which tables");
  add_word(*command, "--better", o->better, {"high", "low"}, "for regret; as the metric says");
  add_format(*command, o->format);
  command->footer(
      "Examples:\n"
      "  optichain sweep analyse out/small\n"
      "  optichain sweep analyse out/small --show tornado --metric market.shipped.all");
  command->callback([o, &chosen] { chosen = [o] { return analyse(*o); }; });
}

}  // namespace optichain::models::app
