#pragma once
// Key figures of all policies, each with its interval and its difference to the first policy.

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

#include "models/report/page/base64.hpp"
#include "models/report/page/page_fields.hpp"
#include "models/report/store/comparison.hpp"
#include "models/report/store/policy_data.hpp"

namespace optichain::models::report {

/// Key figures by policy.
struct FigureColumns {
  static constexpr std::string_view title = "Figures";
  std::vector<std::string> periods{};
  std::vector<std::string> names{};
  std::vector<std::string> units{};
  std::vector<std::string> good{};
  std::vector<std::string> columns{};
  std::vector<Packed> values{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("periods", periods);
    v.field("names", names, "without the period");
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
