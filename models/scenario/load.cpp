#include "models/scenario/load.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/scenario/rules.hpp"
#include "sim/input/writer.hpp"
#include "sim/input/yaml.hpp"

namespace optichain::models::scenario {
namespace {

/// One clear error for a file that another one includes, instead of one for each of its keys.
void refuse_part(const sim::Node& root, sim::Diagnostics& diagnostics) {
  if (!root.is_map()) return;
  std::vector<std::string> required;
  for (const sim::Schema::Field& field : scenario_schema().fields) {
    if (field.required) required.push_back(field.key);
  }
  const bool none = std::none_of(required.begin(), required.end(),
                                 [&](const std::string& key) { return root.find(key); });
  if (!none) return;
  diagnostics.error(
      root.mark(), "",
      fmt::format("this is no scenario: it has none of the keys {}", fmt::join(required, ", ")),
      {"a part that another file includes is checked with that file"});
}

LoadedScenario finish(sim::Document document, std::span<const sim::Override> changes,
                      sim::Diagnostics& diagnostics) {
  document.apply(changes, scenario_schema(), diagnostics);

  LoadedScenario loaded;
  loaded.document = std::move(document);
  sim::Reader(diagnostics, &loaded.inputs)
      .read(loaded.document.root(), loaded.scenario, sim::any_number, {});
  // What was not read says nothing, and rules look at the rest.
  const sim::Unread unread(diagnostics, loaded.document);
  check_rules(loaded.scenario, loaded.document, loaded.inputs, unread, diagnostics);
  if (!diagnostics.empty()) throw sim::InputError(std::move(diagnostics));
  return loaded;
}

LoadedScenario finish(sim::Document document, const std::vector<std::string>& changes,
                      sim::Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.size();
  if (document.is_whole()) refuse_part(document.root(), diagnostics);
  if (!document.is_whole() || diagnostics.size() != before) {
    throw sim::InputError(std::move(diagnostics));
  }
  std::vector<sim::Override> overrides;
  for (const std::string& text : changes) {
    if (auto change = sim::parse_assignment(text, diagnostics)) {
      overrides.push_back(std::move(*change));
    }
  }
  return finish(std::move(document), overrides, diagnostics);
}

}  // namespace

const sim::Schema& scenario_schema() {
  static const std::shared_ptr<const sim::Schema> schema = sim::schema_of<Scenario>();
  return *schema;
}

LoadedScenario load_scenario(const std::string& file, const std::vector<std::string>& changes) {
  sim::Diagnostics diagnostics;
  auto document = sim::Document::load(file, scenario_schema(), diagnostics);
  return finish(std::move(document), changes, diagnostics);
}

LoadedScenario load_scenario(sim::Document document, std::span<const sim::Override> changes) {
  sim::Diagnostics diagnostics;
  return finish(std::move(document), changes, diagnostics);
}

LoadedScenario scenario_from_text(std::string_view text, const std::string& name,
                                  const std::vector<std::string>& changes) {
  sim::Diagnostics diagnostics;
  auto document = sim::Document::from_text(text, name, scenario_schema(), diagnostics);
  return finish(std::move(document), changes, diagnostics);
}

std::string resolved_yaml(const LoadedScenario& loaded) {
  sim::Node node = sim::to_node(loaded.scenario);
  sim::copy_annotations(loaded.document.root(), node);
  return sim::to_yaml(node);
}

}  // namespace optichain::models::scenario
