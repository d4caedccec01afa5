#include "models/report/page/findings.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <ranges>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/lta/report.hpp"
#include "models/report/page/base64.hpp"
#include "models/report/store/store_data.hpp"
#include "models/report/text/sweep_analysis.hpp"
#include "models/run/store_file.hpp"
#include "models/sweep/results.hpp"
#include "sim/base/diagnostics.hpp"
#include "sim/output/file.hpp"

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
  const auto is_cause = [](const sim::MeasureRow& m) { return m.name.starts_with("causes."); };
  for (const bool causes : {false, true}) {
    for (const char* group : {"market.", "families.", ""}) {
      for (const sim::MeasureRow& m : results.measures()) {
        if (is_cause(m) == causes && m.name.starts_with(group)) add(m);
      }
    }
  }
  return metrics;
}

Json settings_json(const sweep::SweepResults& results, bool of_levers) {
  Json settings = Json::object();
  for (const auto& column : results.columns()) {
    if (column.is_lever != of_levers) continue;
    Json& values = settings[column.name] = Json::array();
    for (const double setting : column.settings) values.push_back(column.shown(setting));
  }
  return settings;
}

/// A part of the findings: the keys that each of its rows has to have.
const std::map<std::string, std::vector<std::string>> parts = {
    {"metrics", {"name", "unit", "good"}},
    {"tornado", {"metric", "rows"}},
    {"sobol", {"metric", "rows"}},
    {"boxes", {"constraint", "factor", "from", "to", "density", "coverage"}},
    {"robustness", {"policy", "all"}},
    {"constraints", {"name", "metric", "min", "max"}},
    {"claims",
     {"id", "claim", "publisher", "kind", "unit", "published_low", "published_high", "simulated",
      "low", "high", "verdict"}}};
const std::vector<std::string> others = {"study",    "policies",    "futures", "outcomes",
                                         "settings", "multipliers", "decision"};

/// What is wrong with the findings; empty if nothing is.
std::string problem_of(const Json& findings) {
  if (!findings.is_object()) return "expected an object";
  for (const auto& [key, part] : findings.items()) {
    if (std::find(others.begin(), others.end(), key) != others.end()) continue;
    const auto known = parts.find(key);
    if (known == parts.end()) {
      return fmt::format("{}: expected one of {}, {}", key, fmt::join(others, ", "),
                         fmt::join(parts | std::views::keys, ", "));
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
    if (analysis.is_holder(customer.name) != of_holder) continue;
    sum.resize(customer.fill_rate.size());
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += customer.fill_rate[i];
    count += 1;
  }
  for (double& value : sum) value /= count;
  return sum;
}

/// The answer of the desk, and what it values in place of the figures that this was made of.
void add_decision(Json& findings, const lta::LtaAnalysis& analysis) {
  findings["decision"] = lta::lta_json(analysis);
  const lta::Valuation& valuation = analysis.valuation();
  const auto add = [&](const std::string& name, const char* unit, const lta::Runs& runs) {
    const auto means = means_of(valuation, runs);
    findings["metrics"].push_back({{"name", name}, {"unit", unit}, {"good", "high"}});
    findings["outcomes"][name] = base64_f64(means.values);
    const auto tornado = tornado_table(analysis.results(), {name, unit}, means);
    findings["tornado"].push_back({{"metric", name}, {"rows", tornado.json()}});
  };
  const lta::PartyValue& decider = valuation.party(analysis.decision().by.text);
  add("npv." + decider.name, "usd", decider.npv);
  for (const bool of_holder : {true, false}) {
    const auto runs = mean_fill_rate(analysis, of_holder);
    if (!runs.empty()) add(of_holder ? "fill_rate.holder" : "fill_rate.others", "share", runs);
  }
  for (const lta::CustomerService& customer : valuation.customers()) {
    add("fill_rate." + customer.name, "share", customer.fill_rate);
  }
}

}  // namespace

bool is_sweep(const std::filesystem::path& store) {
  return sim::StoreReader(run::store_file(store)).meta("study").has_value();
}

Json sweep_findings(const std::filesystem::path& store) {
  const sweep::SweepResults results(store);
  const auto missing = sim::StoreReader(run::store_file(store)).meta("missing_runs");
  Json findings = {
      {"study",
       {{"name", results.study().name},
        {"description", results.study().description},
        {"replications", results.study().replications},
        {"missing_runs", missing.value_or("")}}},
      {"policies", results.policies()},
      {"futures", results.futures()},
      {"settings",
       {{"policies", settings_json(results, true)}, {"futures", settings_json(results, false)}}}};
  for (const char* part : {"metrics", "tornado", "sobol"}) findings[part] = Json::array();
  findings["outcomes"] = Json::object();
  if (results.study().decision) add_decision(findings, lta::LtaAnalysis(store));
  for (const sim::MeasureRow& metric : metrics_of(results)) {
    findings["metrics"].push_back(
        {{"name", metric.name}, {"unit", metric.unit}, {"good", metric.good}});
    findings["outcomes"][metric.name] = base64_f64(results.means(metric.name).values);
    findings["tornado"].push_back(
        {{"metric", metric.name}, {"rows", tornado_table(results, metric.name).json()}});
    if (const auto sobol = sobol_table(results, metric.name)) {
      findings["sobol"].push_back({{"metric", metric.name}, {"rows", sobol->json()}});
    }
  }
  if (const auto table = robustness_table(results)) findings["robustness"] = table->json();
  for (const auto& factors : {results.study().levers, results.study().uncertainties}) {
    for (const auto& [name, factor] : factors) {
      if (factor.as == study::Applied::factor) findings["multipliers"].push_back(name);
    }
  }
  for (const auto& [name, constraint] : results.study().constraints) {
    findings["constraints"].push_back({{"name", name},
                                       {"metric", constraint.metric},
                                       {"min", sim::json_or_null(constraint.min)},
                                       {"max", sim::json_or_null(constraint.max)}});
  }
  if (const auto table = failure_box_table(results)) findings["boxes"] = table->json();
  return findings;
}

Json read_findings(const std::filesystem::path& file) {
  std::string text;
  try {
    text = sim::read_file(file);
  } catch (const std::exception&) {
    refuse(file, "expected findings as JSON, received no file that can be read");
  }
  const auto findings = sim::parse_json(text);
  if (!findings) refuse(file, "expected findings as JSON, received other text");
  const std::string problem = problem_of(*findings);
  if (!problem.empty()) refuse(file, problem);
  return *findings;
}

void add_findings(Json& findings, const Json& more) {
  if (!findings.is_object()) findings = Json::object();
  for (const auto& [key, part] : more.items()) findings[key] = part;
}

}  // namespace optichain::models::report
