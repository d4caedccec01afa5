#include "models/report/text/explanation.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/causes/kinds.hpp"
#include "models/causes/trace.hpp"
#include "models/causes/tree.hpp"
#include "sim/base/amount.hpp"
#include "sim/base/check.hpp"
#include "sim/base/number.hpp"
#include "sim/base/quantity.hpp"

namespace optichain::models::report {
namespace {

using causes::cause_name;
using causes::CauseName;
using causes::is_cause;
using sim::Cell;
using sim::Json;
using sim::Table;

std::string pieces_text(double pieces) {
  return sim::format_short(std::round(pieces));
}

class CauseText {
 public:
  CauseText(const run::StoredTraces& traces, const ExplanationOptions& options)
      : traces_(traces),
        options_(options),
        runs_(static_cast<double>(traces.replications.size())) {}

  std::string write() {
    find_period();
    std::string text =
        fmt::format("{}: why pieces are missing{}\n\n", traces_.scenario,
                    runs_ > 1 ? fmt::format(", mean of {} replications", runs_) : "");
    text += causes_by_year();
    text += "\n" + tree();
    return text;
  }

 private:
  void find_period() {
    std::vector<std::string> known;
    for (const auto& p : traces_.periods) {
      known.push_back(p.period);
      if (p.period == options_.period) period_ = &p;
    }
    if (!period_) {
      sim::fail("there is no period \"{}\": there are {}", options_.period, fmt::join(known, ", "));
    }
  }

  // --- the table: kinds and items ---
  std::string causes_by_year() const {
    using Pieces = std::vector<std::int64_t>;  // by period
    const std::size_t periods = traces_.periods.size();
    std::map<std::string, Pieces> rows;  // by cause in words
    Pieces all(periods, 0);
    for (std::size_t p = 0; p < periods; ++p) {
      for (const causes::Trace& t : traces_.periods[p].traces) {
        if (!is_cause(t.to)) continue;
        const CauseName cause = cause_name(t.to);
        Pieces& row = rows[causes::phrase(cause.kind, cause.item)];
        row.resize(periods, 0);
        row[p] += t.pieces;
        all[p] += t.pieces;
      }
    }
    // those that the tree of the whole run tells, in its order
    std::vector<std::pair<std::string, Pieces>> shown;
    Pieces rest = all;
    const causes::Trees trees(traces_.periods.back().traces, tree_options());
    for (const causes::TreeRow& row : trees.causes().rows) {
      if (row.kind != causes::TreeRow::Kind::cause || row.pieces == 0) continue;
      const Pieces& pieces = shown.emplace_back(row.name, rows.at(row.name)).second;
      for (std::size_t p = 0; p < periods; ++p) rest[p] -= pieces[p];
    }
    const std::size_t small = rows.size() - shown.size();
    if (small > 0) shown.emplace_back(fmt::format("{} smaller causes", small), rest);
    shown.emplace_back("unmet", all);

    std::vector<Table::Column> columns = {{"cause", "Root cause"}};
    for (const auto& p : traces_.periods) columns.push_back({p.period});
    columns.push_back({"share"});
    Table table(columns);
    for (const auto& [name, row] : shown) {
      std::vector<Cell> cells = {name};
      for (const std::int64_t pieces : row) cells.emplace_back(mean_text(pieces));
      cells.emplace_back(all.back() == 0 ? "" : percent(row.back(), all.back()));
      table.add(std::move(cells));
    }
    table.footer(causes::legend(100));
    return table.text(options_.colour);
  }

  // --- the tree ---
  std::string tree() const {
    const causes::Tree tree = causes::Trees(period_->traces, tree_options()).all();
    std::string text =
        fmt::format("{} pieces wanted and not shipped {}\n", pieces_text(tree.pieces),
                    period_->period == "all" ? "in all" : "in " + period_->period);
    std::vector<std::string> indents = {""};  // by depth
    for (std::size_t r = 0; r < tree.rows.size(); ++r) {
      const causes::TreeRow& row = tree.rows[r];
      const bool last = is_last(tree.rows, r);
      indents.resize(row.depth + 1);
      text += fmt::format("{}{}{}\n", indents.back(), last ? "└─ " : "├─ ", row_text(row));
      indents.push_back(indents.back() + (last ? "   " : "│  "));
    }
    return text;
  }

  /// Whether no other row follows that is a part of the same.
  static bool is_last(const std::vector<causes::TreeRow>& rows, std::size_t r) {
    for (std::size_t next = r + 1; next < rows.size(); ++next) {
      if (rows[next].depth <= rows[r].depth) return rows[next].depth < rows[r].depth;
    }
    return true;
  }

  static std::string row_text(const causes::TreeRow& row) {
    const std::string text = fmt::format("{} {}", row_name(row), row_amount(row));
    if (row.kind == causes::TreeRow::Kind::repeated) return text + ", as above";
    return row.where.empty() ? text : fmt::format("{}: {}", text, row.where);
  }

  causes::TreeOptions tree_options() const { return {runs_, options_.by_site, options_.least}; }
  std::string mean_text(std::int64_t sum) const {
    return pieces_text(static_cast<double>(sum) / runs_);
  }
  static std::string percent(std::int64_t part, std::int64_t whole) {
    return sim::percent_text(static_cast<double>(part) / static_cast<double>(whole));
  }

  const run::StoredTraces& traces_;
  const ExplanationOptions& options_;
  double runs_;
  const run::PeriodTraces* period_ = nullptr;
};

constexpr std::string_view kind_words[] = {"step", "repeated", "cause", "rest"};

Json rows_json(const causes::Tree& tree) {
  Json rows = Json::array();
  for (const causes::TreeRow& row : tree.rows) {
    Json& json = rows.emplace_back(
        Json{{"depth", row.depth}, {"kind", kind_words[static_cast<std::size_t>(row.kind)]}});
    json["name"] = row_name(row);
    json["text"] = row_amount(row);
    json["pieces"] = row.pieces;
    json["share"] = row.share;
    if (!row.where.empty()) json["where"] = row.where;
  }
  return rows;
}

}  // namespace

std::string row_name(const causes::TreeRow& row) {
  return row.kind == causes::TreeRow::Kind::rest ? "smaller parts" : row.name;
}

std::string row_amount(const causes::TreeRow& row) {
  return fmt::format("{} ({})", pieces_text(row.pieces), sim::percent_text(row.share));
}

sim::Table cause_table(const run::StoredTraces& traces) {
  std::vector<Table::Column> columns = {{"kind"}, {"item"}, {"where"}};
  std::map<std::string, std::vector<double>> rows;
  const auto runs = static_cast<double>(traces.replications.size());
  for (std::size_t p = 0; p < traces.periods.size(); ++p) {
    columns.push_back({traces.periods[p].period});
    for (const causes::Trace& t : traces.periods[p].traces) {
      if (!is_cause(t.to)) continue;
      auto& row = rows[t.to];
      row.resize(traces.periods.size(), 0);
      row[p] += static_cast<double>(t.pieces) / runs;
    }
  }
  Table table(columns);
  for (const auto& [name, pieces] : rows) {
    const CauseName cause = cause_name(name);
    std::vector<Cell> cells = {cause.kind, cause.item, cause.where};
    for (const double value : pieces) cells.emplace_back(value);
    table.add(std::move(cells));
  }
  return table;
}

std::string explanation(const run::StoredTraces& traces, const ExplanationOptions& options) {
  return CauseText(traces, options).write();
}

Json explanation_json(const run::StoredTraces& traces) {
  const auto runs = static_cast<double>(traces.replications.size());
  Json json = {{"scenario", traces.scenario},
               {"replications", traces.replications.size()},
               {"causes", cause_table(traces).json()}};
  Json periods = Json::object(), trees = Json::object();
  for (const auto& p : traces.periods) {
    const causes::Trees by_item(p.traces, {.divisor = runs});
    const causes::Trees by_site(p.traces, {.divisor = runs, .by_site = true});
    trees[p.period] = {{"causes", rows_json(by_item.causes())},
                       {"item", rows_json(by_item.all())},
                       {"site", rows_json(by_site.all())}};
    Json& list = periods[p.period] = Json::array();
    for (const causes::Trace& t : p.traces) {
      list.push_back(
          {{"from", t.from}, {"to", t.to}, {"pieces", static_cast<double>(t.pieces) / runs}});
    }
  }
  json["traces"] = std::move(periods);
  json["trees"] = std::move(trees);
  return json;
}

}  // namespace optichain::models::report
