#include "models/report/text/explanation.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/base/check.hpp"
#include "sim/base/number.hpp"
#include "sim/base/quantity.hpp"

namespace optichain::models::report {
namespace {

using sim::Cell;
using sim::Table;

/// What the name of a cause says: kind/item/where.
struct CauseName {
  std::string kind, item, where;
};

bool is_cause(const std::string& node) {
  return node.find('/') != std::string::npos;
}

CauseName parse_cause(const std::string& name) {
  const std::size_t first = name.find('/'), second = name.find('/', first + 1);
  OPTICHAIN_CHECK(second != std::string::npos, "{} is no cause", name);
  return {name.substr(0, first), name.substr(first + 1, second - first - 1),
          name.substr(second + 1)};
}

/// site.item and customer.product without the place.
std::string item_of(const std::string& node) {
  return node.substr(node.find('.') + 1);
}

std::string pieces_text(double pieces) {
  return sim::format_short(std::round(pieces));
}

class Explanation {
 public:
  Explanation(const run::StoredTraces& traces, const ExplanationOptions& options)
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
    std::map<std::pair<std::string, std::string>, std::vector<std::int64_t>> rows;
    std::vector<std::int64_t> all(traces_.periods.size(), 0);
    for (std::size_t p = 0; p < all.size(); ++p) {
      for (const world::Trace& t : traces_.periods[p].traces) {
        if (!is_cause(t.to)) continue;
        const CauseName cause = parse_cause(t.to);
        auto& row = rows[{cause.kind, cause.item}];
        row.resize(all.size(), 0);
        row[p] += t.pieces;
        all[p] += t.pieces;
      }
    }
    using Row = std::pair<std::string, std::vector<std::int64_t>>;
    std::vector<Row> shown;
    std::vector<std::int64_t> rest(all.size(), 0);
    std::size_t small = 0;
    const double least = options_.least * std::abs(static_cast<double>(all.back()));
    for (const auto& [key, row] : rows) {
      if (std::abs(static_cast<double>(row.back())) >= least && row.back() != 0) {
        shown.emplace_back(fmt::format("{} {}", key.second, key.first), row);
        continue;
      }
      ++small;
      for (std::size_t p = 0; p < rest.size(); ++p) rest[p] += row[p];
    }
    std::stable_sort(shown.begin(), shown.end(),
                     [](const Row& a, const Row& b) { return a.second.back() > b.second.back(); });
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
    table.footer(
        "capacity: a line is full; limit: a recipe's own tools and ramp; lead_time: under way;\n"
        "planning: nothing was under way though it could have been; program: an export control, "
        "an\n"
        "exit or a breakdown; reserved: kept for the holder of an agreement; revision: wanted on\n"
        "shorter notice than the longest way takes; earlier: orders from before");
    return table.text(options_.colour);
  }

  // --- the tree ---
  struct Flow {
    std::map<std::string, std::int64_t> to;
    std::int64_t total = 0;
  };

  std::string label(const std::string& node) const {
    return options_.by_site ? node : item_of(node);
  }
  /// Flows between labels. What stays within a label is no step of the way.
  std::map<std::string, Flow> flows() const {
    std::map<std::string, Flow> all;
    for (const world::Trace& t : period_->traces) {
      const std::string from = label(t.from);
      const std::string to = is_cause(t.to) ? t.to : label(t.to);
      if (from == to) continue;
      all[from].to[to] += t.pieces;
      all[from].total += t.pieces;
    }
    return all;
  }

  std::string tree() {
    flows_ = flows();
    std::map<std::string, std::int64_t> roots;  // what no one handed on
    for (const auto& [from, flow] : flows_) {
      roots[from] += flow.total;
      for (const auto& [to, pieces] : flow.to) {
        if (!is_cause(to)) roots[to] -= pieces;
      }
    }
    std::erase_if(roots, [](const auto& root) { return root.second == 0; });
    all_ = 0;
    for (const auto& [name, pieces] : roots) all_ += pieces;
    std::string text = fmt::format("{} pieces wanted and not shipped {}\n", mean_text(all_),
                                   period_->period == "all" ? "in all" : "in " + period_->period);
    write_children(text, "", to_parts(roots), {});
    return text;
  }

  struct Part {
    std::string name;
    std::int64_t pieces;
  };
  static std::vector<Part> to_parts(const std::map<std::string, std::int64_t>& map) {
    std::vector<Part> parts;
    for (const auto& [name, pieces] : map) parts.push_back({name, pieces});
    std::stable_sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
      return std::abs(a.pieces) > std::abs(b.pieces);
    });
    return parts;
  }

  /// Where pieces at a node went on to, in proportion to all that went through it; the parts sum to
  /// the pieces.
  std::vector<Part> split(const Flow& flow, std::int64_t pieces) const {
    std::vector<Part> parts = to_parts(flow.to);
    std::int64_t given = 0;
    const double part_of_flow = static_cast<double>(pieces) / static_cast<double>(flow.total);
    for (Part& part : parts) {
      part.pieces = sim::to_whole(static_cast<double>(part.pieces) * part_of_flow);
      given += part.pieces;
    }
    parts.front().pieces += pieces - given;
    return parts;
  }

  bool is_small(std::int64_t pieces) const {
    return std::abs(static_cast<double>(pieces)) <
           options_.least * std::abs(static_cast<double>(all_));
  }

  void write_children(std::string& text, const std::string& indent, const std::vector<Part>& parts,
                      const std::vector<std::string>& way) {
    // causes of one kind are one branch, with the places in it
    std::vector<Part> branches;
    std::map<std::string, std::vector<Part>> places;
    std::int64_t small = 0;
    for (const Part& part : parts) {
      if (!is_cause(part.name)) {
        if (is_small(part.pieces)) {
          small += part.pieces;
        } else {
          branches.push_back(part);
        }
        continue;
      }
      const std::string kind = parse_cause(part.name).kind;
      auto& of_kind = places[kind];
      if (of_kind.empty()) branches.push_back({kind + "/", 0});
      of_kind.push_back(part);
    }
    for (Part& branch : branches) {
      if (!branch.name.ends_with('/')) continue;
      for (const Part& place : places[branch.name.substr(0, branch.name.size() - 1)]) {
        branch.pieces += place.pieces;
      }
    }
    std::erase_if(branches, [&](const Part& branch) {
      const bool gone = is_small(branch.pieces);
      if (gone) small += branch.pieces;
      return gone;
    });
    std::stable_sort(branches.begin(), branches.end(), [](const Part& a, const Part& b) {
      return std::abs(a.pieces) > std::abs(b.pieces);
    });
    if (small != 0) branches.push_back({"", small});
    for (std::size_t b = 0; b < branches.size(); ++b) {
      const bool last = b + 1 == branches.size();
      const Part& branch = branches[b];
      text += indent + (last ? "└─ " : "├─ ");
      const std::string deeper = indent + (last ? "   " : "│  ");
      if (branch.name.empty()) {
        text += fmt::format("smaller parts {}\n", mean_text(branch.pieces));
      } else if (branch.name.ends_with('/')) {
        const std::string kind = branch.name.substr(0, branch.name.size() - 1);
        text += fmt::format("{} {} ({}): {}\n", kind, mean_text(branch.pieces),
                            percent(branch.pieces, all_), places_text(places[kind], branch.pieces));
      } else {
        write_node(text, deeper, branch, way);
      }
    }
  }

  void write_node(std::string& text, const std::string& indent, const Part& node,
                  std::vector<std::string> way) {
    text +=
        fmt::format("{} {} ({})\n", node.name, mean_text(node.pieces), percent(node.pieces, all_));
    const auto flow = flows_.find(node.name);
    const bool again = std::find(way.begin(), way.end(), node.name) != way.end();
    if (again || flow == flows_.end() || flow->second.total == 0) return;
    way.push_back(node.name);
    if (!told_.insert(node.name)
             .second) {  // pieces of one node go on alike, wherever they came from
      text += indent + "└─ as above\n";
      return;
    }
    write_children(text, indent, split(flow->second, node.pieces), way);
  }

  std::string places_text(const std::vector<Part>& places, std::int64_t all) const {
    constexpr std::size_t most = 3;
    std::vector<std::string> texts;
    for (std::size_t p = 0; p < std::min(most, places.size()); ++p) {
      const std::string where = parse_cause(places[p].name).where;
      texts.push_back(
          places.size() == 1 ? where : fmt::format("{} {}", where, percent(places[p].pieces, all)));
    }
    if (places.size() > most) texts.push_back(fmt::format("{} more", places.size() - most));
    return fmt::format("{}", fmt::join(texts, ", "));
  }

  std::string mean_text(std::int64_t sum) const {
    return pieces_text(static_cast<double>(sum) / runs_);
  }
  static std::string percent(std::int64_t part, std::int64_t whole) {
    const double share = static_cast<double>(part) / static_cast<double>(whole);
    return fmt::format("{:.0f} %", std::round(100 * share) + 0.0);
  }

  const run::StoredTraces& traces_;
  const ExplanationOptions& options_;
  double runs_;
  const run::PeriodTraces* period_ = nullptr;
  std::map<std::string, Flow> flows_;
  std::set<std::string> told_;
  std::int64_t all_ = 0;
};

}  // namespace

sim::Table cause_table(const run::StoredTraces& traces) {
  std::vector<Table::Column> columns = {{"kind"}, {"item"}, {"where"}};
  std::map<std::string, std::vector<double>> rows;
  const auto runs = static_cast<double>(traces.replications.size());
  for (std::size_t p = 0; p < traces.periods.size(); ++p) {
    columns.push_back({traces.periods[p].period});
    for (const world::Trace& t : traces.periods[p].traces) {
      if (!is_cause(t.to)) continue;
      auto& row = rows[t.to];
      row.resize(traces.periods.size(), 0);
      row[p] += static_cast<double>(t.pieces) / runs;
    }
  }
  Table table(columns);
  for (const auto& [name, pieces] : rows) {
    const CauseName cause = parse_cause(name);
    std::vector<Cell> cells = {cause.kind, cause.item, cause.where};
    for (const double value : pieces) cells.emplace_back(value);
    table.add(std::move(cells));
  }
  return table;
}

std::string explanation(const run::StoredTraces& traces, const ExplanationOptions& options) {
  return Explanation(traces, options).write();
}

sim::Json explanation_json(const run::StoredTraces& traces) {
  const auto runs = static_cast<double>(traces.replications.size());
  sim::Json json = {{"scenario", traces.scenario},
                    {"replications", traces.replications.size()},
                    {"causes", cause_table(traces).json()}};
  sim::Json& periods = json["traces"] = sim::Json::object();
  for (const auto& p : traces.periods) {
    sim::Json& list = periods[p.period] = sim::Json::array();
    for (const world::Trace& t : p.traces) {
      list.push_back(
          {{"from", t.from}, {"to", t.to}, {"pieces", static_cast<double>(t.pieces) / runs}});
    }
  }
  return json;
}

}  // namespace optichain::models::report
