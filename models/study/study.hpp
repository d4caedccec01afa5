#pragma once
// A study: a scenario, what is varied in it and how, and what is kept of every run. This is the
// file as the user wrote it; models/study/README.md shows one.

#include <array>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/study/decision.hpp"
#include "sim/base/fields.hpp"
#include "sim/base/rule.hpp"
#include "sim/base/value.hpp"
#include "sim/input/node.hpp"

namespace optichain::models::study {

/// Whether a number replaces the value at a path or multiplies it.
enum class Applied { value, factor };

/// A lever (what we decide) or an uncertainty (what we do not know).
struct FactorText {
  static constexpr std::string_view
      title = "Factor",
      doc =
          "A lever (what is decided) or an uncertainty (what is not known): values of the "
          "scenario, and what they may be. One of `values`, `options`, `low` with `high`, and for "
          "uncertainties `distribution`; an uncertainty with none of them is uniform over the "
          "range of the `assumption` beside the value.";
  std::string path;
  std::vector<std::string> paths;
  Applied as = Applied::value;
  std::vector<sim::Node> values;
  std::map<std::string, sim::Node> options;
  std::optional<double> low, high;
  std::optional<sim::Value> distribution;
  std::int64_t levels = 3;
  std::optional<sim::Date> from;

  template <class Visitor>
  void fields(Visitor& v) {
    v.optional("path", path,
               "the value that is changed; `*` and `?` in a part stand for all entries that fit");
    v.optional("paths", paths, "several values that are changed together, in place of `path`");
    v.optional("as", as, "whether a number replaces the value or multiplies it");
    v.optional("values", values, "the values it may have, one after the other");
    v.optional("options", options, "by name, a mapping from paths to values; `path` is left out");
    v.optional("low", low, "the lowest number");
    v.optional("high", high, "the highest number");
    v.optional("distribution", distribution, "what is known of the number");
    v.optional("levels", levels, sim::between(2, 1000),
               "how many numbers from `low` to `high` a grid takes");
    v.optional("from", from,
               "with `as: factor`, the first day that is multiplied; what was before stays as it "
               "is known");
  }
};

struct GridDesign {
  static constexpr std::string_view
      tag = "grid",
      title = "Grid",
      doc = "Every combination of values, options, or levels from lowest to highest.";
  template <class Visitor>
  void fields(Visitor&) {}
};

struct ListDesign {
  static constexpr std::string_view tag = "list", title = "List",
                                    doc =
                                        "Combinations that are written down. What one leaves out "
                                        "stays as in the scenario; a list "
                                        "of values stands for a row with each of them.";
  std::vector<std::map<std::string, sim::Node>> rows;
  std::optional<std::string> from;
  template <class Visitor>
  void fields(Visitor& v) {
    v.required("rows", rows, "mappings from factors to values or names of options");
    v.optional("from", from, "where the rows were taken from, in words");
  }
};

struct CsvDesign {
  static constexpr std::string_view
      tag = "csv",
      title = "CSV",
      doc =
          "The combinations of a CSV file with the factors' names on top. "
          "An empty field leaves the value as in the scenario.";
  std::string file;
  std::optional<std::string> separator;
  std::optional<std::string> decimal;
  template <class Visitor>
  void fields(Visitor& v) {
    v.required("file", file, "relative to the study");
    v.optional("separator", separator,
               "between cells: `,`, `;` or `tab`; found in the file if left out");
    v.optional("decimal", decimal,
               "the mark before decimals: `.` or `,`; found in the file if left out");
  }
};

struct FuturesDesign {
  static constexpr std::string_view
      tag = "futures",
      title = "Futures of a file",
      doc =
          "The futures of a file that `optichain condition` wrote, each as likely as another, with "
          "the uncertainties that they are of. Those that the study names beside them are drawn by "
          "a Latin hypercube.";
  std::string file;
  std::optional<std::int64_t> points;
  template <class Visitor>
  void fields(Visitor& v) {
    v.required("file", file, "relative to the study");
    v.optional("points", points, sim::between(1, 1e6),
               "so many of them, from the first, which are in no order; all if left out");
  }
};

struct LatinHypercubeDesign {
  static constexpr std::string_view
      tag = "latin_hypercube",
      title = "Latin hypercube",
      doc =
          "Random combinations in which each factor alone is spread evenly (McKay, Beckman and "
          "Conover 1979).";
  std::int64_t points = 100;
  std::int64_t rounds = 1;
  template <class Visitor>
  void fields(Visitor& v) {
    v.optional("points", points, sim::between(1, 1e6), "combinations in a round");
    v.optional("rounds", rounds, sim::between(1, 1e6),
               "independent samples, one after the other; more of them keep what was done");
  }
};

struct SobolDesign {
  static constexpr std::string_view
      tag = "sobol",
      title = "Sobol",
      doc =
          "The Sobol' sequence with a random digital shift: spread evenly in all factors "
          "together. More points keep what was done; powers of two are best.";
  std::int64_t points = 128;
  bool indices = false;
  template <class Visitor>
  void fields(Visitor& v) {
    v.optional("points", points, sim::between(1, 1e6), "combinations");
    v.optional("indices", indices,
               "add to each point what Sobol' indices need: with k factors, k + 2 combinations a "
               "point (Saltelli 2002)");
  }
};

struct OneAtATimeDesign {
  static constexpr std::string_view
      tag = "one_at_a_time",
      title = "One at a time",
      doc =
          "The scenario as it is, then each factor alone at its lowest and highest, or at each of "
          "its values: what a tornado shows.";
  double coverage = 0.9;
  template <class Visitor>
  void fields(Visitor& v) {
    v.optional("coverage", coverage, sim::between(0.01, 0.9999),
               "for distributions: the probability between the lowest and the highest taken");
  }
};

using DesignChoice = std::variant<GridDesign, ListDesign, CsvDesign, LatinHypercubeDesign,
                                  SobolDesign, OneAtATimeDesign, FuturesDesign>;

struct StudyDesign {
  static constexpr std::string_view
      title = "Study design",
      doc =
          "How settings of the levers (policies) and of the uncertainties (futures) are chosen. "
          "Every policy meets every future.";
  DesignChoice levers = GridDesign{};
  DesignChoice uncertainties = LatinHypercubeDesign{};
  template <class Visitor>
  void fields(Visitor& v) {
    v.optional("levers", levers, "the policies");
    v.optional("uncertainties", uncertainties, "the futures");
  }
};

struct Constraint {
  static constexpr std::string_view
      title = "Constraint",
      doc =
          "What the mean of a metric over replications has to satisfy for a policy to do well "
          "enough in a future.";
  std::string metric;
  std::optional<double> min, max;
  template <class Visitor>
  void fields(Visitor& v) {
    v.required("metric", metric, "the full name of a metric, such as market.unmet.2026");
    v.optional("min", min, "at least this");
    v.optional("max", max, "at most this");
  }
};

struct Study {
  static constexpr std::string_view
      title = "Study",
      doc = "A scenario, what is varied in it and how, and what is kept of every run.";
  std::string name;
  std::string description;
  std::string base;
  std::map<std::string, std::string> sources;
  sim::Node changes;
  std::int64_t seed = 1;
  std::int64_t replications = 1;
  std::map<std::string, FactorText> levers;
  std::map<std::string, FactorText> uncertainties;
  StudyDesign design;
  std::vector<std::string> metrics = {"market.shipped.????",       "market.shipped.all",
                                      "market.unmet.????",         "market.unmet.all",
                                      "market.revenue.????",       "market.revenue.all",
                                      "families.*.fill_rate.????", "families.*.fill_rate.all"};
  std::vector<std::string> series;
  std::map<std::string, Constraint> constraints;
  std::optional<Decision> decision;

  template <class Visitor>
  void fields(Visitor& v) {
    v.required("name", name, "a title for reports");
    v.optional("description", description, "what is asked, in words");
    v.required("base", base, "the scenario, relative to the study");
    v.optional("sources", sources, "what the keys used in `source:` mean");
    v.optional("changes", changes,
               "values of the scenario that differ in the whole study, by path");
    v.optional("seed", seed, sim::between(0, 9007199254740992.0),
               "of all random numbers; all combinations share them");
    v.optional("replications", replications, sim::between(1, 1e6),
               "runs of each combination under other luck");
    v.optional("levers", levers, "what is decided, by name");
    v.optional("uncertainties", uncertainties, "what is not known, by name");
    v.optional("design", design, "which combinations are run");
    v.optional("metrics", metrics,
               "names of figures to keep; `*` stands for any characters, `?` for one");
    v.optional("series", series,
               "weekly series to keep, as entity.measure with `*` and `?`; they take room");
    v.optional("constraints", constraints, "what is good enough, by name");
    v.optional("decision", decision,
               "the levers are options that branch from a common history on a day; `optichain lta` "
               "weighs them");
  }
};

}  // namespace optichain::models::study

template <>
struct optichain::sim::Words<optichain::models::study::Applied> {
  static constexpr std::array<std::string_view, 2> words = {"value", "factor"};
};
