#include "models/report/text/sweep_analysis.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/report/text/effects.hpp"
#include "sim/base/number.hpp"
#include "sim/batch/prim.hpp"
#include "sim/batch/sample.hpp"
#include "sim/batch/sensitivity.hpp"

namespace optichain::models::report {
namespace {

using Column = sweep::SweepResults::Column;

struct Sample {
  double setting = 0;
  double outcome = 0;
};

/// The points where a factor is set and the outcome is known, by setting.
std::vector<Sample> samples(const sweep::SweepResults& results, const Column& column,
                            const sim::OutcomeTable& outcomes) {
  std::vector<Sample> out;
  for (std::size_t p = 0; p < outcomes.policies; ++p) {
    for (std::size_t f = 0; f < outcomes.futures; ++f) {
      const Sample s{results.setting(column, p, f), outcomes.at(p, f)};
      if (!std::isnan(s.setting) && !std::isnan(s.outcome)) out.push_back(s);
    }
  }
  std::sort(out.begin(), out.end(), [](const Sample& a, const Sample& b) {
    return std::tie(a.setting, a.outcome) < std::tie(b.setting, b.outcome);
  });
  return out;
}

/// Runs of equal settings, or fifths if there are too many.
std::vector<std::vector<Sample>> groups(const std::vector<Sample>& sorted) {
  std::vector<std::vector<Sample>> out;
  for (const Sample& s : sorted) {
    if (out.empty() || out.back().back().setting != s.setting) out.emplace_back();
    out.back().push_back(s);
  }
  if (out.size() <= most_apart) return out;
  out.assign(fifths, {});
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    out[i * fifths / sorted.size()].push_back(sorted[i]);
  }
  return out;
}

std::vector<double> outcomes_of(const std::vector<Sample>& group) {
  std::vector<double> out;
  for (const Sample& s : group) out.push_back(s.outcome);
  return out;
}

std::string range_text(const Column& column, std::pair<double, double> range) {
  const auto [low, high] = range;
  if (low == high) return column.shown(low);
  return fmt::format("{} to {}", sim::format_short(low), sim::format_short(high));
}

/// The outcome where nothing is varied, if the sweep has that point.
double base_outcome(const sweep::SweepResults& results, const sim::OutcomeTable& outcomes) {
  const auto find = [](const std::vector<std::string>& names) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), "base") - names.begin());
  };
  const std::size_t p = find(results.policies()), f = find(results.futures());
  const bool is_there = p < outcomes.policies && f < outcomes.futures;
  return is_there ? outcomes.at(p, f) : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

sim::Table response_table(const sweep::SweepResults& results, const std::string& metric) {
  const auto outcomes = results.means(metric);
  sim::Table table(
      {{"factor"}, {"setting"}, {"points"}, {"mean"}, {"p05", "5 %"}, {"p95", "95 %"}});
  table.title(fmt::format("Response of {} ({})", metric, results.measure(metric).unit));
  for (const Column& column : results.columns()) {
    for (const auto& group : groups(samples(results, column, outcomes))) {
      const auto s = sim::summarise(outcomes_of(group));
      table.add({column.name, range_text(column, {group.front().setting, group.back().setting}),
                 s.n, s.mean, s.p05, s.p95});
    }
  }
  return table;
}

sim::Table tornado_table(const sweep::SweepResults& results, const std::string& metric) {
  return tornado_table(results, {metric, results.measure(metric).unit}, results.means(metric));
}

sim::Table tornado_table(const sweep::SweepResults& results, const sim::MeasureRow& metric,
                         const sim::OutcomeTable& outcomes) {
  sim::Table table({{"factor"},
                    {"low", "lowest"},
                    {"high", "highest"},
                    {"at_low", "there"},
                    {"at_high", "and there"},
                    {"swing"},
                    {"swing_low", "from"},
                    {"swing_high", "to"},
                    {"per_percent", "1 % more buys"},
                    {"per_percent_low", "from"},
                    {"per_percent_high", "to"},
                    {"bar", ""}});
  table.title(fmt::format("Tornado of {} ({}), with 95 % intervals", metric.name, metric.unit));
  const Effects found = effects_of(results.columns(), outcomes);
  std::vector<std::string> notes = found.sentences;
  const double base = base_outcome(results, outcomes);
  if (!std::isnan(found.mean)) {
    notes.push_back(fmt::format("the mean of all points: {}", sim::format_short(found.mean)));
  }
  if (!std::isnan(base)) {
    notes.push_back(fmt::format("the scenario as it is: {}", sim::format_short(base)));
  }
  table.footer(fmt::format("{}", fmt::join(notes, "\n")));
  for (const Effect& e : found.effects) {
    const Column& column = results.columns()[e.column];
    const bool is_amount = column.words.empty() && e.x_low + e.x_high != 0;
    const double relative = (e.x_high - e.x_low) / std::abs((e.x_high + e.x_low) / 2);
    const auto per_percent = [&](double swing) {
      return is_amount ? swing / relative / 100 : std::nan("");
    };
    const double largest = std::abs(found.effects.front().swing);
    table.add({column.name, range_text(column, e.low), range_text(column, e.high), e.at_low,
               e.at_high, e.swing, e.swing_low, e.swing_high, per_percent(e.swing),
               per_percent(e.swing_low), per_percent(e.swing_high),
               sim::bar(largest > 0 ? std::abs(e.swing) / largest : 0, 20)});
  }
  return table;
}

std::optional<sim::Table> sobol_table(const sweep::SweepResults& results,
                                      const std::string& metric) {
  const auto* design = std::get_if<study::SobolDesign>(&results.study().design.uncertainties);
  const std::size_t k = results.study().uncertainties.size();
  const auto outcomes = results.means(metric);
  if (!design || !design->indices || k == 0 || outcomes.futures % (k + 2) != 0 ||
      outcomes.futures < 2 * (k + 2)) {
    return std::nullopt;
  }
  sim::Table table({{"policy"},
                    {"uncertainty"},
                    {"first"},
                    {"first_low", "from"},
                    {"first_high", "to"},
                    {"total"},
                    {"total_low", "from"},
                    {"total_high", "to"}});
  table.title(fmt::format("Sobol' indices of {}, with 95 % intervals", metric));
  for (std::size_t p = 0; p < outcomes.policies; ++p) {
    const auto row = std::span(outcomes.values).subspan(p * outcomes.futures, outcomes.futures);
    if (std::any_of(row.begin(), row.end(), [](double x) { return std::isnan(x); })) continue;
    const auto indices = sim::sobol_indices(row, k);
    std::size_t i = 0;
    for (const auto& [name, factor] : results.study().uncertainties) {
      const sim::SobolIndex& s = indices[i++];
      const auto cell = [](double x) { return sim::Cell::fixed(x, 3); };
      table.add({results.policies()[p], name, cell(s.first), cell(s.first_95.low),
                 cell(s.first_95.high), cell(s.total), cell(s.total_95.low),
                 cell(s.total_95.high)});
    }
  }
  return table;
}

std::optional<sim::Table> regret_table(const sweep::SweepResults& results,
                                       const std::string& metric, sim::Better better) {
  if (results.policies().size() < 2) return std::nullopt;
  const auto regrets = sim::regrets(results.means(metric), better);
  sim::Table table({{"policy"},
                    {"mean", "mean regret"},
                    {"p90", "90 %"},
                    {"worst"},
                    {"best_share", "best in"},
                    {"futures"}});
  table.title(fmt::format("Regret in {} ({} is better)", metric,
                          better == sim::Better::high ? "more" : "less"));
  std::vector<std::size_t> order(regrets.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return regrets[a].mean < regrets[b].mean; });
  for (const std::size_t p : order) {
    const sim::Regret& r = regrets[p];
    table.add({results.policies()[p], r.mean, r.p90, r.worst, sim::Cell::percent(r.best_share),
               r.futures});
  }
  return table;
}

namespace {

sim::Limits limits_of(const study::Constraint& constraint) {
  sim::Limits limits;
  if (constraint.min) limits.min = *constraint.min;
  if (constraint.max) limits.max = *constraint.max;
  return limits;
}

}  // namespace

std::optional<sim::Table> robustness_table(const sweep::SweepResults& results) {
  const auto& constraints = results.study().constraints;
  if (constraints.empty()) return std::nullopt;
  std::vector<sim::Table::Column> columns = {{"policy"}};
  std::vector<sim::OutcomeTable> outcomes;
  std::vector<sim::Limits> limits;
  std::vector<std::vector<double>> shares;
  for (const auto& [name, constraint] : constraints) {
    columns.push_back({name});
    outcomes.push_back(results.means(constraint.metric));
    limits.push_back(limits_of(constraint));
    shares.push_back(sim::satisficing(std::span(outcomes).last(1), std::span(limits).last(1)));
  }
  columns.push_back({"all"});
  shares.push_back(sim::satisficing(outcomes, limits));
  sim::Table table(columns);
  table.title("Futures in which a policy is good enough");
  for (std::size_t p = 0; p < results.policies().size(); ++p) {
    std::vector<sim::Cell> row = {results.policies()[p]};
    for (const auto& share : shares) row.push_back(sim::Cell::percent(share[p]));
    table.add(std::move(row));
  }
  return table;
}

std::optional<sim::Table> failure_box_table(const sweep::SweepResults& results) {
  const auto& constraints = results.study().constraints;
  if (constraints.empty()) return std::nullopt;
  sim::Table table({{"constraint"},
                    {"factor"},
                    {"from"},
                    {"to"},
                    {"is"},
                    {"quasi_p", "by chance"},
                    {"density"},
                    {"coverage"},
                    {"cases"},
                    {"futures"}});
  table.title("Where constraints fail: boxes of settings (PRIM)");
  std::vector<std::string> unsupported;
  for (const auto& [name, constraint] : constraints) {
    const auto outcomes = results.means(constraint.metric);
    const sim::Limits limits = limits_of(constraint);
    sim::PrimCases cases{results.columns().size(), {}, {}};
    for (const Column& c : results.columns()) cases.is_category.push_back(!c.words.empty());
    for (std::size_t p = 0; p < outcomes.policies; ++p) {
      for (std::size_t f = 0; f < outcomes.futures; ++f) {
        if (std::isnan(outcomes.at(p, f))) continue;
        for (const Column& c : results.columns()) {
          cases.values.push_back(results.setting(c, p, f));
        }
        cases.is_of_interest.push_back(!limits.allow(outcomes.at(p, f)));
        cases.group.push_back(f);
      }
    }
    if (cases.is_of_interest.empty()) continue;
    const sim::PrimBox box = sim::find_box(cases);
    const auto end = [&](const Column& c, double value) {
      return std::isinf(value) ? std::string() : c.shown(value);
    };
    for (const auto& limit : box.limits) {
      const Column& c = results.columns()[limit.input];
      std::vector<std::string> words;
      for (const double category : limit.categories) words.push_back(c.shown(category));
      table.add({name, c.name, end(c, limit.low), end(c, limit.high),
                 fmt::format("{}", fmt::join(words, " or ")), limit.quasi_p,
                 sim::Cell::percent(box.density), sim::Cell::percent(box.coverage), box.cases,
                 box.groups});
    }
    if (box.limits.empty()) {
      table.add({name, "", "", "", "", sim::Cell(), sim::Cell::percent(box.density),
                 sim::Cell::percent(box.coverage), box.cases, box.groups});
    }
    if (!box.is_supported) {
      unsupported.push_back(fmt::format("{}: {} futures carry no box, at least {} are needed", name,
                                        box.of_groups, sim::PrimOptions{}.fewest_groups));
    }
  }
  if (!unsupported.empty()) table.footer(fmt::format("{}", fmt::join(unsupported, "\n")));
  return table;
}

}  // namespace optichain::models::report
