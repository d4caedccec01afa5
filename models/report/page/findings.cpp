#include "models/report/page/findings.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <ranges>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/lta/decision_data.hpp"
#include "models/lta/recommendation.hpp"
#include "models/lta/report.hpp"
#include "models/report/page/base64.hpp"
#include "models/report/page/figure_label.hpp"
#include "models/report/page/page_types.hpp"
#include "models/report/store/store_data.hpp"
#include "models/report/text/effects.hpp"
#include "models/report/text/sweep_analysis.hpp"
#include "models/run/store_file.hpp"
#include "models/sweep/results.hpp"
#include "sim/base/check.hpp"
#include "sim/base/diagnostics.hpp"
#include "sim/output/error.hpp"
#include "sim/output/file.hpp"
#include "sim/output/own_folder.hpp"

namespace optichain::models::report {
namespace {

using sim::Json;

/// More than anybody looks through; those that constraints speak of come first, then the market.
constexpr std::size_t most_metrics = 40;

std::vector<sim::MeasureRow> metrics_of(const sweep::SweepResults& results) {
  std::vector<sim::MeasureRow> metrics;
  const auto add = [&](const sim::MeasureRow& measure) {
    const bool known = std::any_of(metrics.begin(), metrics.end(),
                                   [&](const auto& m) { return m.name == measure.name; });
    if (!known && metrics.size() < most_metrics) metrics.push_back(measure);
  };
  for (const auto& [name, constraint] : results.study().constraints) {
    add(results.measure(constraint.metric));
  }
  if (results.study().decision) return metrics;
  // causes are many, and seldom what is asked first
  using measures::Group;
  const auto add_if = [&](auto is_wanted) {
    for (const sim::MeasureRow& m : results.measures()) {
      const auto figure = measures::FigureName::parse(m.name);
      if (figure && is_wanted(figure->entity.group)) add(m);
    }
  };
  add_if([](Group group) { return group == Group::market; });
  add_if([](Group group) { return group == Group::families; });
  add_if([](Group group) { return group != Group::causes; });
  add_if([](Group) { return true; });
  return metrics;
}

std::map<std::string, std::vector<std::string>> settings_of(const sweep::SweepResults& results,
                                                            bool of_levers) {
  std::map<std::string, std::vector<std::string>> settings;
  for (const auto& column : results.columns()) {
    if (column.is_lever != of_levers) continue;
    auto& values = settings[column.name];
    for (const double setting : column.settings) values.push_back(column.shown(setting));
  }
  return settings;
}

/// A table whose rows are laid out as T, and may have more columns.
template <PageRow T>
LaidOut<std::vector<T>> rows_of(const sim::Table& table) {
  sim::Json rows = table.json();
  for (const std::string& key : keys_of<T>()) {
    OPTICHAIN_CHECK(rows.empty() || rows.front().contains(key), "a table for the page lacks {}",
                    key);
  }
  return {std::move(rows)};
}

Tornado tornado_part(const sweep::SweepResults& results, const sim::MeasureRow& metric,
                     const sim::OutcomeTable& outcomes) {
  const Effects found = effects_of(results.columns(), outcomes);
  Tornado part{.metric = metric.name,
               .sentences = found.sentences,
               .rows = rows_of<TornadoRow>(tornado_table(results, metric, outcomes))};
  if (!std::isnan(found.mean)) part.mean = found.mean;
  return part;
}

/// What is known of the parts of findings: lists of objects with the keys of each row, and others.
struct KnownParts {
  std::map<std::string, std::vector<std::string>> lists;
  std::vector<std::string> others;

  template <class T>
  void part(std::string_view key, const std::optional<T>&, std::string_view = "") {
    add(std::string(key), static_cast<const T*>(nullptr));
  }

 private:
  template <PagePart T>
  void add(const std::string& key, const std::vector<T>*) {
    lists[key] = keys_of<T>();
  }
  template <PagePart T>
  void add(const std::string& key, const LaidOut<std::vector<T>>*) {
    lists[key] = keys_of<T>();
  }
  void add(const std::string& key, const void*) { others.push_back(key); }
};

/// Files need not say what people call a metric.
void add_labels(Json& findings) {
  if (!findings.is_object() || !findings.contains("metrics")) return;
  for (Json& metric : findings["metrics"]) {
    if (!metric.is_object() || metric.contains("label")) continue;
    const auto name = metric.find("name");
    if (name != metric.end() && name->is_string()) {
      metric["label"] = figure_label(name->get<std::string>());
    }
  }
}

/// What is wrong with the findings; empty if nothing is.
std::string problem_of(const Json& findings) {
  if (!findings.is_object()) return "expected an object";
  KnownParts parts;
  StudyFindings{}.fields(parts);
  for (const auto& [key, part] : findings.items()) {
    if (std::find(parts.others.begin(), parts.others.end(), key) != parts.others.end()) continue;
    const auto known = parts.lists.find(key);
    if (known == parts.lists.end()) {
      return fmt::format("{}: expected one of {}, {}", key, fmt::join(parts.others, ", "),
                         fmt::join(parts.lists | std::views::keys, ", "));
    }
    if (!part.is_array()) return fmt::format("{}: expected a list", key);
    for (std::size_t i = 0; i < part.size(); ++i) {
      for (const std::string& name : known->second) {
        if (part[i].is_object() && part[i].contains(name)) continue;
        return fmt::format("{}[{}]: expected an object with {}, received none", key, i, name);
      }
    }
  }
  return "";
}

sim::OutcomeTable means_of(const lta::Valuation& valuation, const lta::Runs& runs) {
  sim::OutcomeTable means{valuation.policies(), valuation.futures(), {}};
  for (std::size_t o = 0; o < means.policies; ++o) {
    for (std::size_t f = 0; f < means.futures; ++f) {
      const auto begin = runs.begin() + static_cast<std::ptrdiff_t>(valuation.at(o, f, 0));
      const auto end = begin + static_cast<std::ptrdiff_t>(valuation.replications());
      means.values.push_back(std::accumulate(begin, end, 0.0) /
                             static_cast<double>(valuation.replications()));
    }
  }
  return means;
}

/// Run by run the mean over the customers that the agreement serves, or over all others; empty if
/// there are none.
lta::Runs mean_fill_rate(const lta::LtaAnalysis& analysis, bool of_holder) {
  lta::Runs sum;
  double count = 0;
  for (const lta::CustomerService& customer : analysis.valuation().customers()) {
    if (analysis.is_holder(customer.entity) != of_holder) continue;
    sum.resize(customer.fill_rate.size());
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += customer.fill_rate[i];
    count += 1;
  }
  for (double& value : sum) value /= count;
  return sum;
}

DecisionPart decision_part(const lta::LtaAnalysis& analysis) {
  const std::size_t option = lta::option_in_question(analysis);
  DecisionPart part{.by = analysis.decision().by.text,
                    .date = sim::format_time(analysis.decision().date),
                    .reference = analysis.decision().reference,
                    .decided = analysis.is_decided(),
                    .recommendation = lta::recommendation(analysis),
                    .in_question = analysis.options()[option].name,
                    .holder = lta::holder_text(analysis),
                    .tail = analysis.decision().tail,
                    .options = rows_of<DecisionOption>(lta::option_table(analysis, true)),
                    .parties = rows_of<PartyGain>(lta::party_table(analysis, option)),
                    .spread = rows_of<GainSpread>(lta::spread_table(analysis)),
                    .cash = rows_of<QuarterCash>(lta::party_cash_table(analysis, option)),
                    .ledger = rows_of<QuarterLedger>(lta::ledger_table(analysis)),
                    .frontier = rows_of<FrontierRow>(lta::frontier_table(analysis)),
                    .prices = rows_of<PriceRow>(lta::price_table(analysis))};
  for (const lta::OptionResult& o : analysis.options()) {
    part.labels[o.name] = {o.label.text, o.label.terms, o.label.price};
  }
  for (const lta::PartyValue& party : analysis.valuation().parties()) {
    const measures::Entity& entity = party.entity;
    part.names[entity.text()] = {entity.name, std::string(measures::group_word(entity.group))};
  }
  return part;
}

/// What the analysis of a long-term agreement says, and what it values in place of the figures that
/// this was made of.
void add_decision(StudyFindings& findings, const lta::LtaAnalysis& analysis) {
  findings.decision = decision_part(analysis);
  const lta::Valuation& valuation = analysis.valuation();
  const auto add = [&](const std::string& name, const std::string& label, const char* unit,
                       const lta::Runs& runs) {
    const auto means = means_of(valuation, runs);
    findings.metrics->push_back({name, label, unit, "high"});
    (*findings.outcomes)[name] = {base64_f64(means.values)};
    findings.tornado->push_back(tornado_part(analysis.results(), {name, unit}, means));
  };
  const lta::PartyValue& decider = valuation.party(analysis.decision().by.text);
  const auto label = [](const measures::Entity& entity, const char* what) {
    return figure_label({entity, what, {}});
  };
  constexpr const char* fill_rate = "fill rate since the decision";
  add("npv." + decider.entity.text(), label(decider.entity, "net present value"), "usd",
      decider.npv);
  for (const bool of_holder : {true, false}) {
    const auto runs = mean_fill_rate(analysis, of_holder);
    if (runs.empty()) continue;
    add(of_holder ? "fill_rate.holder" : "fill_rate.others",
        fmt::format("{}: {}", of_holder ? "the buyer's side" : "others", fill_rate), "share", runs);
  }
  for (const lta::CustomerService& customer : valuation.customers()) {
    add("fill_rate." + customer.entity.text(), label(customer.entity, fill_rate), "share",
        customer.fill_rate);
  }
}

StudyFindings findings_of(const std::filesystem::path& store) {
  const sweep::SweepResults results(store);
  const study::Study& study = results.study();
  StudyFindings findings;
  findings.study = {study.name, study.description, results.replications(),
                    results.note("missing_runs")};
  findings.policies = results.policies();
  findings.futures = results.futures();
  findings.settings = {settings_of(results, true), settings_of(results, false)};
  findings.metrics.emplace(), findings.outcomes.emplace();
  findings.tornado.emplace(), findings.sobol.emplace();
  if (study.decision) add_decision(findings, lta::LtaAnalysis(store));
  for (const sim::MeasureRow& metric : metrics_of(results)) {
    const std::string& name = metric.name;
    findings.metrics->push_back({name, figure_label(name), metric.unit, metric.good});
    (*findings.outcomes)[name] = {base64_f64(results.means(name).values)};
    findings.tornado->push_back(tornado_part(results, metric, results.means(name)));
    if (const auto sobol = sobol_table(results, name)) {
      findings.sobol->push_back({name, rows_of<SobolRow>(*sobol)});
    }
  }
  if (const auto table = robustness_table(results)) {
    findings.robustness = rows_of<RobustnessRow>(*table);
  }
  findings.multipliers.emplace();
  for (const auto& factors : {study.levers, study.uncertainties}) {
    for (const auto& [name, factor] : factors) {
      if (factor.as == study::Applied::factor) findings.multipliers->push_back(name);
    }
  }
  findings.constraints.emplace();
  for (const auto& [name, constraint] : study.constraints) {
    findings.constraints->push_back({name, constraint.metric, constraint.min, constraint.max});
  }
  if (const auto table = failure_box_table(results)) {
    findings.boxes = rows_of<FailureBoxRow>(*table);
  }
  return findings;
}

}  // namespace

bool is_sweep(const std::filesystem::path& store) {
  return sim::peek_store_meta(run::store_file(store), "study").has_value();
}

Json sweep_findings(const std::filesystem::path& store) {
  Json findings = json_of(findings_of(store));
  const std::filesystem::path beside = run::store_file(store).parent_path() / "findings.json";
  if (std::filesystem::exists(beside)) add_findings(findings, read_findings(beside));
  return findings;
}

constexpr std::uintmax_t largest_findings = 64 << 20;

Json read_findings(const std::filesystem::path& file) {
  std::string text;
  try {
    text = sim::read_file(file, largest_findings);
  } catch (const sim::OutputError& e) {
    refuse(file, fmt::format("expected findings as JSON: {}", e.what()));
  }
  sim::require_as_listed(file);
  auto findings = sim::parse_json(text);
  if (!findings) refuse(file, "expected findings as JSON, received other text");
  if (sim::take_seal(*findings) == sim::JsonSeal::wrong) {
    sim::wrong_file(file,
                    "it is damaged, or was changed since it was written; findings of one's "
                    "own have no xxh3");
  }
  add_labels(*findings);
  const std::string problem = problem_of(*findings);
  if (!problem.empty()) refuse(file, problem);
  return *findings;
}

void add_findings(Json& findings, const Json& more) {
  if (!findings.is_object()) findings = Json::object();
  for (const auto& [key, part] : more.items()) findings[key] = part;
}

}  // namespace optichain::models::report
