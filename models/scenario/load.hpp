#pragma once
// YAML -> scenario -> YAML, with every rule of validity.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/catalog/scenario.hpp"
#include "sim/base/diagnostics.hpp"
#include "sim/input/document.hpp"
#include "sim/input/reader.hpp"
#include "sim/input/schema.hpp"

namespace optichain::models::scenario {

/// A valid scenario, the document it came from, and its values with their sources.
struct LoadedScenario {
  Scenario scenario;
  sim::Document document;
  std::vector<sim::Input> inputs;
};

/// The schema of scenarios, built once.
const sim::Schema& scenario_schema();

/// Reads and checks a scenario file with changes of the form `path=value` on top. Throws InputError
/// with all that is wrong.
LoadedScenario load_scenario(const std::string& file, const std::vector<std::string>& changes = {});
/// Checks a document that was loaded with scenario_schema(), with changes on top.
LoadedScenario load_scenario(sim::Document document, std::span<const sim::Override> changes);
/// The same from text.
LoadedScenario scenario_from_text(std::string_view text, const std::string& name = "scenario.yaml",
                                  const std::vector<std::string>& changes = {});

/// The scenario as YAML, every default spelt out, with the annotations of the document. Reading it
/// gives the same scenario.
std::string resolved_yaml(const LoadedScenario& loaded);

}  // namespace optichain::models::scenario
