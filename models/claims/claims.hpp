#pragma once
// Published figures and what of a simulation is to be held against them. This is the file as the
// user wrote it; models/claims/README.md shows one.

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/study/study.hpp"
#include "sim/base/fields.hpp"
#include "sim/base/rule.hpp"

namespace optichain::models::claims {

/// What a simulation may honestly say of a claim.
enum class ClaimKind { given, fitted, predicted };

struct Claim {
  static constexpr std::string_view
      title = "Claim",
      doc =
          "A published statement, and the figure of a run that it speaks of. `published` with a "
          "`tolerance`, or `min` and `max`, say when it holds.";
  std::string claim;
  std::string publisher;
  ClaimKind kind = ClaimKind::predicted;
  std::string metric;
  std::string unit;
  std::optional<std::string> in;
  std::optional<double> published, min, max;
  double tolerance = 0;
  bool alone = false;
  std::string because;
  std::map<std::string, std::string> explained_by;
  std::string remark;

  template <class Visitor>
  void fields(Visitor& v) {
    v.required("claim", claim, "what is said, in words");
    v.optional("publisher", publisher, "who says it");
    v.required("kind", kind,
               "`given`: put into the scenario; `fitted`: parameters were chosen by it; "
               "`predicted`: it has to come out");
    v.required("metric", metric,
               "the figure: an expression over names of metrics (`market.revenue.2026 / "
               "market.revenue.2025 - 1`); `NAME@CASE` is a metric in another case of the study");
    v.optional("unit", unit, "of the figure: usd, pieces, share, days ...");
    v.optional("in", in, "the case of the study in which it is looked at; the base if left out");
    v.optional("published", published, "the published figure");
    v.optional("min", min, "it is said to be at least this");
    v.optional("max", max, "it is said to be at most this");
    v.optional("tolerance", tolerance, sim::between(0, 10),
               "part of the published figure by which the simulated one may be off");
    v.optional("alone", alone,
               "it speaks of a world that is not ours (were there enough of something), so it is "
               "not asked whether it holds together with others");
    v.optional("because", because, "why the bound or the tolerance is what it is");
    v.optional("explained_by", explained_by,
               "by name, other figures that say why it holds or not: expressions like `metric`");
    v.optional("remark", remark, "what a reader should know of it");
  }
};

struct Observation {
  static constexpr std::string_view title = "Observation",
                                    doc =
                                        "A figure of the past that was published. Runs are held "
                                        "against it, and parameters fitted to it if `fit` says so.";
  std::string observed;
  std::string publisher;
  std::string metric;
  std::string unit;
  double published = 0;
  double error = 0.1;
  bool fit = false;
  std::string remark;

  template <class Visitor>
  void fields(Visitor& v) {
    v.required("observed", observed, "what it is, in words");
    v.optional("publisher", publisher, "who published it");
    v.required("metric", metric, "the figure of a run: an expression over names of metrics");
    v.optional("unit", unit, "of the figure: usd, pieces, share ...");
    v.required("published", published, sim::positive, "the published figure");
    v.optional("error", error, sim::Rule{.min = 0, .max = 10, .min_excluded = true},
               "how far off it may be (one standard deviation), as a part of it");
    v.optional("fit", fit, "whether parameters are fitted to it");
    v.optional("remark", remark, "what a reader should know of it");
  }
};

struct Parameter {
  static constexpr std::string_view
      title = "Parameter",
      doc =
          "A number that observations may decide: it multiplies values of the scenario, which as "
          "they are have the number 1.";
  std::string path;
  std::vector<std::string> paths;
  double low = 0.5, high = 2;
  std::string remark;

  template <class Visitor>
  void fields(Visitor& v) {
    v.optional("path", path,
               "the value that is multiplied; `*` and `?` in a part stand for all that fit");
    v.optional("paths", paths, "several values that are multiplied together, in place of `path`");
    v.required("low", low, sim::positive, "the lowest that is defensible");
    v.required("high", high, sim::positive, "the highest that is defensible");
    v.optional("remark", remark, "what a reader should know of it");
  }
};

struct Calibration {
  static constexpr std::string_view
      title = "Calibration",
      doc = "What is fitted to the observations that have `fit`, and from where.";
  std::string base;
  sim::Node changes;
  std::int64_t replications = 4;
  std::int64_t steps = 8;
  std::map<std::string, Parameter> parameters;

  template <class Visitor>
  void fields(Visitor& v) {
    v.required("base", base, "the scenario before anything was fitted, relative to this file");
    v.optional("changes", changes, "values of it that differ while it is fitted, by path");
    v.optional("replications", replications, sim::between(1, 1000), "runs of each trial");
    v.optional("steps", steps, sim::between(1, 100), "at most so many steps");
    v.required("parameters", parameters, "what is fitted, by name");
  }
};

struct ClaimsText {
  static constexpr std::string_view title = "Claims",
                                    doc = "Published figures, held against the runs of a study.";
  std::string name;
  std::string description;
  std::string study;
  std::optional<std::string> consistency;
  std::map<std::string, std::string> sources;
  std::vector<std::string> vintages;
  std::map<std::string, Claim> claims;
  std::map<std::string, Claim> checks;
  std::map<std::string, Observation> observations;
  std::optional<Calibration> calibration;

  template <class Visitor>
  void fields(Visitor& v) {
    v.required("name", name, "a title for reports");
    v.optional("description", description, "what is asked, in words");
    v.required("study", study,
               "the study whose runs are looked at, relative to this file; it has one lever at "
               "most, whose options are the cases");
    v.optional("consistency", consistency,
               "a study without levers that searches for futures in which claims hold together");
    v.optional("sources", sources, "what the keys used in `source:` mean");
    v.optional("vintages", vintages,
               "cases of the study in each of which all claims are looked at, too");
    v.required("claims", claims, "what is claimed, by number");
    v.optional("checks", checks, "other statements that are looked at in the same way, by number");
    v.optional("observations", observations, "figures of the past, by name");
    v.optional("calibration", calibration, "what is fitted to them");
  }
};

}  // namespace optichain::models::claims

template <>
struct optichain::sim::Words<optichain::models::claims::ClaimKind> {
  static constexpr std::array<std::string_view, 3> words = {"given", "fitted", "predicted"};
};
