#pragma once
// Key figures of all policies, each with its interval and its difference to the first policy.

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "models/measures/entity.hpp"
#include "models/measures/figure_name.hpp"
#include "models/report/page/base64.hpp"
#include "models/report/page/figure_label.hpp"
#include "models/report/page/page_fields.hpp"
#include "models/report/store/comparison.hpp"
#include "models/report/store/policy_data.hpp"
#include "sim/base/check.hpp"

namespace optichain::models::report {

/// What a figure is of, in fields; all periods have it.
struct FigureKey {
  static constexpr std::string_view title = "FigureKey";
  std::string group{};
  std::string entity{};
  std::string product{};
  std::string measure{};
  std::string label{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("group", group, "a word: `sites`, `market`");
    v.field("entity", entity, "of the group; empty where there is but one");
    v.field("product", product, "of a customer's figure of one product");
    v.field("measure", measure, "with its part");
    v.field("label", label, "in words, for people");
  }
};

/// Key figures by policy.
struct FigureColumns {
  static constexpr std::string_view title = "Figures";
  std::vector<std::string> periods{};
  std::vector<std::string> names{};
  std::vector<FigureKey> keys{};
  std::vector<std::string> units{};
  std::vector<std::string> good{};
  std::vector<std::string> columns{};
  std::vector<Packed> values{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("periods", periods);
    v.field("names", names, "without the period");
    v.field("keys", keys, "what each is");
    v.field("units", units);
    v.field("good", good, "high, low or empty");
    v.field("columns", columns,
            "mean, its interval, quantiles; the difference to the first policy and its interval");
    v.field("values", values, "f64 by policy: figure, period, column");
  }
};

/// Mean, its interval, quantiles; then the difference to the base and its interval.
inline constexpr std::array summary_columns = {
    "mean", "low", "high", "p05", "p95", "difference", "difference_low", "difference_high"};

class FigureSummaries {
 public:
  explicit FigureSummaries(const std::vector<PolicyData>& policies) : policies_(policies) {
    for (const PolicyData& policy : policies) {
      for (const auto& [name, figure] : policy.figures) {
        if (is_told(figure)) names_.emplace(name, &figure);
      }
      for (const sim::MeasureRow& m : policy.measures) {
        if (!m.good.empty()) good_[m.name.substr(0, m.name.rfind('.'))] = m.good;
      }
    }
  }

  FigureColumns all() const {
    FigureColumns out;
    if (!policies_.empty()) out.periods = policies_.front().periods;
    out.columns.assign(summary_columns.begin(), summary_columns.end());
    for (const auto& [name, figure] : names_) {
      out.names.push_back(name);
      out.keys.push_back(key_of(name));
      out.units.push_back(figure->unit);
      const auto direction = good_.find(name);
      out.good.push_back(direction == good_.end() ? "" : direction->second);
    }
    for (const PolicyData& policy : policies_) {
      out.values.push_back({base64_f64(values_of(policy))});
    }
    return out;
  }

 private:
  static FigureKey key_of(const std::string& name) {
    const auto figure = measures::SeriesName::parse(name);
    OPTICHAIN_CHECK(figure, "{} is the name of no figure", name);
    FigureKey key{.group = std::string(measures::group_word(figure->entity.group)),
                  .entity = figure->entity.name,
                  .measure = figure->measure,
                  .label = figure_label({figure->entity, figure->measure, {}})};
    const std::size_t dot = key.entity.find('.');
    if (figure->entity.group == measures::Group::customers && dot != key.entity.npos) {
      key.product = key.entity.substr(dot + 1);
      key.entity.resize(dot);
    }
    return key;
  }

  /// A figure that is zero all the time says nothing.
  static bool is_told(const PolicyData::Figure& figure) {
    for (const auto& period : figure.values) {
      for (const double value : period) {
        if (!std::isnan(value) && value != 0) return true;
      }
    }
    return false;
  }

  std::vector<double> values_of(const PolicyData& policy) const {
    const PolicyData& base = policies_.front();
    const auto together = pairs(base, policy);
    std::vector<double> out;
    for (const auto& [name, unused] : names_) {
      for (std::size_t p = 0; p < base.periods.size(); ++p) {
        const auto* mine = samples(policy, name, p);
        const auto* its = samples(base, name, p);
        std::array<double, summary_columns.size()> row;
        row.fill(std::numeric_limits<double>::quiet_NaN());
        if (const auto s = mine ? summary_of(*mine) : std::nullopt) {
          row = {s->mean, s->ci95_low, s->ci95_high, s->p05, s->p95, row[5], row[6], row[7]};
        }
        if (&policy != &base && mine && its) {
          if (const auto d = paired_difference(*its, *mine, together)) {
            row[5] = d->mean, row[6] = d->low, row[7] = d->high;
          }
        }
        out.insert(out.end(), row.begin(), row.end());
      }
    }
    return out;
  }

  static const std::vector<double>* samples(const PolicyData& policy, const std::string& name,
                                            std::size_t period) {
    const auto found = policy.figures.find(name);
    return found == policy.figures.end() ? nullptr : &found->second.values[period];
  }

  const std::vector<PolicyData>& policies_;
  std::map<std::string, const PolicyData::Figure*> names_;
  std::map<std::string, std::string> good_;
};

}  // namespace optichain::models::report
