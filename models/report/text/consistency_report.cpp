#include "models/report/text/consistency_report.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/base/number.hpp"

namespace optichain::models::report {
namespace {

using sim::Cell;
using sim::Table;

constexpr double pinned_down = 0.5, untouched = 0.9;

std::vector<Cell> divide_cells(const claims::Divide& d) {
  if (d.input.empty()) return {"", "", "", ""};
  return {d.input, d.median_first, d.median_second, Cell::fixed(d.larger, 2)};
}

void add(std::vector<Cell>& row, std::vector<Cell> more) {
  std::move(more.begin(), more.end(), std::back_inserter(row));
}

std::string meaning(const claims::CalibrationResult::Fitted& p) {
  std::string text = p.remaining <= pinned_down ? "pinned down"
                     : p.remaining <= untouched ? "narrowed"
                                                : "not identified: the figures say nothing of it";
  if (!p.twin.empty()) text += fmt::format("; hardly to be told from {}", p.twin);
  if (p.factor <= p.low * 1.001 || p.factor >= p.high * 0.999) text += "; at its limit";
  return text;
}

}  // namespace

Table share_table(const claims::Consistency& found) {
  Table table({{"id", ""},
               {"claim"},
               {"holds", "holds in"},
               {"nearest", "nearest"},
               {"input", "decided by"},
               {"median_holds", "median where it holds"},
               {"median_not", "where not"},
               {"larger", "larger where it holds"}});
  table.title(fmt::format("Claims one by one, in {} futures", found.futures));
  for (const auto& of : found.claims) {
    const claims::Claim& c = *of.claim->text;
    std::vector<Cell> row = {of.claim->id, c.claim, Cell::percent(of.share),
                             of.share > 0 ? "" : claims::shown_in(of.nearest, c.unit)};
    add(row, divide_cells(of.divide));
    table.add(std::move(row));
  }
  return table;
}

Table set_table(const claims::Consistency& found, std::size_t most) {
  Table table({{"claims"}, {"futures"}, {"holding"}, {"lacking"}});
  std::vector<std::string> always, nowhere;
  std::size_t open = 0;
  for (const auto& of : found.claims) {
    open += of.is_open();
    if (of.share == 0) nowhere.push_back(of.claim->id);
    if (of.share == 1) always.push_back(of.claim->id);
  }
  table.title(fmt::format(
      "The largest sets of claims that hold together, of {} that hold in some of {} futures", open,
      found.futures));
  const auto text = [](const std::vector<std::string>& ids) {
    return fmt::format("{}", fmt::join(ids, " "));
  };
  for (std::size_t i = 0; i < std::min(most, found.largest.size()); ++i) {
    const auto& set = found.largest[i];
    std::vector<std::string> holding, lacking;
    for (std::size_t c = 0; c < found.claims.size(); ++c) {
      if (!found.claims[c].is_open()) continue;
      const bool is_in = std::find(set.claims.begin(), set.claims.end(), c) != set.claims.end();
      (is_in ? holding : lacking).push_back(found.claims[c].claim->id);
    }
    table.add({set.claims.size(), set.futures, text(holding), text(lacking)});
  }
  table.footer(fmt::format("in every future: {}\nin none: {}{}", text(always), text(nowhere),
                           found.largest.size() > most
                               ? fmt::format("\nand {} smaller sets", found.largest.size() - most)
                               : ""));
  return table;
}

Table conflict_table(const claims::Consistency& found) {
  Table table({{"a", "never together:"},
               {"b", "with"},
               {"futures_a", "holds in"},
               {"futures_b", "holds in"},
               {"expected", "expected"},
               {"input", "decided by"},
               {"median_a", "median of the first"},
               {"median_b", "of the second"},
               {"larger", "larger for the first"}});
  table.title(
      fmt::format("Pairs that never hold together in {} futures, each alone does", found.futures));
  for (const auto& c : found.conflicts) {
    const auto &a = found.claims[c.a], &b = found.claims[c.b];
    std::vector<Cell> row = {a.claim->id, b.claim->id, Cell::percent(a.share),
                             Cell::percent(b.share), Cell::fixed(c.expected, 1)};
    add(row, divide_cells(c.divide));
    table.add(std::move(row));
  }
  table.footer(
      fmt::format("expected: futures with both if they were independent; {} more pairs never hold "
                  "together, but\n"
                  "of them fewer than {} futures would be expected, so that this says nothing",
                  found.too_rare, claims::fewest_expected));
  return table;
}

Table parameter_table(const claims::CalibrationResult& found) {
  Table table({{"parameter"},
               {"factor", "fitted factor"},
               {"range", "may be"},
               {"values"},
               {"remaining", "spread left"},
               {"meaning", ""}});
  table.title("What was fitted");
  for (const auto& p : found.parameters) {
    table.add({p.name, Cell::fixed(p.factor, 3),
               fmt::format("{} to {}", sim::format_short(p.low), sim::format_short(p.high)),
               p.paths.size(), Cell::percent(p.remaining), meaning(p)});
  }
  table.footer(fmt::format(
      "loss {:.1f} before, {:.1f} after (of that the figures {:.1f} and {:.1f}), {} steps, {} "
      "runs;\n"
      "{} values were multiplied; of the scenario's {} numbers all others stay as they were",
      found.loss_before, found.loss, found.figures_before, found.figures, found.steps, found.runs,
      found.touched, found.numbers));
  return table;
}

Table fit_table(const claims::LoadedClaims& claims, const claims::CalibrationResult& found) {
  Table table({{"observation"},
               {"use"},
               {"published"},
               {"before"},
               {"after"},
               {"error_before", "off before"},
               {"error_after", "off after"},
               {"may_be", "may be off"}});
  table.title("What it was fitted to, and what was held out");
  for (std::size_t i = 0; i < found.observations.size(); ++i) {
    const auto& o = found.observations[i];
    const claims::Observation& text = *claims.observations[i].text;
    const auto off = [&](double x) {
      return fmt::format("{:+.0f} %", 100 * (x / o.published - 1));
    };
    table.add({text.observed, o.fit ? "fitted" : "held out",
               claims::shown_in(o.published, text.unit), claims::shown_in(o.before, text.unit),
               claims::shown_in(o.after, text.unit), off(o.before), off(o.after),
               Cell::percent(o.error)});
  }
  return table;
}

}  // namespace optichain::models::report
