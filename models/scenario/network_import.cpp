#include "models/scenario/network_import.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "models/scenario/load.hpp"
#include "sim/base/text.hpp"
#include "sim/input/node.hpp"
#include "sim/input/yaml.hpp"

namespace optichain::models::scenario {
namespace {

using Stage = NetworkStage;

constexpr double week = 7;          // days
constexpr policy::OrderUpTo usual;  // the policy as it is if nothing is said

/// The scenario of some stages.
class NetworkScenario {
 public:
  NetworkScenario(const NetworkTables& tables, const std::vector<Stage>& stages)
      : tables_(tables), stages_(stages) {}

  std::string yaml() const {
    const auto file_name = [](const std::string& path) {
      return sim::in_quotes(std::filesystem::path(path).filename().string());
    };
    std::string text = fmt::format("# Made from {} and {} by `optichain import`.\n",
                                   file_name(tables_.stages_file), file_name(tables_.arcs_file));
    write_block(text, scenario(), 0);
    return text;
  }

 private:
  static sim::Node text(const std::string& value) { return sim::Node::scalar(value, {}, true); }
  static sim::Node word(std::string_view value) { return sim::Node::scalar(std::string(value)); }
  static sim::Node number(double value) { return sim::Node::scalar(fmt::format("{:.10g}", value)); }
  static sim::Node gamma(double mean, double sd) {
    sim::Node parameters = sim::Node::map();
    parameters.put("mean", number(mean));
    parameters.put("sd", number(sd));
    return under("gamma", std::move(parameters));
  }
  static sim::Node under(const std::string& key, sim::Node value) {
    sim::Node map = sim::Node::map();
    map.put(key, std::move(value));
    return map;
  }

  sim::Node scenario() const {
    sim::Node items = sim::Node::map(), sites = sim::Node::map(), customers = sim::Node::map();
    for (const Stage& stage : stages_) {
      sim::Node& item = items.put(stage.key, sim::Node::map());
      item.put("description", text(stage.name));
      item.put("price_usd", number(stage.cost_usd));
      sites.put(stage.key, site(stage));
      if (!stage.market.empty()) customers.put(stage.market, customer(stage));
    }
    sim::Node root = sim::Node::map();
    root.put("name", text(tables_.name));
    root.put("start", word(tables_.start));
    root.put("end", word(tables_.end));
    root.put("review_days", number(tables_.review_days));
    root.put("initial", word("steady"));
    root.put("items", std::move(items));
    root.put("sites", std::move(sites));
    root.put("customers", std::move(customers));
    return root;
  }

  static std::size_t depth(const sim::Node& node) {
    std::size_t deepest = 0;
    for (const sim::Node& item : node.items()) deepest = std::max(deepest, depth(item));
    for (const auto& e : node.entries()) deepest = std::max(deepest, depth(e.value));
    return deepest + 1;
  }
  /// The entries of a mapping, each on a line of its own, or on several if there is much in it.
  static void write_block(std::string& out, const sim::Node& map, std::size_t indent) {
    constexpr std::size_t deepest_line = 3;
    for (const auto& e : map.entries()) {
      out += fmt::format("{:{}}{}:", "", indent, sim::to_yaml_flow(sim::Node::scalar(e.key)));
      if (indent == 0 && e.value.is_map()) out.insert(out.rfind('\n') + 1, "\n");
      if (e.value.is_map() && (indent == 0 || depth(e.value) > deepest_line)) {
        out += '\n';
        write_block(out, e.value, indent + 2);
      } else {
        out += ' ' + sim::to_yaml_flow(e.value) + '\n';
      }
    }
  }

  sim::Node site(const Stage& stage) const {
    sim::Node recipe = sim::Node::map();
    recipe.put("makes", word(stage.key));
    recipe.put("cycle_days", stage.lead_sd_days > 0 ? gamma(stage.lead_days, stage.lead_sd_days)
                                                    : number(stage.lead_days));
    recipe.put("cost_usd_per_piece", number(stage.cost_added_usd));
    if (!stage.inputs.empty()) {
      sim::Node& inputs = recipe.put("inputs", sim::Node::map());
      for (const Stage::Input& input : stage.inputs)
        inputs.put(stages_[input.stage].key, number(input.pieces));
    }

    sim::Node site = sim::Node::map();
    site.put("recipes", under("make", std::move(recipe)));
    sim::Node offer = under("forecast", word("shared"));
    if (stage.lead_days > usual.lead_time_cap_weeks * week) {
      offer.put("replenish",
                under("order_up_to", under("lead_time_cap_weeks", number(longest_lead_weeks))));
    }
    site.put("sells", under(stage.key, std::move(offer)));
    if (!stage.inputs.empty()) {
      sim::Node& buys = site.put("buys", sim::Node::map());
      for (const Stage::Input& input : stage.inputs) {
        const std::string& item = stages_[input.stage].key;
        sim::Node purchase = under("from", under(item, sim::Node::map()));
        purchase.put("forecast", word("shared"));
        buys.put(item, std::move(purchase));
      }
    }
    return site;
  }

  sim::Node customer(const Stage& stage) const {
    sim::Node demand = under("pieces_per_week", number(stage.wanted_per_week));
    if (stage.relative_sd > 0) {
      demand.put("variation", under("factor", under("distribution", gamma(1, stage.relative_sd))));
    }
    demand.put("from", under(stage.key, sim::Node::map()));
    return under("demand", under(stage.key, std::move(demand)));
  }

  const NetworkTables& tables_;
  const std::vector<Stage>& stages_;
};

}  // namespace

ImportedNetwork import_network(const NetworkTables& tables) {
  const std::vector<Stage> stages = read_network_stages(tables);
  ImportedNetwork out;
  out.stages = stages.size();
  for (const Stage& stage : stages) {
    out.arcs += stage.inputs.size();
    if (!stage.market.empty()) ++out.markets;
  }
  out.yaml = NetworkScenario(tables, stages).yaml();
  scenario_from_text(out.yaml, "the scenario made of " + tables.stages_file);
  return out;
}

}  // namespace optichain::models::scenario
