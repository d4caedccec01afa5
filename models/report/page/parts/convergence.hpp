#pragma once
// Whether there are enough replications: a mean and its interval as they are added.

#include <limits>

#include "models/report/page/base64.hpp"
#include "models/report/page/figure_label.hpp"
#include "models/report/page/page_fields.hpp"
#include "models/report/store/comparison.hpp"
#include "models/report/store/policy_data.hpp"

namespace optichain::models::report {

/// How mean and interval settle as replications are added, f64.
struct Convergence {
  static constexpr std::string_view title = "Convergence";
  std::string measure{};
  std::string label{};
  std::string unit{};
  Packed values{};
  Packed mean{};
  Packed low{};
  Packed high{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("measure", measure);
    v.field("label", label, "in words, for people");
    v.field("unit", unit);
    v.field("values", values, "of each replication");
    v.field("mean", mean, "of all up to it");
    v.field("low", low);
    v.field("high", high);
  }
};

/// How mean and interval settle as replications are added.
inline std::vector<Convergence> convergence_of(const PolicyData& policy) {
  std::vector<Convergence> all;
  for (const char* measure : {"shipped", "unmet", "revenue"}) {
    const measures::SeriesName name{measures::of_market(), measure};
    const auto found = policy.figures.find(name.text());
    if (found == policy.figures.end()) continue;
    const auto& values = found->second.values.back();  // over all years
    std::vector<double> mean, low, high;
    for (std::size_t n = 1; n <= values.size(); ++n) {
      const auto s = summary_of({values.begin(), values.begin() + static_cast<std::ptrdiff_t>(n)});
      constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
      mean.push_back(s ? s->mean : unknown);
      low.push_back(s ? s->ci95_low : unknown);
      high.push_back(s ? s->ci95_high : unknown);
    }
    const measures::FigureName figure{name.entity, name.measure, std::string(measures::whole_run)};
    all.push_back({figure.text(),
                   figure_label(figure),
                   found->second.unit,
                   {base64_f64(values)},
                   {base64_f64(mean)},
                   {base64_f64(low)},
                   {base64_f64(high)}});
  }
  return all;
}

}  // namespace optichain::models::report
