// `optichain graph`: the tiered network, its lead times and bottlenecks, before anything is
// simulated.
#include "models/app/commands.hpp"
#include "models/app/common_options.hpp"
#include "models/catalog/catalog.hpp"
#include "models/report/graph/graph_report.hpp"
#include "models/scenario/load.hpp"

namespace optichain::models::app {
namespace {

struct GraphOptions {
  std::string scenario;
  std::vector<std::string> changes;
  std::string format = "text";
};

int graph(const GraphOptions& options) {
  const scenario::LoadedScenario loaded =
      scenario::load_scenario(options.scenario, options.changes);
  const Catalog catalog(loaded.scenario);
  print_result(options.format == "dot"    ? report::graph_dot(catalog)
               : options.format == "json" ? report::graph_json(catalog)
                                          : report::graph_text(catalog));
  return exit_done;
}

}  // namespace

void add_graph_command(CLI::App& app, ChosenCommand& chosen) {
  auto options = std::make_shared<GraphOptions>();
  CLI::App* command = app.add_subcommand(
      "graph", "the network: tiers, critical lead times, single points of failure, capacity bound");
  add_name(*command, "scenario", options->scenario, "scenario file")->required();
  add_changes(*command, options->changes);
  add_word(*command, "--format", options->format, {"text", "dot", "json"}, "dot is for Graphviz");
  command->footer(
      "Examples:\n"
      "  optichain graph scenarios/beer-game/beer-game.yaml\n"
      "  optichain graph scenarios/ai-optics-2026/baseline.yaml --format dot > chain.dot");
  command->callback([options, &chosen] { chosen = [options] { return graph(*options); }; });
}

}  // namespace optichain::models::app
