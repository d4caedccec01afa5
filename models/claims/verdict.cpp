#include "models/claims/verdict.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "sim/base/check.hpp"
#include "sim/batch/sample.hpp"

namespace optichain::models::claims {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nearly_all = 0.9, most = 0.5, hardly_any = 0.1;

std::vector<double> known(std::vector<double> values) {
  std::erase_if(values, [](double x) { return std::isnan(x); });
  return values;
}

/// The published figure, or the bound that is missed; the mean itself within bounds.
double yardstick(const Claim& claim, double mean) {
  if (claim.published) return *claim.published;
  if (claim.min && mean < *claim.min) return *claim.min;
  if (claim.max && mean > *claim.max) return *claim.max;
  return mean;
}

}  // namespace

const sim::OutcomeTable& CaseFigures::table(const std::string& metric) const {
  const auto known = tables_.find(metric);
  return known != tables_.end() ? known->second
                                : tables_.emplace(metric, results_->means(metric)).first->second;
}

std::vector<std::pair<std::string, double>> CaseFigures::causes(std::string_view in,
                                                                const std::string& year) const {
  const std::size_t policy = cases_.find(in)->second;
  std::vector<std::pair<std::string, double>> causes;
  double all = 0;
  for (const sim::MeasureRow& measure : results_->measures()) {
    const auto name = measures::FigureName::parse(measure.name);
    if (!name || name->entity.group != measures::Group::causes || name->period != year) continue;
    const std::string& cause = name->entity.name;
    double pieces = 0;
    for (std::size_t f = 0; f < futures(); ++f) {
      const double unmet = table(measure.name).at(policy, f);
      if (!std::isnan(unmet)) pieces += unmet;
    }
    if (pieces <= 0) continue;
    all += pieces;
    const std::size_t dot = cause.find('.');
    std::string kind = cause.substr(0, dot);
    std::replace(kind.begin(), kind.end(), '_', ' ');
    causes.emplace_back(
        dot == std::string::npos ? kind : fmt::format("{} of {}", kind, cause.substr(dot + 1)),
        pieces);
  }
  for (auto& [name, part] : causes) part /= all;
  std::stable_sort(causes.begin(), causes.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return causes;
}

std::vector<double> CaseFigures::of(const Figure& figure, std::string_view in) const {
  struct Input {
    const sim::OutcomeTable* table;
    std::size_t policy;
  };
  std::vector<Input> inputs;
  for (const std::string& name : figure.expression.names()) {
    const MetricName n = MetricName::of(name);
    const auto policy = cases_.find(n.in.empty() ? in : std::string_view(n.in));
    OPTICHAIN_CHECK(policy != cases_.end(), "names are checked before anything runs");
    inputs.push_back({&table(n.metric), policy->second});
  }
  std::vector<double> values(futures()), of_names(inputs.size());
  for (std::size_t f = 0; f < futures(); ++f) {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      of_names[i] = inputs[i].table->at(inputs[i].policy, f);
    }
    values[f] = figure.expression.value(of_names);
  }
  return values;
}

ClaimRange range_of(const Claim& claim) {
  const auto widened = [&](double x, double sign) {
    return x + sign * claim.tolerance * std::abs(x);
  };
  if (claim.published) return {widened(*claim.published, -1), widened(*claim.published, 1)};
  return {claim.min ? widened(*claim.min, -1) : -infinity,
          claim.max ? widened(*claim.max, 1) : infinity};
}

Verdict judge(const LoadedClaim& claim, const CaseFigures& figures, std::optional<std::string> in) {
  const std::string where = in ? *in : claim.text->in.value_or(std::string(base_case));
  Verdict v;
  v.mean = v.low = v.high = v.share = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> values = known(figures.of(claim.figure, where));
  v.futures = values.size();
  if (values.empty()) return v;
  std::sort(values.begin(), values.end());
  const sim::Summary s = sim::summarise(values);
  v.mean = s.mean;
  v.low = s.p05;
  v.high = s.p95;
  const ClaimRange range = range_of(*claim.text);
  const auto holding =
      std::count_if(values.begin(), values.end(), [&](double x) { return range.holds(x); });
  v.share = static_cast<double>(holding) / static_cast<double>(values.size());
  v.from = yardstick(*claim.text, v.mean);
  v.deviation = v.mean - v.from;
  for (const auto& [name, figure] : claim.explained_by) {
    const auto numbers = known(figures.of(figure, where));
    v.explained_by.emplace_back(name, numbers.empty() ? std::numeric_limits<double>::quiet_NaN()
                                                      : sim::summarise(numbers).mean);
  }
  return v;
}

std::optional<bool> Verdict::holds() const {
  if (futures == 0) return std::nullopt;
  return share >= most;
}

std::string Verdict::text(ClaimKind kind) const {
  if (futures == 0) return "not known";
  const auto in_part = fmt::format("in {:.0f} %", 100 * share);
  const std::string of_kind = kind == ClaimKind::predicted ? ""
                              : kind == ClaimKind::fitted  ? ", fitted"
                                                           : ", given";
  if (share >= nearly_all) return "holds" + of_kind;
  if (share >= most) return "holds " + in_part + of_kind;
  if (share >= hardly_any) return "does not hold, but " + in_part + of_kind;
  return "does not hold" + of_kind;
}

std::string published_text(const Claim& claim) {
  if (claim.published) return shown_in(*claim.published, claim.unit);
  std::string text;
  if (claim.min) text = "> " + shown_in(*claim.min, claim.unit);
  if (claim.max) text += (text.empty() ? "< " : ", < ") + shown_in(*claim.max, claim.unit);
  return text;
}

}  // namespace optichain::models::claims
