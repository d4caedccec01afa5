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
constexpr double most_lots = 500;   // of one stage on its way at the beginning
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
    if (sim::Node lots = lots_on_their_way(stage); !lots.items().empty())
      recipe.put("initial_lots", std::move(lots));

    sim::Node site = sim::Node::map();
    site.put("recipes", under("make", std::move(recipe)));
    sim::Node offer = under("forecast", word("shared"));
    if (stage.lead_days > usual.lead_time_cap_weeks * week) {
      offer.put("replenish",
                under("order_up_to", under("lead_time_cap_weeks", number(longest_lead_weeks))));
    }
    site.put("sells", under(stage.key, std::move(offer)));
    const double review_weeks = tables_.review_days / week;
    sim::Node stocks = sim::Node::map();
    if (!stage.inputs.empty()) {
      sim::Node& buys = site.put("buys", sim::Node::map());
      for (const Stage::Input& input : stage.inputs) {
        const std::string& item = stages_[input.stage].key;
        sim::Node purchase = under("from", under(item, sim::Node::map()));
        purchase.put("forecast", word("shared"));
        buys.put(item, std::move(purchase));
        // what is used before the first order comes, and what is kept
        stocks.put(item, under("initial_weeks", number(usual.safety_weeks + review_weeks)));
      }
    }
    stocks.put(stage.key, under("initial_weeks", number(weeks_in_stock(stage))));
    site.put("stocks", std::move(stocks));
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

  // The steady state of order-up-to with reviews every R days, a lead time of L and a need of f
  // pieces a review: before f is started, what is here and on its way, less what is owed, comes to
  // L and the safety time. The lots of the reviews L ago and less are on their way.

  /// How many lots are on their way before something is started.
  double lots_under_way(const Stage& stage) const {
    return std::max(0.0, std::ceil(stage.lead_days / tables_.review_days - 1e-9) - 1);
  }
  /// What is here then, and what customers have taken just before.
  double weeks_in_stock(const Stage& stage) const {
    const double review = tables_.review_days / week;
    const double by_customers =
        stage.needed_per_week > 0 ? stage.wanted_per_week / stage.needed_per_week : 0;
    return usual.safety_weeks + stage.lead_days / week - lots_under_way(stage) * review +
           by_customers * review;
  }
  /// Those started at the reviews before the beginning, the oldest first.
  sim::Node lots_on_their_way(const Stage& stage) const {
    sim::Node lots = sim::Node::list();
    const double started = lots_under_way(stage);
    const double together = std::max(1.0, std::ceil(started / most_lots));  // reviews in one lot
    const double a_review = stage.needed_per_week * tables_.review_days / week;
    std::int64_t before = 0;
    for (double k = started; k >= 1; k -= together) {
      // whole pieces; what is left of one is carried on
      const double reviews = started - k + std::min(k, together);
      const std::int64_t pieces = std::llround(a_review * reviews) - before;
      before += pieces;
      if (pieces == 0) continue;
      sim::Node lot = sim::Node::map();
      lot.put("pieces", sim::Node::scalar(std::to_string(pieces)));
      lot.put("in_days", number(stage.lead_days - k * tables_.review_days));
      lots.append(std::move(lot));
    }
    return lots;
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
