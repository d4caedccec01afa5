#include "models/lta/decision_data.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace optichain::models::lta {
namespace {

using sim::Cell;

constexpr int quantile_step = 5;  // per cent

/// Measures of an agreement that the store has by quarter, in the order of the store.
std::vector<std::string> ledger_measures(const LtaAnalysis& analysis,
                                         const measures::Entity& agreement) {
  std::vector<std::string> found;
  for (const sim::MeasureRow& m : analysis.results().measures()) {
    const auto figure = measures::FigureName::parse(m.name);
    if (!figure || figure->entity != agreement || !measures::is_quarter(figure->period)) continue;
    if (figure->measure.starts_with("npv_")) continue;
    if (std::find(found.begin(), found.end(), figure->measure) == found.end()) {
      found.push_back(figure->measure);
    }
  }
  return found;
}

}  // namespace

sim::Json option_labels(const LtaAnalysis& analysis) {
  sim::Json labels = sim::Json::object();
  for (const OptionResult& option : analysis.options()) {
    const OptionLabel& label = option.label;
    labels[option.name] = {{"text", label.text}, {"terms", label.terms}, {"price", label.price}};
  }
  return labels;
}

sim::Json party_names(const LtaAnalysis& analysis) {
  sim::Json names = sim::Json::object();
  for (const PartyValue& party : analysis.valuation().parties()) {
    names[party.entity.text()] = {{"name", party.entity.name},
                                  {"group", measures::group_word(party.entity.group)}};
  }
  return names;
}

std::vector<std::string> main_parties(const LtaAnalysis& analysis) {
  std::vector<std::string> names = {analysis.decision().by.text};
  for (const std::string& name : {analysis.buyer(), analysis.seller()}) {
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) {
      names.push_back(name);
    }
  }
  return names;
}

double mean_of(const LtaAnalysis& analysis, const Runs& figure, std::size_t option) {
  const Valuation& v = analysis.valuation();
  double sum = 0, count = 0;
  const std::size_t begin = v.at(option, 0, 0);
  for (std::size_t i = begin; i < begin + v.futures() * v.replications(); ++i) {
    if (std::isnan(figure[i])) continue;
    sum += figure[i];
    count += 1;
  }
  return sum / count;
}

sim::Table spread_table(const LtaAnalysis& analysis) {
  std::vector<sim::Table::Column> columns = {{"party"}, {"option"}};
  for (int q = 0; q <= 100; q += quantile_step) columns.push_back({fmt::format("q{}", q)});
  sim::Table table(columns);
  for (const std::string& name : main_parties(analysis)) {
    for (std::size_t o = 0; o < analysis.options().size(); ++o) {
      if (analysis.options()[o].is_price_variant) continue;
      const auto gains = analysis.sorted_gains(analysis.valuation().party(name), o);
      std::vector<Cell> row = {name, analysis.options()[o].name};
      for (int q = 0; q <= 100; q += quantile_step) row.push_back(sim::quantile(gains, q / 100.0));
      table.add(std::move(row));
    }
  }
  return table;
}

sim::Table party_cash_table(const LtaAnalysis& analysis, std::size_t option) {
  const Valuation& v = analysis.valuation();
  sim::Table table({{"party"},
                    {"quarter"},
                    {"without"},
                    {"with"},
                    {"change"},
                    {"change_low", "from"},
                    {"change_high", "to"}});
  for (const PartyValue& party : v.parties()) {
    for (std::size_t q = 0; q < v.quarters().size(); ++q) {
      const Runs& cash = party.cash[q];
      const sim::Summary change = analysis.change(cash, option);
      table.add({party.entity.text(), v.quarters()[q],
                 mean_of(analysis, cash, analysis.reference()), mean_of(analysis, cash, option),
                 change.mean, change.ci95_low, change.ci95_high});
    }
  }
  return table;
}

sim::Table ledger_table(const LtaAnalysis& analysis) {
  const auto& agreement = analysis.decision().agreement;
  std::vector<sim::Table::Column> columns = {{"option"}, {"quarter"}};
  if (!agreement) return sim::Table(columns);
  const auto entity = measures::of(measures::Group::agreements, *agreement);
  const auto kept = ledger_measures(analysis, entity);
  if (kept.empty()) return sim::Table(columns);
  for (const std::string& measure : kept) columns.push_back({measure});
  sim::Table table(columns);
  for (const std::string& quarter : analysis.valuation().quarters()) {
    std::vector<Runs> figures;
    for (const std::string& measure : kept) {
      const measures::FigureName name{entity, measure, quarter};
      figures.push_back(analysis.results().runs(name.text()));
    }
    for (std::size_t o = 0; o < analysis.options().size(); ++o) {
      const OptionResult& result = analysis.options()[o];
      if (!result.has_agreement || result.is_price_variant) continue;
      std::vector<Cell> row = {result.name, quarter};
      for (const Runs& figure : figures) row.push_back(mean_of(analysis, figure, o));
      table.add(std::move(row));
    }
  }
  return table;
}

}  // namespace optichain::models::lta
