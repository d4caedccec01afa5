#include "models/sweep/frozen_study.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "models/study/load.hpp"
#include "sim/base/number.hpp"
#include "sim/input/csv.hpp"
#include "sim/input/writer.hpp"
#include "sim/input/yaml.hpp"
#include "sim/output/csv.hpp"
#include "sim/output/error.hpp"
#include "sim/output/file.hpp"

namespace optichain::models::sweep {
namespace {

constexpr study::Setting as_it_is = std::numeric_limits<double>::quiet_NaN();

}  // namespace

FrozenStudy freeze(const study::LoadedStudy& loaded, const std::string& scenario_file) {
  study::Study study = loaded.study;
  study.base = scenario_file;
  study.changes = {};  // they are in the scenario
  sim::Node node = sim::to_node(study);
  node.erase("changes");
  // of those kept by default, some may fit nothing
  if (!loaded.document.find("metrics")) node.erase("metrics");
  return {sim::to_yaml(node), sim::to_yaml(loaded.scenario.root())};
}

study::LoadedStudy thaw(const std::string& study_file, const std::string& policies_file,
                        const std::string& futures_file) {
  study::LoadedStudy loaded = study::load_factors(study_file);
  loaded.policies = read_settings_csv(sim::read_file(policies_file), loaded.levers, policies_file);
  loaded.futures =
      read_settings_csv(sim::read_file(futures_file), loaded.uncertainties, futures_file);
  return loaded;
}

sim::Json row_json(std::span<const study::Factor> factors, std::span<const study::Setting> row) {
  sim::Json json = sim::Json::object();
  for (std::size_t f = 0; f < factors.size(); ++f) {
    if (std::isnan(row[f])) continue;
    const std::string label = factors[f].label(row[f]);
    if (const auto number = sim::parse_number(label)) {
      json[factors[f].name()] = *number;
    } else {
      json[factors[f].name()] = label;
    }
  }
  return json;
}

std::string settings_csv(std::span<const study::Factor> factors, const study::Settings& settings,
                         char letter) {
  std::vector<std::string> header = {"name"};
  for (const study::Factor& f : factors) header.push_back(f.name());
  // columns have names of their own
  while (std::count(header.begin(), header.end(), header.front()) > 1) header.front() += '_';
  std::string text;
  sim::CsvWriter csv([&](std::string_view row) { text += row; }, header);
  for (std::size_t i = 0; i < settings.rows(); ++i) {
    csv.field(study::row_name(factors, settings, i, letter));
    for (std::size_t f = 0; f < factors.size(); ++f)
      csv.field(factors[f].label(settings.row(i)[f]));
    csv.end_row();
  }
  return text;
}

study::Settings read_settings_csv(std::string_view csv, std::span<const study::Factor> factors,
                                  const std::string& file) {
  study::Settings settings(factors.size());
  sim::Diagnostics diagnostics;
  // as settings_csv wrote it
  const auto table = sim::read_csv(csv, file, {',', '.'}, "", diagnostics);
  if (!table) {
    const sim::Diagnostic& e = diagnostics.errors().front();
    sim::wrong_file(file, fmt::format("{} (line {})", e.message, e.mark.line));
  }
  if (table->header.size() != factors.size() + 1) {
    sim::wrong_file(file, fmt::format("expected {} columns, received {}", factors.size() + 1,
                                      table->header.size()));
  }
  std::vector<study::Setting> row(factors.size());
  for (const auto& cells : table->rows) {
    for (std::size_t f = 0; f < factors.size(); ++f) {
      const sim::CsvCell& cell = cells[f + 1];
      const auto setting = cell.text.empty() ? as_it_is : factors[f].parse(cell.text);
      if (!setting) {
        sim::wrong_file(file, fmt::format("{} cannot be {} (line {})", factors[f].name(),
                                          sim::in_quotes(cell.text), table->mark(cell).line));
      }
      row[f] = *setting;
    }
    if (!factors.empty()) settings.add(row);
  }
  return settings;
}

}  // namespace optichain::models::sweep
