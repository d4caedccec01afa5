// `optichain check`: validates scenarios, studies, claims and observations, all errors at once.
#include <fmt/format.h>

#include "models/app/commands.hpp"
#include "models/app/common_options.hpp"
#include "models/catalog/catalog.hpp"
#include "models/claims/load_claims.hpp"
#include "models/condition/load_observations.hpp"
#include "models/scenario/idle_settings.hpp"
#include "models/scenario/load.hpp"
#include "models/study/idle_factors.hpp"
#include "models/sweep/plan.hpp"
#include "sim/base/interrupt.hpp"
#include "sim/base/message.hpp"
#include "sim/base/text.hpp"
#include "sim/output/table.hpp"

namespace optichain::models::app {
namespace {

struct CheckOptions {
  std::vector<std::string> files;
  std::vector<std::string> changes;
  bool show_sources = false;
};

std::string range_of(const sim::Annotation& a) {
  if (!a.assumption) return "";
  return fmt::format("{}{} to {}", a.assumption->factor ? "x " : "", a.assumption->low,
                     a.assumption->high);
}

std::string sources_table(const scenario::LoadedScenario& loaded) {
  sim::Table table({{"path"}, {"value"}, {"source"}, {"confidence"}, {"assumption"}, {"note"}});
  for (const sim::Input& input : loaded.inputs) {
    if (!input.numeric) continue;
    const sim::Annotation none;
    const sim::Annotation& a = input.annotation ? *input.annotation : none;
    table.add({input.path, input.text, fmt::format("{}", fmt::join(a.sources, " ")), a.confidence,
               range_of(a), a.note});
  }
  return table.csv();
}

/// A study is held against its scenario, and its metrics against what a run reports.
void check_study(const std::string& file) {
  const study::LoadedStudy study = study::load_study(file);
  const sweep::MetricSelection selection =
      sweep::select_metrics(study, sweep::pilot_run(study, &stop_requested).results);
  const sim::Diagnostics idle = study::idle_factors(study);
  if (!idle.empty()) sim::print_message_text(idle.text(1000, "warning"));
  print_result(fmt::format(
      "{}: valid: {} levers, {} uncertainties, {} policies in {} futures, {} replications each; "
      "{} figures and {} series kept of a run\n",
      sim::printable(file), study.levers.size(), study.uncertainties.size(), study.policies.rows(),
      study.futures.rows(), study.study.replications, selection.figures.size(),
      selection.series.size()));
}

/// Claims are held against their study, and their expressions against what a run reports.
void check_claims(const std::string& file) {
  const claims::LoadedClaims claims = claims::load_claims(file);
  const study::LoadedStudy study = study::load_study(claims.study_file);
  const claims::Cases cases = claims::cases_of(study, claims);
  claims::check_names(claims, cases, sweep::pilot_run(study, &stop_requested).results);
  print_result(
      fmt::format("{}: valid: {} claims, {} checks, {} observations; {} cases in {} futures\n",
                  sim::printable(file), claims.claims.size(), claims.checks.size(),
                  claims.observations.size(), cases.size(), study.futures.rows()));
}

/// Observations name no study: their metrics are looked at when they are used with one.
void check_observations(const std::string& file) {
  const condition::LoadedObservations observations = condition::load_observations(file);
  print_result(fmt::format("{}: valid: {} figures of {} series\n", sim::printable(file),
                           observations.figures.size(), observations.text.series.size()));
}

void check_scenario(const std::string& file, const CheckOptions& options) {
  const scenario::LoadedScenario loaded = scenario::load_scenario(file, options.changes);
  if (options.show_sources) return print_result(sources_table(loaded));
  std::size_t numbers = 0, sourced = 0, assumed = 0;
  for (const sim::Input& input : loaded.inputs) {
    if (!input.numeric) continue;
    ++numbers;
    if (!input.annotation) continue;
    if (!input.annotation->sources.empty()) {
      ++sourced;
    } else if (input.annotation->assumption) {
      ++assumed;
    }
  }
  const Catalog catalog(loaded.scenario);
  const sim::Diagnostics idle = scenario::idle_settings(loaded, catalog);
  if (!idle.empty()) sim::print_message_text(idle.text(1000, "warning"));
  print_result(fmt::format(
      "{}: valid: {} sites, {} recipes, {} lines, {} customers, {} buyer-seller relations; "
      "{} numbers, {} with a source, {} assumed with a range\n",
      sim::printable(file), catalog.sites.size(), catalog.recipes.size(), catalog.lines.size(),
      catalog.customers.size(), catalog.channels.size(), numbers, sourced, assumed));
}

int check(const CheckOptions& options) {
  int result = exit_done;
  for (const std::string& file : options.files) {
    sim::end_if_stopped();
    try {
      if (claims::is_claims(file)) {
        check_claims(file);
      } else if (condition::are_observations(file)) {
        check_observations(file);
      } else if (study::is_study(file)) {
        check_study(file);
      } else {
        check_scenario(file, options);
      }
    } catch (const sim::InputError& e) {
      sim::print_message_text(e.what());
      result = exit_bad_input;
    }
  }
  return result;
}

}  // namespace

void add_check_command(CLI::App& app, ChosenCommand& chosen) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command =
      app.add_subcommand("check", "validate scenarios and studies: all errors at once");
  add_names(*command, "files", options->files, "scenario or study files")->required();
  add_changes(*command, options->changes);
  add_flag(*command, "--sources", options->show_sources,
           "list every number with its source, confidence and range, as CSV");
  command->footer(
      "Examples:\n"
      "  optichain check scenarios/beer-game/beer-game.yaml scenarios/studies/small.yaml\n"
      "  optichain check --sources scenarios/ai-optics-2026/baseline.yaml");
  command->callback([options, &chosen] { chosen = [options] { return check(*options); }; });
}

}  // namespace optichain::models::app
