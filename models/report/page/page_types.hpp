#pragma once
// What `optichain report` puts into the page, as a whole. Each part is declared once, in parts/,
// beside what fills it: JSON is written from it, web/src/page_types.ts is generated from it, and
// findings from files are checked against it. A name that several figures share means the same in
// all of them.

#include "models/report/page/parts/decision.hpp"
#include "models/report/page/parts/figures.hpp"
#include "models/report/page/parts/policy.hpp"
#include "models/report/page/parts/study.hpp"

namespace optichain::models::report {

/// Parts that are not there are not shown.
struct StudyFindings {
  static constexpr std::string_view title = "Findings";
  std::optional<StudyHead> study{};
  std::optional<std::vector<StudyMetric>> metrics{};
  std::optional<std::vector<std::string>> policies{};
  std::optional<std::vector<std::string>> futures{};
  std::optional<FactorSettings> settings{};
  std::optional<std::vector<std::string>> multipliers{};
  std::optional<std::map<std::string, Packed>> outcomes{};
  std::optional<std::vector<Tornado>> tornado{};
  std::optional<std::vector<Sobol>> sobol{};
  std::optional<LaidOut<std::vector<RobustnessRow>>> robustness{};
  std::optional<std::vector<AskedOfMetric>> constraints{};
  std::optional<LaidOut<std::vector<FailureBoxRow>>> boxes{};
  std::optional<LaidOut<std::vector<ClaimRow>>> claims{};
  std::optional<DecisionPart> decision{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.part("study", study);
    v.part("metrics", metrics);
    v.part("policies", policies, "in the order of `outcomes`");
    v.part("futures", futures);
    v.part("settings", settings);
    v.part("multipliers", multipliers, "factors whose numbers multiply what the scenario has");
    v.part(
        "outcomes", outcomes,
        "by metric, f64: a row for each policy, a column for each future; means over replications");
    v.part("tornado", tornado);
    v.part("sobol", sobol);
    v.part("robustness", robustness);
    v.part("constraints", constraints, "what they ask of a metric");
    v.part("boxes", boxes);
    v.part("claims", claims);
    v.part("decision", decision);
  }
};

struct PageData {
  static constexpr std::string_view title = "Page";
  std::string engine{};
  std::vector<std::string> weeks{};
  std::vector<double> quantiles{};
  std::size_t window = 0;
  std::vector<PolicyPart> policies{};
  FigureColumns figures{};
  std::optional<LaidOut<StudyFindings>> findings{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("engine", engine);
    v.field("weeks", weeks);
    v.field("quantiles", quantiles);
    v.field("window", window, "weeks of a moving mean: the week and those before it");
    v.field("policies", policies, "the first is what the others are compared with");
    v.field("figures", figures);
    v.field("findings", findings);
  }
};

}  // namespace optichain::models::report
