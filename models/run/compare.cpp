#include "models/run/compare.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

#include "models/run/replicate.hpp"
#include "models/run/store_file.hpp"
#include "sim/base/check.hpp"
#include "sim/base/diagnostics.hpp"
#include "sim/base/hash.hpp"
#include "sim/base/text.hpp"
#include "sim/input/path.hpp"
#include "sim/input/yaml.hpp"
#include "sim/output/error.hpp"
#include "sim/output/file.hpp"
#include "sim/output/store.hpp"

namespace optichain::models::run {
namespace {

namespace fs = std::filesystem;

bool fits_any(const std::vector<std::string>& patterns, const std::string& name) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return sim::fits_pattern(pattern, name); });
}

void flatten(const sim::Node& node, const std::string& path, InputValues& out) {
  if (!node.is_map() || node.entries().empty()) {
    out[path] = node.is_scalar() ? node.text() : sim::to_yaml_flow(node);
    return;
  }
  for (const auto& e : node.entries()) flatten(e.value, sim::join_path(path, e.key), out);
}

/// Every value of a resolved scenario by its path.
InputValues values_of(const std::string& resolved, const std::string& name) {
  sim::Diagnostics diagnostics;
  const auto document =
      sim::Document::from_text(resolved, name, scenario::scenario_schema(), diagnostics);
  if (!diagnostics.empty()) throw sim::InputError(std::move(diagnostics));
  InputValues values;
  flatten(document.root(), "", values);
  return values;
}

Alternative run(const std::string& file, const std::vector<std::string>& patterns,
                const ComparisonRuns& runs) {
  const scenario::LoadedScenario loaded = scenario::load_scenario(file);
  const Catalog catalog(loaded.scenario);
  Alternative a{
      .name = file, .seed = runs.seed, .inputs = values_of(scenario::resolved_yaml(loaded), file)};
  const Replications done = replicate(
      catalog, {.seed = runs.seed,
                .count = runs.replications,
                .jobs = runs.jobs,
                .stop = runs.stop,
                .on_result =
                    [&](std::size_t replication, const world::Results& results) {
                      for (const world::Metric& m : results.metrics) {
                        for (std::size_t p = 0; p < results.periods.size(); ++p) {
                          if (std::isnan(m.values[p])) continue;
                          const std::string name = world::metric_name(m, results.periods[p]);
                          a.known.insert(name);
                          if (!fits_any(patterns, name)) continue;
                          auto& figure = a.figures[name];
                          figure.unit = m.unit;
                          figure.by_replication[replication] = m.values[p];
                        }
                      }
                    },
                .keeps_figures = false});
  if (done.stopped) throw sim::Interrupted("stopped by a signal");
  if (done.done.empty()) sim::fail("{}: {}", file, done.failures.front().reason);
  a.failures = done.failures.size();
  return a;
}

Alternative read(const fs::path& store, const std::vector<std::string>& patterns) {
  const fs::path file = store_file(store);
  const sim::StoreReader reader(file);
  Alternative a{.name = store.string()};
  std::optional<sim::RunKey> first;
  for (const sim::RunRow& row : reader.runs()) {
    if (!first) {
      first = row.key;
      a.seed = row.seed;
    }
    if (row.key.scenario != first->scenario || row.key.policy != first->policy ||
        row.key.future != first->future) {
      sim::wrong_file(store, "it holds a sweep: see `optichain sweep analyse`");
    }
    a.failures += !row.failure.empty();
  }
  for (const sim::MeasureRow& measure : reader.measures()) {
    a.known.insert(measure.name);
    if (!fits_any(patterns, measure.name)) continue;
    auto& figure = a.figures[measure.name];
    figure.unit = measure.unit;
    for (const auto& [key, value] : reader.kpi(measure.name)) {
      if (!std::isnan(value)) figure.by_replication[key.replication] = value;
    }
  }
  if (!first) sim::wrong_file(store, "it has no replication");
  const sim::ScenarioRow scenario = reader.scenario(first->scenario);
  const fs::path resolved = file.parent_path() / "resolved.yaml";
  if (fs::exists(resolved)) {
    const std::string text = sim::read_file(resolved);
    if (scenario.hash != sim::hash_digits(sim::hash_text(text))) {
      sim::wrong_file(resolved, "it is not the scenario of the store beside it, or was changed");
    }
    a.inputs = values_of(text, resolved.string());
  } else {
    for (const sim::InputRow& input : scenario.inputs) a.inputs[input.path] = input.value;
  }
  return a;
}

}  // namespace

Alternative load_alternative(const std::string& file, const std::vector<std::string>& patterns,
                             const ComparisonRuns& runs) {
  const bool is_store = fs::is_directory(file) || fs::path(file).extension() == ".sqlite";
  return is_store ? read(file, patterns) : run(file, patterns, runs);
}

void check_patterns(const std::vector<std::string>& patterns, const std::vector<Alternative>& all) {
  sim::Diagnostics diagnostics;
  for (const std::string& pattern : patterns) {
    std::vector<std::string> known;
    for (const Alternative& a : all) known.insert(known.end(), a.known.begin(), a.known.end());
    if (std::any_of(known.begin(), known.end(),
                    [&](const std::string& name) { return fits_any({pattern}, name); })) {
      continue;
    }
    diagnostics.error({std::make_shared<const std::string>("--metric"), 0, 0}, "",
                      fmt::format("no figure is reported as {}", sim::in_quotes(pattern)),
                      sim::suggestion(pattern, known, "figures"));
  }
  if (!diagnostics.empty()) throw sim::InputError(std::move(diagnostics));
}

std::vector<PairedFigure> paired_figures(const Alternative& base, const Alternative& other) {
  OPTICHAIN_CHECK(base.seed == other.seed, "pairs need the same seed");
  std::vector<PairedFigure> figures;
  for (const auto& [name, before] : base.figures) {
    const auto after = other.figures.find(name);
    if (after == other.figures.end()) continue;
    std::vector<std::pair<double, double>> pairs;
    for (const auto& [replication, value] : before.by_replication) {
      const auto twin = after->second.by_replication.find(replication);
      if (twin != after->second.by_replication.end()) pairs.emplace_back(value, twin->second);
    }
    if (const auto pair = paired(pairs)) figures.push_back({name, before.unit, *pair});
  }
  return figures;
}

}  // namespace optichain::models::run
