#include "models/condition/report.hpp"

#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace optichain::models::condition {
namespace {

constexpr double says_nothing = 0.95;  // of the spread left, from here on
constexpr double is_wider = 1.05;
constexpr double has_moved = 0.1;  // the median, in parts of the range beforehand

/// Whether an input is as it was drawn: neither narrower, nor elsewhere, nor torn apart.
bool is_as_drawn(const Conditioned::Input& input) {
  const double range = input.before.high - input.before.low;
  return input.spread_left >= says_nothing && input.spread_left <= is_wider &&
         std::abs(input.after.median - input.before.median) <= has_moved * range;
}

std::string named(const Conditioned::Figure& figure) {
  return fmt::format("{} {}", figure.figure->series, figure.figure->period);
}

std::vector<std::string> unreached(const Conditioned& found) {
  std::vector<std::string> names;
  for (const auto& figure : found.figures) {
    if (figure.nearest > implausible) names.push_back(named(figure));
  }
  return names;
}

/// The columns of a range before and after, between others.
sim::Table range_table(std::vector<sim::Table::Column> columns,
                       const std::vector<sim::Table::Column>& last) {
  const std::vector<sim::Table::Column> ranges = {
      {"before_low", "before: 5 %"}, {"before_median", "median"}, {"before_high", "95 %"},
      {"after_low", "after: 5 %"},   {"after_median", "median"},  {"after_high", "95 %"}};
  columns.insert(columns.end(), ranges.begin(), ranges.end());
  columns.insert(columns.end(), last.begin(), last.end());
  return sim::Table(std::move(columns));
}

}  // namespace

std::string summary(const Conditioned& found, const LoadedObservations& observations) {
  const Inference& inference = found.inference;
  std::string text = fmt::format("{}: {} figures, {} futures drawn beforehand",
                                 observations.text.name, found.figures.size(), found.futures);
  if (found.failed > 0) text += fmt::format(" ({} runs failed)", found.failed);
  text += fmt::format(
      ".\n{} of them are ruled out (two figures, or the only one, more than {} standard "
      "deviations off).\nBy their weights they are worth {:.1f} equally likely ones.\n",
      inference.ruled_out, implausible, inference.effective);
  if (inference.refused) return fmt::format("{}Refused: {}.\n", text, *inference.refused);
  if (inference.method == Method::ensemble) {
    std::vector<std::string> spreads;
    for (const double s : inference.spreads) spreads.push_back(fmt::format("{:.2f}", s));
    text += fmt::format(
        "So an ensemble of {} was moved to the figures in {} steps; mean spread of inputs, in "
        "normal "
        "scores: {}.\n",
        inference.members.count(), inference.spreads.size() - 1, fmt::join(spreads, ", "));
  }
  std::vector<std::string> silent, wider;
  for (const auto& input : found.inputs) {
    if (is_as_drawn(input)) silent.push_back(input.name);
    if (input.spread_left > is_wider) wider.push_back(input.name);
  }
  if (!silent.empty()) {
    text += fmt::format("The figures say next to nothing of {}.\n", fmt::join(silent, ", "));
  }
  if (!wider.empty()) {
    text += fmt::format(
        "They leave {} wider than drawn: one part of the figures speaks for one end, another for "
        "the other.\n",
        fmt::join(wider, ", "));
  }
  const auto beyond = unreached(found);
  if (!beyond.empty()) {
    text += fmt::format("No future drawn beforehand comes near {}.\n", fmt::join(beyond, ", "));
  }
  text += fmt::format(
      "{} of {} figures lie within the 90 % ranges that the futures give for them, to which they "
      "were fitted.\n",
      found.held(), found.figures.size());
  return text;
}

sim::Table input_table(const Conditioned& found) {
  sim::Table table = range_table({{"input"}}, {{"spread_left", "spread left"}});
  for (const auto& input : found.inputs) {
    const auto cell = [&](double value, std::size_t label) {
      return input.has_choices ? sim::Cell(input.labels[label]) : sim::Cell(value);
    };
    table.add({input.name, cell(input.before.low, 0), cell(input.before.median, 1),
               cell(input.before.high, 2), cell(input.after.low, 3), cell(input.after.median, 4),
               cell(input.after.high, 5), sim::Cell::percent(input.spread_left)});
  }
  table.title("What the figures did to each uncertainty");
  return table;
}

sim::Table figure_table(const Conditioned& found) {
  sim::Table table =
      range_table({{"series"}, {"period"}, {"published"}},
                  {{"within"}, {"error"}, {"discrepancy"}, {"luck"}, {"nearest", "nearest, sd"}});
  for (const auto& f : found.figures) {
    const bool is_known = !found.inference.refused;
    const auto after = [&](double value) { return is_known ? sim::Cell(value) : sim::Cell(); };
    table.add({f.figure->series, f.figure->period, f.figure->value, f.before.low, f.before.median,
               f.before.high, after(f.after.low), after(f.after.median), after(f.after.high),
               is_known ? sim::Cell(f.is_held ? "yes" : "no") : sim::Cell(),
               sim::Cell::percent(f.figure->error), sim::Cell::percent(f.figure->discrepancy),
               sim::Cell::percent(f.luck), sim::Cell::fixed(f.nearest, 1)});
  }
  table.title("Figures: published, simulated before, and what would be published after");
  return table;
}

}  // namespace optichain::models::condition
