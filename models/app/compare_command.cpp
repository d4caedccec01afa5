// `optichain compare`: scenarios or stores side by side, under the same luck.
#include <algorithm>

#include <fmt/format.h>

#include "models/app/commands.hpp"
#include "models/app/common_options.hpp"
#include "models/run/compare.hpp"
#include "models/study/study.hpp"
#include "sim/base/interrupt.hpp"
#include "sim/base/message.hpp"
#include "sim/base/text.hpp"
#include "sim/batch/workers.hpp"
#include "sim/output/terminal.hpp"

namespace optichain::models::app {
namespace {

constexpr std::size_t most_changes_shown = 40;
constexpr std::size_t longest_shown = 40;  // bytes of a value in a table

struct CompareOptions {
  std::vector<std::string> files;
  std::vector<std::string> metrics = study::Study{}.metrics;
  bool has_own_metrics = false;
  run::ComparisonRuns runs{.replications = 10, .jobs = sim::processor_count()};
  std::string format = "table";
};

sim::Table figure_table(const std::vector<run::PairedFigure>& figures) {
  sim::Table table({{"metric"},
                    {"unit"},
                    {"base"},
                    {"other"},
                    {"difference"},
                    {"low", "from"},
                    {"high", "to"},
                    {"pairs"},
                    {"differs"}});
  for (const run::PairedFigure& f : figures) {
    const sim::Summary& d = f.pair.difference;
    table.add({f.name, f.unit, f.pair.base, f.pair.other, d.mean, d.ci95_low, d.ci95_high, d.n,
               f.differs() ? "yes" : ""});
  }
  return table;
}

sim::Table change_table(const std::vector<run::InputChange>& changes, std::size_t most) {
  sim::Table table({{"input"}, {"base"}, {"other"}});
  for (std::size_t i = 0; i < std::min(most, changes.size()); ++i) {
    const run::InputChange& c = changes[i];
    const auto cell = [&](const std::optional<std::string>& value) {
      if (!value) return sim::Cell();
      const bool fits = value->size() <= longest_shown || most == changes.size();
      return sim::Cell(fits ? *value : sim::in_quotes(*value));
    };
    table.add({c.path, cell(c.before), cell(c.after)});
  }
  if (changes.size() > most) {
    table.footer(fmt::format("and {} more: --format json has all", changes.size() - most));
  }
  return table;
}

int compare(const CompareOptions& o) {
  if (o.files.size() < 2) {
    refuse_option("compare", "expected two or more scenarios or stores", {"the first is the base"});
  }
  std::vector<run::Alternative> all;
  std::size_t failures = 0;
  for (const std::string& file : o.files) {
    sim::end_if_stopped();
    all.push_back(run::load_alternative(file, o.metrics, o.runs));
    failures += all.back().failures;
    if (all.back().seed != all.front().seed) {
      refuse_option("compare",
                    fmt::format("{} ran with seed {} and {} with {}", all.front().name,
                                all.front().seed, all.back().name, all.back().seed),
                    {"only runs with the same seed share their luck: run again with --seed"});
    }
  }
  if (o.has_own_metrics) run::check_patterns(o.metrics, all);
  sim::Json json = sim::Json::array();
  std::string text;
  for (std::size_t i = 1; i < all.size(); ++i) {
    auto changes = run::input_changes(all[0].inputs, all[i].inputs);
    // what differs stands before what only one of them has
    std::stable_partition(changes.begin(), changes.end(), [](const run::InputChange& change) {
      return change.before && change.after;
    });
    const auto figures = run::paired_figures(all[0], all[i]);
    if (o.format == "json") {
      json.push_back({{"base", all[0].name},
                      {"other", all[i].name},
                      {"inputs", change_table(changes, changes.size()).json()},
                      {"metrics", figure_table(figures).json()}});
    } else if (o.format == "csv") {
      text += figure_table(figures).csv();
    } else {
      text += fmt::format("{}{} against {}\n\n{}\n{}", i > 1 ? "\n" : "",
                          sim::printable(all[i].name), sim::printable(all[0].name),
                          change_table(changes, most_changes_shown).text(sim::wants_colour(1)),
                          figure_table(figures).text(sim::wants_colour(1)));
    }
  }
  print_result(o.format == "json" ? sim::json_text(json) + "\n" : text);
  if (failures > 0) sim::print_message("optichain: {} replications failed\n", failures);
  return failures > 0 ? exit_partial : exit_done;
}

}  // namespace

void add_compare_command(CLI::App& app, ChosenCommand& chosen) {
  auto o = std::make_shared<CompareOptions>();
  CLI::App* command = app.add_subcommand(
      "compare", "differences between scenarios or stores under common random numbers");
  add_names(*command, "files", o->files,
            "scenario files, or folders of runs; the first is the base")
      ->required();
  add_names(*command, "--metric", o->metrics, "names of figures; * and ? stand for characters");
  add_whole_number(*command, "--seed", o->runs.seed, any_seed, "seed of scenarios that are run");
  add_whole_number(*command, "--replications", o->runs.replications, any_replications,
                   "runs of each scenario file");
  add_jobs(*command, o->runs.jobs);
  add_format(*command, o->format);
  command->footer(
      "Examples:\n"
      "  optichain compare scenarios/ai-optics-2026/baseline.yaml "
      "scenarios/ai-optics-2026/disruptions.yaml --replications 4\n"
      "  optichain compare scenarios/programs/programs.yaml scenarios/programs/programs.yaml");
  command->callback([o, command, &chosen] {
    o->has_own_metrics = command->count("--metric") > 0;
    o->runs.stop = &stop_requested;
    chosen = [o] { return compare(*o); };
  });
}

}  // namespace optichain::models::app
