#pragma once
// What a study found: policies and futures, what moves a figure, what holds how often, claims.

#include "models/report/page/page_fields.hpp"

namespace optichain::models::report {

struct StudyHead {
  static constexpr std::string_view title = "Study";
  std::string name{};
  std::string description{};
  std::optional<std::size_t> replications{};
  std::optional<std::string> missing_runs{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("name", name);
    v.field("description", description);
    v.part("replications", replications);
    v.part("missing_runs", missing_runs, "how many are not there");
  }
};

struct StudyMetric {
  static constexpr std::string_view title = "Metric";
  std::string name{};
  std::string label{};
  std::string unit{};
  std::string good{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("name", name);
    v.field("label", label, "in words, for people");
    v.field("unit", unit);
    v.field("good", good, "high, low or empty");
  }
};

/// By factor its setting in each policy or future, as text.
struct FactorSettings {
  static constexpr std::string_view title = "Settings";
  std::map<std::string, std::vector<std::string>> policies{};
  std::map<std::string, std::vector<std::string>> futures{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("policies", policies);
    v.field("futures", futures);
  }
};

struct TornadoRow : TableRow {
  static constexpr std::string_view title = "TornadoRow";
  std::string factor{};
  AnySetting low{};
  AnySetting high{};
  std::optional<double> at_low{};
  std::optional<double> at_high{};
  std::optional<double> swing{};
  std::optional<double> swing_low{};
  std::optional<double> swing_high{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("factor", factor);
    v.field("low", low, "its lowest setting");
    v.field("high", high);
    v.field("at_low", at_low, "the metric there");
    v.field("at_high", at_high);
    v.field("swing", swing);
    v.field("swing_low", swing_low, "95 % interval of the swing; null where there is none");
    v.field("swing_high", swing_high);
  }
};

struct Tornado {
  static constexpr std::string_view title = "Tornado";
  std::string metric{};
  std::optional<double> mean{};
  std::vector<std::string> sentences{};
  LaidOut<std::vector<TornadoRow>> rows{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("metric", metric);
    v.field("mean", mean, "of the metric over all points");
    v.field("sentences", sentences, "on what the points carry no statement");
    v.field("rows", rows);
  }
};

struct SobolRow : TableRow {
  static constexpr std::string_view title = "SobolRow";
  std::string policy{};
  std::string uncertainty{};
  double first = 0;
  double first_low = 0;
  double first_high = 0;
  double total = 0;
  double total_low = 0;
  double total_high = 0;

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("policy", policy);
    v.field("uncertainty", uncertainty);
    v.field("first", first);
    v.field("first_low", first_low);
    v.field("first_high", first_high);
    v.field("total", total);
    v.field("total_low", total_low);
    v.field("total_high", total_high);
  }
};

struct Sobol {
  static constexpr std::string_view title = "Sobol";
  std::string metric{};
  LaidOut<std::vector<SobolRow>> rows{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("metric", metric);
    v.field("rows", rows);
  }
};

/// In which share of futures each constraint holds, by its name, and all of them.
struct RobustnessRow : TableRow {
  static constexpr std::string_view title = "RobustnessRow";
  std::string policy{};
  std::optional<double> all{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("policy", policy);
    v.field("all", all);
  }
};

struct AskedOfMetric {
  static constexpr std::string_view title = "Constraint";
  std::string name{};
  std::string metric{};
  std::optional<double> min{};
  std::optional<double> max{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("name", name);
    v.field("metric", metric);
    v.field("min", min);
    v.field("max", max);
  }
};

/// One side of a box of settings in which a constraint fails.
struct FailureBoxRow : TableRow {
  static constexpr std::string_view title = "Box";
  std::string constraint{};
  std::string factor{};
  std::optional<AnySetting> from{};
  std::optional<AnySetting> to{};
  std::string is{};
  double density = 0;
  double coverage = 0;
  std::size_t futures = 0;

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("constraint", constraint);
    v.field("factor", factor, "empty if there is no box");
    v.field("from", from, "empty or null where it is open");
    v.field("to", to);
    v.field("is", is, "the words inside, of a factor that has no numbers; else empty");
    v.field("density", density);
    v.field("coverage", coverage);
    v.field("futures", futures, "how many different ones lie in the box");
  }
};

struct ClaimRow {
  static constexpr std::string_view title = "Claim";
  std::string id{};
  std::string claim{};
  std::string publisher{};
  std::string kind{};
  std::string unit{};
  std::optional<double> published_low{};
  std::optional<double> published_high{};
  std::optional<double> simulated{};
  std::optional<double> low{};
  std::optional<double> high{};
  std::optional<bool> holds{};
  std::string verdict{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("id", id);
    v.field("claim", claim);
    v.field("publisher", publisher);
    v.field("kind", kind, "given, fitted or predicted");
    v.field("unit", unit);
    v.field("published_low", published_low, "a single figure is both");
    v.field("published_high", published_high);
    v.field("simulated", simulated, "mean, and what nine futures in ten span");
    v.field("low", low);
    v.field("high", high);
    v.field("holds", holds, "in most futures; null where that is not known");
    v.field("verdict", verdict, "in words");
  }
};

}  // namespace optichain::models::report
