#include "models/lta/report.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "models/lta/decision_data.hpp"
#include "models/lta/recommendation.hpp"
#include "sim/base/amount.hpp"

namespace optichain::models::lta {
namespace {

using sim::Cell;

/// Amounts are shown short and kept in full.
Cell usd_cell(double usd) {
  return Cell(usd);
}
Cell maybe(const std::optional<double>& value) {
  return value ? Cell(*value) : Cell();
}

std::vector<std::size_t> by_gain(const LtaAnalysis& analysis, bool with_price_variants) {
  std::vector<std::size_t> order;
  for (std::size_t o = 0; o < analysis.options().size(); ++o) {
    if (with_price_variants || !analysis.options()[o].is_price_variant) order.push_back(o);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return analysis.options()[a].value.mean > analysis.options()[b].value.mean;
  });
  return order;
}

}  // namespace

sim::Table option_table(const LtaAnalysis& analysis, bool with_price_variants) {
  sim::Table table({{"option"},
                    {"volume"},
                    {"take_or_pay", "take or pay"},
                    {"price"},
                    {"npv", "NPV"},
                    {"gain"},
                    {"gain_low", "from"},
                    {"gain_high", "to"},
                    {"p05", "5 %"},
                    {"p95", "95 %"},
                    {"var", "VaR"},
                    {"cvar", "CVaR"},
                    {"cvar_cases", "mean of"},
                    {"right", "right in"},
                    {"regret"},
                    {"fill_holder", "fill, holder"},
                    {"fill_others", "others"},
                    {"days_holder", "days, holder"},
                    {"days_others", "others"},
                    {"waiting_holder", "still wait, holder"},
                    {"waiting_others", "others"},
                    {"replications", "KN used"},
                    {"left"}});
  table.title(fmt::format("Options of {} on {}; gains over {}, in USD", analysis.decision().by.text,
                          sim::format_time(analysis.decision().date),
                          analysis.decision().reference));
  for (const std::size_t o : by_gain(analysis, with_price_variants)) {
    const OptionResult& option = analysis.options()[o];
    const Gain& gain = option.gain;
    table.add({option.name,
               maybe(option.volume),
               maybe(option.take_or_pay),
               maybe(option.price),
               usd_cell(option.value.mean),
               usd_cell(gain.mean.mean),
               usd_cell(gain.mean.ci95_low),
               usd_cell(gain.mean.ci95_high),
               usd_cell(gain.p05),
               usd_cell(gain.p95),
               usd_cell(gain.risk.value_at_risk),
               usd_cell(gain.risk.mean_beyond),
               gain.risk.cases,
               Cell::percent(gain.better.mean),
               option.is_price_variant ? Cell() : usd_cell(option.regret),
               Cell::percent(option.fill_holder),
               Cell::percent(option.fill_others),
               Cell::fixed(option.days_holder, 0),
               Cell::fixed(option.days_others, 0),
               option.waiting_holder,
               option.waiting_others,
               option.is_price_variant ? Cell() : Cell(option.replications_spent),
               option.is_left ? "yes" : ""});
  }
  return table;
}

sim::Table party_table(const LtaAnalysis& analysis, std::size_t option) {
  sim::Table table({{"party"},
                    {"gain"},
                    {"gain_low", "from"},
                    {"gain_high", "to"},
                    {"p05", "5 %"},
                    {"p50", "median"},
                    {"p95", "95 %"},
                    {"var", "VaR"},
                    {"cvar", "CVaR"},
                    {"cvar_cases", "mean of"},
                    {"better", "better in"}});
  table.title(fmt::format("Who gains and who loses by {} over {}, net present value in USD",
                          analysis.options()[option].name, analysis.decision().reference));
  struct Row {
    std::string name;
    Gain gain;
  };
  std::vector<Row> rows;
  for (const PartyValue& party : analysis.valuation().parties()) {
    rows.push_back({party.entity.text(), analysis.gain(party, option)});
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.gain.mean.mean > b.gain.mean.mean; });
  for (const Row& row : rows) {
    const Gain& g = row.gain;
    table.add({row.name, g.mean.mean, g.mean.ci95_low, g.mean.ci95_high, g.p05, g.p50, g.p95,
               g.risk.value_at_risk, g.risk.mean_beyond, g.risk.cases,
               Cell::percent(g.better.mean)});
  }
  return table;
}

sim::Table cash_table(const LtaAnalysis& analysis, std::size_t option) {
  const Valuation& v = analysis.valuation();
  const std::vector<std::string> names = main_parties(analysis);
  std::vector<sim::Table::Column> columns = {{"quarter"}};
  for (const std::string& name : names) {
    columns.push_back({name, name + " without"});
    columns.push_back({name + "_with", "with"});
  }
  sim::Table table(columns);
  table.title(fmt::format("Cash by quarter, mean, in USD: with {} and without",
                          analysis.options()[option].name));
  for (std::size_t q = 0; q < v.quarters().size(); ++q) {
    std::vector<Cell> row = {v.quarters()[q]};
    for (const std::string& name : names) {
      const Runs& cash = v.party(name).cash[q];
      row.push_back(usd_cell(mean_of(analysis, cash, analysis.reference())));
      row.push_back(usd_cell(mean_of(analysis, cash, option)));
    }
    table.add(std::move(row));
  }
  return table;
}

sim::Table frontier_table(const LtaAnalysis& analysis) {
  sim::Table table({{"option"},
                    {"volume"},
                    {"take_or_pay", "take or pay"},
                    {"cost"},
                    {"cost_low", "from"},
                    {"cost_high", "to"},
                    {"fill_holder", "fill, holder"},
                    {"fill_others", "others"},
                    {"undominated", "on the frontier"}});
  table.title(fmt::format("Cost to {} over {} (USD) against fill rate, at the scenario's price",
                          analysis.decision().by.text, analysis.decision().reference));
  std::vector<const OptionResult*> all;
  for (const OptionResult& option : analysis.options()) {
    if (option.volume && !option.is_price_variant) all.push_back(&option);
  }
  std::stable_sort(all.begin(), all.end(), [](const OptionResult* a, const OptionResult* b) {
    return std::pair(a->volume, a->take_or_pay) < std::pair(b->volume, b->take_or_pay);
  });
  for (const OptionResult* o : all) {
    const bool dominated = std::any_of(all.begin(), all.end(), [&](const OptionResult* other) {
      return other->gain.mean.mean >= o->gain.mean.mean && other->fill_holder >= o->fill_holder &&
             (other->gain.mean.mean > o->gain.mean.mean || other->fill_holder > o->fill_holder);
    });
    const sim::Summary& gain = o->gain.mean;
    table.add({o->name, maybe(o->volume), maybe(o->take_or_pay), -gain.mean, -gain.ci95_high,
               -gain.ci95_low, Cell::percent(o->fill_holder), Cell::percent(o->fill_others),
               dominated ? "" : "yes"});
  }
  return table;
}

sim::Table price_table(const LtaAnalysis& analysis) {
  sim::Table table({{"option"},
                    {"volume"},
                    {"take_or_pay", "take or pay"},
                    {"buyer", "buyer's"},
                    {"buyer_low", "from"},
                    {"buyer_high", "to"},
                    {"seller", "seller's"},
                    {"seller_low", "from"},
                    {"seller_high", "to"},
                    {"zone", "zone of agreement"},
                    {"departure", "off the line"}});
  table.title("Indifference prices: the buyer gains below, the seller above");
  for (const PriceRange& range : analysis.prices()) {
    const OptionResult& option = analysis.options()[range.option];
    const auto cell = [](const std::optional<IndifferencePrice>& p, double IndifferencePrice::*m) {
      return p ? Cell((*p).*m) : Cell();
    };
    const double off = std::max(range.buyer ? range.buyer->departure : 0,
                                range.seller ? range.seller->departure : 0);
    table.add(
        {option.name, maybe(option.volume), maybe(option.take_or_pay),
         cell(range.buyer, &IndifferencePrice::price), cell(range.buyer, &IndifferencePrice::low),
         cell(range.buyer, &IndifferencePrice::high), cell(range.seller, &IndifferencePrice::price),
         cell(range.seller, &IndifferencePrice::low), cell(range.seller, &IndifferencePrice::high),
         range.has_zone() ? fmt::format("{} to {}", sim::price_text(range.seller->price),
                                        sim::price_text(range.buyer->price))
                          : std::string("none"),
         off});
  }
  return table;
}

sim::Table regret_matrix(const LtaAnalysis& analysis) {
  const Valuation& v = analysis.valuation();
  std::vector<sim::Table::Column> columns = {{"option"}};
  for (const std::string& future : analysis.results().futures()) columns.push_back({future});
  sim::Table table(columns);
  table.title("Regret by option and future, in USD");
  const auto order = by_gain(analysis, false);
  const Runs& npv = v.party(analysis.decision().by.text).npv;
  std::vector<std::vector<double>> means(order.size(), std::vector<double>(v.futures(), 0));
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (std::size_t f = 0; f < v.futures(); ++f) {
      for (std::size_t r = 0; r < v.replications(); ++r) {
        means[i][f] += npv[v.at(order[i], f, r)] / static_cast<double>(v.replications());
      }
    }
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    std::vector<Cell> row = {analysis.options()[order[i]].name};
    for (std::size_t f = 0; f < v.futures(); ++f) {
      double best = means[i][f];
      for (const auto& other : means) best = std::max(best, other[f]);
      row.push_back(usd_cell(best - means[i][f]));
    }
    table.add(std::move(row));
  }
  return table;
}

sim::Json lta_json(const LtaAnalysis& analysis) {
  const std::size_t option = option_in_question(analysis);
  sim::Json left = sim::Json::array();
  for (const std::size_t o : analysis.left()) left.push_back(analysis.options()[o].name);
  return {{"study", analysis.results().study().name},
          {"by", analysis.decision().by.text},
          {"date", sim::format_time(analysis.decision().date)},
          {"reference", analysis.decision().reference},
          {"decided", analysis.is_decided()},
          {"left", left},
          {"recommendation", recommendation(analysis)},
          {"in_question", analysis.options()[option].name},
          {"options", option_table(analysis, true).json()},
          {"parties", party_table(analysis, option).json()},
          {"tail", analysis.decision().tail},
          {"holder", holder_text(analysis)},
          {"labels", option_labels(analysis)},
          {"names", party_names(analysis)},
          {"spread", spread_table(analysis).json()},
          {"cash", party_cash_table(analysis, option).json()},
          {"ledger", ledger_table(analysis).json()},
          {"frontier", frontier_table(analysis).json()},
          {"prices", price_table(analysis).json()},
          {"regret", regret_matrix(analysis).json()}};
}

std::string lta_report(const LtaAnalysis& analysis, sim::Format format, bool colour) {
  if (format == sim::Format::json) return sim::json_text(lta_json(analysis)) + "\n";
  if (format == sim::Format::csv) return option_table(analysis, true).csv();
  const std::size_t option = option_in_question(analysis);
  std::string text;
  for (const std::string& sentence : recommendation(analysis)) text += sentence + "\n";
  for (const sim::Table& table :
       {option_table(analysis, false), frontier_table(analysis), price_table(analysis),
        party_table(analysis, option), cash_table(analysis, option)}) {
    if (!table.empty()) text += "\n" + table.text(colour);
  }
  return text;
}

}  // namespace optichain::models::lta
