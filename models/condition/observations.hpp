#pragma once
// What was observed, period by period, and when it was published. This is the file as the user
// wrote it; models/condition/README.md shows one.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/fields.hpp"
#include "sim/base/rule.hpp"

namespace optichain::models::condition {

/// A standard deviation as a part of a figure.
inline constexpr sim::Rule relative_error{.min = 0, .max = 10, .min_excluded = true};

struct PublishedFigure {
  static constexpr std::string_view title = "Published figure",
                                    doc = "What a series was in a quarter (2026Q3) or a year.";
  std::string period;
  double published = 0;
  std::optional<double> error;
  std::optional<sim::Date> day;
  std::string remark;

  template <class Visitor>
  void fields(Visitor& v) {
    v.required("period", period, "a quarter (2026Q3) or a year");
    v.required("published", published, sim::positive, "the figure");
    v.optional("error", error, relative_error, "that of the series if left out");
    v.optional("day", day,
               "the day on which it was published; nothing that was made before knew of it");
    v.optional("remark", remark, "what a reader should know of it");
  }
};

struct ObservedSeries {
  static constexpr std::string_view title = "Observed series",
                                    doc =
                                        "A figure of a run that is published again and again. "
                                        "Errors of its periods are taken as independent.";
  std::string observed;
  std::string publisher;
  std::string metric;
  std::string unit;
  double error = 0.1;
  std::optional<double> discrepancy;
  std::string remark;
  std::vector<PublishedFigure> figures;

  template <class Visitor>
  void fields(Visitor& v) {
    v.required("observed", observed, "what it is, in words");
    v.optional("publisher", publisher, "who publishes it");
    v.required("metric", metric,
               "the figure of a run: an expression over names of metrics, in which PERIOD stands "
               "for the quarter or year (`sites.plant.sales.PERIOD`)");
    v.optional("unit", unit, "of the figure: usd, pieces, share ...");
    v.optional("error", error, relative_error,
               "how far off what is published may be (one standard deviation), as a part of it");
    v.optional("discrepancy", discrepancy, sim::between(0, 10),
               "how far off the model may be with the right inputs, in the same way; as far as "
               "what is published if left out. 0 says that the model is right");
    v.optional("remark", remark, "what a reader should know of it");
    v.required("figures", figures, "period by period, in any order");
  }
};

struct ObservationsText {
  static constexpr std::string_view title = "Observations",
                                    doc =
                                        "Figures of the past that were published, for "
                                        "`optichain condition`.";
  std::string name;
  std::string description;
  std::map<std::string, std::string> sources;
  std::map<std::string, ObservedSeries> series;

  template <class Visitor>
  void fields(Visitor& v) {
    v.required("name", name, "a title for reports");
    v.optional("description", description, "what was observed, in words");
    v.optional("sources", sources, "what the keys used in `source:` mean");
    v.required("series", series, "what was observed, by name");
  }
};

}  // namespace optichain::models::condition
