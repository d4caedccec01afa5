#include "models/scenario/network_tables.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "sim/base/number.hpp"
#include "sim/base/rule.hpp"
#include "sim/base/text.hpp"
#include "sim/input/input_file.hpp"

namespace optichain::models::scenario {
namespace {

using Stage = NetworkStage;

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

class StageReader {
 public:
  explicit StageReader(const NetworkTables& tables) : tables_(tables) {}

  std::vector<Stage> read() {
    read_stages();
    read_arcs();
    throw_if_any();
    in_order_of_use();
    throw_if_any();
    return std::move(stages_);
  }

 private:
  void throw_if_any() {
    if (!diagnostics_.empty()) throw sim::InputError(std::move(diagnostics_));
  }

  void read_stages() {
    NamedTable table(tables_.stages_file, "stages", stage_columns(), tables_.format, diagnostics_);
    if (!diagnostics_.empty()) return;
    const double days = tables_.days_per_unit;
    const sim::Rule lead = sim::between(0, std::floor(7 * longest_lead_weeks / days));
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
      stage.wanted_per_week = mean * 7 / days;
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

  const NetworkTables& tables_;
  sim::Diagnostics diagnostics_;
  std::vector<Stage> stages_;
  std::map<std::string, std::size_t> by_name_;
  Keys keys_;
};

}  // namespace

std::vector<NetworkStage> read_network_stages(const NetworkTables& tables) {
  return StageReader(tables).read();
}

}  // namespace optichain::models::scenario
