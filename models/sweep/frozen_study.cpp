#include "models/sweep/frozen_study.hpp"

#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "models/study/load.hpp"
#include "sim/base/check.hpp"
#include "sim/base/number.hpp"
#include "sim/input/writer.hpp"
#include "sim/input/yaml.hpp"
#include "sim/output/csv.hpp"
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
  const auto rows = study::parse_csv(csv, file);
  std::vector<study::Setting> row(factors.size());
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i].size() != factors.size() + 1) sim::fail("{}: row {} is cut short", file, i);
    for (std::size_t f = 0; f < factors.size(); ++f) {
      const std::string& label = rows[i][f + 1];
      const auto setting = label.empty() ? as_it_is : factors[f].parse(label);
      if (!setting)
        sim::fail("{}: {} cannot be {}", file, factors[f].name(), sim::in_quotes(label));
      row[f] = *setting;
    }
    if (!factors.empty()) settings.add(row);
  }
  return settings;
}

}  // namespace optichain::models::sweep
