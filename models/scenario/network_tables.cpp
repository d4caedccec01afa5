#include "models/scenario/network_tables.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "models/scenario/load.hpp"
#include "sim/base/number.hpp"
#include "sim/base/rule.hpp"
#include "sim/base/text.hpp"
#include "sim/input/input_file.hpp"
#include "sim/input/node.hpp"
#include "sim/input/yaml.hpp"

namespace optichain::models::scenario {
namespace {

constexpr double week = 7;              // days
constexpr double usual_cap_weeks = 52;  // the same
constexpr double longest_cap_weeks = 1040;
constexpr std::size_t longest_key = 64;

// --- tables ------------------------------------------------------------------------------------

struct ColumnNames {
  std::string_view ours;
  std::vector<std::string_view> names;  // in small letters, without what joins words
  bool required = false;
  bool number = false;
};

const std::vector<ColumnNames>& stage_columns() {
  static const std::vector<ColumnNames> columns = {
      {"name", {"name", "stagename", "stage"}, true, false},
      {"lead_time", {"leadtime", "stagetime"}, true, true},
      {"cost_added", {"costadded", "stagecost", "cost"}, true, true},
      {"demand_mean", {"demandmean", "avgdemand"}, false, true},
      {"demand_sd", {"demandsd", "stdevdemand", "stddevdemand"}, false, true},
      {"lead_time_sd", {"leadtimesd", "stddevstagetime", "stdevstagetime"}, false, true},
  };
  return columns;
}

const std::vector<ColumnNames>& arc_columns() {
  static const std::vector<ColumnNames> columns = {
      {"from", {"from", "sourcestage", "source"}, true, false},
      {"to", {"to", "destinationstage", "destination"}, true, false},
      {"pieces", {"pieces", "quantity"}, false, true},
  };
  return columns;
}

std::string without_joints(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c == ' ' || c == '\t' || c == '_' || c == '.' || c == '-') continue;
    plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return plain;
}

/// A table whose columns are known by our names.
class NamedTable {
 public:
  NamedTable(const std::string& file, std::string_view kind,
             const std::vector<ColumnNames>& columns, const sim::CsvFormat& format,
             sim::Diagnostics& diagnostics)
      : diagnostics_(diagnostics) {
    const std::size_t before = diagnostics.size();
    const auto text = sim::read_input_file(file, {}, "", diagnostics);
    if (!text) return;
    auto table = sim::read_csv(*text, file, format, "", diagnostics);
    if (!table) return;
    std::vector<std::size_t> numbers;
    for (const ColumnNames& column : columns) {
      if (const auto at = find(*table, column, kind)) {
        columns_[column.ours] = *at;
        if (column.number) numbers.push_back(*at);
      }
    }
    if (diagnostics.size() != before) return;
    sim::plain_numbers(*table, numbers, "", diagnostics);
    // what spreadsheets leave below a table
    std::erase_if(table->rows, [](const std::vector<sim::CsvCell>& row) {
      return std::all_of(row.begin(), row.end(),
                         [](const sim::CsvCell& cell) { return cell.text.empty(); });
    });
    if (diagnostics.size() == before) table_ = std::move(*table);
  }

  std::size_t rows() const { return table_.rows.size(); }
  /// Nothing where the table has no such column.
  const sim::CsvCell* cell(std::size_t row, std::string_view ours) const {
    const auto at = columns_.find(ours);
    return at == columns_.end() ? nullptr : &table_.rows[row][at->second];
  }
  const std::string& text(std::size_t row, std::string_view ours) const {
    return cell(row, ours)->text;
  }
  /// A number within its limits; `empty` where nothing stands.
  double number(std::size_t row, std::string_view ours, const sim::Rule& rule,
                std::optional<double> empty) {
    const sim::CsvCell* given = cell(row, ours);
    if (empty && (!given || given->text.empty())) return *empty;
    const auto value = sim::parse_number(given->text);
    if (value && rule.allows(*value)) return *value;
    error(row, ours,
          fmt::format("expected {}, received {}", rule.expected(false, value),
                      sim::in_quotes(given->text)));
    return rule.min;
  }
  void error(std::size_t row, std::string_view ours, std::string message,
             std::vector<std::string> notes = {}) {
    diagnostics_.error(table_.mark(*cell(row, ours)), std::string(ours), std::move(message),
                       std::move(notes));
  }

 private:
  std::optional<std::size_t> find(const sim::CsvTable& table, const ColumnNames& column,
                                  std::string_view kind) {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < table.header.size(); ++i) {
      const std::string plain = without_joints(table.header[i].text);
      const bool fits =
          std::find(column.names.begin(), column.names.end(), plain) != column.names.end();
      if (!fits) continue;
      if (found) {
        diagnostics_.error(
            table.mark(table.header[i]), "",
            fmt::format("there are two columns for {}", column.ours),
            {fmt::format("the first at {}", table.mark(table.header[*found]).text())});
      } else {
        found = i;
      }
    }
    if (!found && column.required) {
      diagnostics_.error({table.file, 1, 1}, "",
                         fmt::format("expected a column `{}` among the {}", column.ours, kind),
                         sim::suggestion(column.ours, table.names(), "columns"));
    }
    return found;
  }

  sim::Diagnostics& diagnostics_;
  sim::CsvTable table_;
  std::map<std::string_view, std::size_t> columns_;
};

// --- stages ------------------------------------------------------------------------------------

struct Stage {
  std::string name;
  std::string key;
  std::string market;  // its key; empty without customers
  std::size_t row = 0;
  double lead_days = 0, lead_sd_days = 0;
  double cost_added_usd = 0;
  double wanted_per_week = 0;  // by customers
  double relative_sd = 0;      // of what they want in a review period
  struct Input {
    std::size_t stage;
    double pieces;
  };
  std::vector<Input> inputs;
  double cost_usd = 0;  // with that of its inputs
};

/// Keys of YAML for names; names that become the same key are told apart by a number.
class Keys {
 public:
  std::string unique(const std::string& name) {
    std::string key;
    for (const char c : name) {
      const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      const bool plain = (small >= 'a' && small <= 'z') || sim::is_digit(small);
      if (plain) {
        key += small;
      } else if (!key.empty() && key.back() != '_') {
        key += '_';
      }
    }
    while (!key.empty() && key.back() == '_') key.pop_back();
    if (key.empty()) key = "stage";
    if (sim::is_digit(key.front())) key = "stage_" + key;
    key.resize(std::min(key.size(), longest_key - 10));
    std::string unique = key;
    for (int number = 2; !taken_.insert(unique).second; ++number) {
      unique = fmt::format("{}_{}", key, number);
    }
    return unique;
  }

 private:
  std::set<std::string> taken_ = {"any"};  // means every party
};

class Importer {
 public:
  explicit Importer(const NetworkTables& tables) : tables_(tables) {}

  ImportedNetwork run() {
    read_stages();
    read_arcs();
    throw_if_any();
    in_order_of_use();
    throw_if_any();
    ImportedNetwork out;
    out.stages = stages_.size();
    for (const Stage& stage : stages_) {
      out.arcs += stage.inputs.size();
      if (!stage.market.empty()) ++out.markets;
    }
    out.yaml = fmt::format("# Made from {} and {} by `optichain import`.\n",
                           file_name(tables_.stages_file), file_name(tables_.arcs_file));
    write_block(out.yaml, scenario(), 0);
    scenario_from_text(out.yaml, "the scenario made of " + tables_.stages_file);
    return out;
  }

 private:
  static std::string file_name(const std::string& path) {
    return sim::in_quotes(std::filesystem::path(path).filename().string());
  }
  void throw_if_any() {
    if (!diagnostics_.empty()) throw sim::InputError(std::move(diagnostics_));
  }

  void read_stages() {
    NamedTable table(tables_.stages_file, "stages", stage_columns(), tables_.format, diagnostics_);
    if (!diagnostics_.empty()) return;
    const double days = tables_.days_per_unit;
    const sim::Rule lead = sim::between(0, std::floor(longest_cap_weeks * week / days));
    const sim::Rule amount = sim::between(0, 1e9);
    for (std::size_t row = 0; row < table.rows(); ++row) {
      Stage stage;
      stage.name = table.text(row, "name");
      stage.row = row;
      if (stage.name.empty()) {
        table.error(row, "name", "expected a name, received nothing");
        continue;
      }
      const auto [first, is_new] = by_name_.try_emplace(stage.name, stages_.size());
      if (!is_new) {
        table.error(row, "name",
                    fmt::format("{} stands in line {} already", sim::in_quotes(stage.name),
                                table.cell(stages_[first->second].row, "name")->line));
        continue;
      }
      stage.lead_days = table.number(row, "lead_time", lead, std::nullopt) * days;
      stage.lead_sd_days = table.number(row, "lead_time_sd", lead, 0.0) * days;
      if (stage.lead_sd_days > 0 && stage.lead_days == 0) {
        table.error(row, "lead_time_sd", "a lead time of 0 cannot vary");
      }
      stage.cost_added_usd = table.number(row, "cost_added", amount, std::nullopt);
      const double mean = table.number(row, "demand_mean", amount, 0.0);
      const double sd = table.number(row, "demand_sd", amount, 0.0);
      stage.wanted_per_week = mean * week / days;
      if (mean > 0) stage.relative_sd = sd / mean / std::sqrt(tables_.review_days / days);
      if (mean == 0 && sd > 0) table.error(row, "demand_sd", "a demand of 0 cannot vary");
      stages_.push_back(std::move(stage));
    }
    // customers have names of their own, which no stage may have, too
    for (Stage& stage : stages_) stage.key = keys_.unique(stage.name);
    bool wanted = false;
    for (Stage& stage : stages_) {
      if (stage.wanted_per_week <= 0) continue;
      wanted = true;
      stage.market = keys_.unique("market of " + stage.key);
    }
    if (wanted || !diagnostics_.empty()) return;
    diagnostics_.error({std::make_shared<const std::string>(tables_.stages_file), 1, 1}, "",
                       stages_.empty() ? "expected stages, received none"
                                       : "expected a demand_mean above 0 at one stage at least, so "
                                         "that somebody buys");
  }

  void read_arcs() {
    NamedTable table(tables_.arcs_file, "arcs", arc_columns(), tables_.format, diagnostics_);
    std::vector<std::string> names;
    for (const Stage& stage : stages_) names.push_back(stage.name);
    std::set<std::pair<std::size_t, std::size_t>> seen;
    for (std::size_t row = 0; row < table.rows(); ++row) {
      const auto stage_of = [&](std::string_view end) -> std::optional<std::size_t> {
        const std::string& name = table.text(row, end);
        const auto found = by_name_.find(name);
        if (found != by_name_.end()) return found->second;
        if (!stages_.empty()) {
          table.error(row, end, fmt::format("there is no stage {}", sim::in_quotes(name)),
                      sim::suggestion(name, names, "stages"));
        }
        return std::nullopt;
      };
      const auto from = stage_of("from"), to = stage_of("to");
      const double pieces = table.number(row, "pieces", sim::between(1e-6, 1e6), 1.0);
      if (!from || !to || std::max(*from, *to) >= stages_.size()) continue;
      const std::string user = sim::in_quotes(stages_[*to].name);
      if (*from == *to) {
        table.error(row, "to", fmt::format("{} cannot be made of itself", user));
      } else if (!seen.emplace(*from, *to).second) {
        table.error(row, "from",
                    fmt::format("the arc from {} to {} stands here twice",
                                sim::in_quotes(stages_[*from].name), user));
      } else {
        stages_[*to].inputs.push_back({*from, pieces});
      }
    }
  }

  /// Costs with all that went into a piece, and needs with those of the users; an error where arcs
  /// go round.
  void in_order_of_use() {
    std::vector<std::vector<std::size_t>> users(stages_.size());
    std::vector<std::size_t> left(stages_.size()), order;
    for (std::size_t s = 0; s < stages_.size(); ++s) {
      left[s] = stages_[s].inputs.size();
      if (left[s] == 0) order.push_back(s);
      for (const Stage::Input& input : stages_[s].inputs) users[input.stage].push_back(s);
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
      Stage& stage = stages_[order[i]];
      stage.cost_usd = stage.cost_added_usd;
      for (const Stage::Input& input : stage.inputs)
        stage.cost_usd += stages_[input.stage].cost_usd * input.pieces;
      for (const std::size_t user : users[order[i]]) {
        if (--left[user] == 0) order.push_back(user);
      }
    }
    if (order.size() < stages_.size()) {
      const auto in_circle =
          std::find_if(left.begin(), left.end(), [](std::size_t count) { return count > 0; });
      diagnostics_.error(
          {std::make_shared<const std::string>(tables_.arcs_file), 1, 1}, "",
          fmt::format(
              "arcs go round in a circle, past {}",
              sim::in_quotes(stages_[static_cast<std::size_t>(in_circle - left.begin())].name)));
      return;
    }
  }

  // --- the scenario ---

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
    if (stage.lead_days > usual_cap_weeks * week) {
      offer.put("replenish",
                under("order_up_to", under("lead_time_cap_weeks", number(longest_cap_weeks))));
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
  sim::Diagnostics diagnostics_;
  std::vector<Stage> stages_;
  std::map<std::string, std::size_t> by_name_;
  Keys keys_;
};

}  // namespace

ImportedNetwork import_network(const NetworkTables& tables) {
  return Importer(tables).run();
}

}  // namespace optichain::models::scenario
