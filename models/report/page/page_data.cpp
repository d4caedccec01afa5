#include "models/report/page/page_data.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>

#include "models/report/page/base64.hpp"
#include "models/report/page/input_changes.hpp"
#include "models/report/page/page_types.hpp"
#include "models/report/store/comparison.hpp"
#include "models/report/store/store_data.hpp"
#include "sim/base/time.hpp"

namespace optichain::models::report {
namespace {

template <class Rows>
Packed joined_f32(const Rows& rows) {
  Weekly all;
  for (const Weekly& row : rows) all.insert(all.end(), row.begin(), row.end());
  return {base64_f32(all)};
}
Packed packed(const Weekly& values) {
  return {base64_f32(values)};
}

PackedFan packed(const Fan& fan) {
  return {joined_f32(fan.weekly), joined_f32(fan.smoothed), joined_f32(fan.singles)};
}

TraceList traces_of(const PolicyData& policy) {
  TraceList list;
  std::map<std::string, std::size_t> numbers;
  const auto number = [&](const std::string& name) {
    const auto [found, added] = numbers.try_emplace(name, numbers.size());
    if (added) list.nodes.push_back(name);
    return static_cast<double>(found->second);
  };
  const auto runs = static_cast<double>(policy.replications.size());
  for (const run::PeriodTraces& period : policy.traces) {
    std::vector<double>& triples = list.periods[period.period];
    for (const world::Trace& t : period.traces) {
      if (t.pieces == 0) continue;
      const double from = number(t.from);  // before the other end
      triples.insert(triples.end(), {from, number(t.to), static_cast<double>(t.pieces) / runs});
    }
  }
  return list;
}

/// How mean and interval settle as replications are added.
std::vector<Convergence> convergence_of(const PolicyData& policy) {
  std::vector<Convergence> all;
  for (const char* measure : {"shipped", "unmet", "revenue"}) {
    const auto found =
        policy.figures.find(measures::SeriesName{measures::of_market(), measure}.text());
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
    all.push_back({found->first + ".all",
                   found->second.unit,
                   {base64_f64(values)},
                   {base64_f64(mean)},
                   {base64_f64(low)},
                   {base64_f64(high)}});
  }
  return all;
}

WeeklySeries weekly_of(const PolicyData& policy) {
  WeeklySeries weekly;
  for (const ProductFans& f : policy.fans) {
    weekly.fans.push_back({f.product, packed(f.demanded), packed(f.shipped)});
  }
  for (const ItemWeeks& i : policy.items) {
    weekly.items.push_back({i.item, packed(i.needed), packed(i.supplied)});
  }
  for (const LinkWeeks& l : policy.links) {
    weekly.links.push_back({l.seller, l.buyer, l.item, packed(l.shipped), packed(l.backlog)});
  }
  for (const CauseWeeks& c : policy.causes) {
    weekly.causes.push_back({c.kind, c.item, packed(c.unmet)});
  }
  for (const AgreementWeeks& a : policy.agreements) {
    weekly.agreements.push_back({a.agreement, a.measure, a.unit, packed(a.values)});
  }
  return weekly;
}

PolicyPart policy_part(const PolicyData& policy, const PolicyData& base) {
  PolicyPart part{.name = policy.name,
                  .store = policy.store,
                  .engine = policy.engine,
                  .hash = policy.scenario.hash,
                  .seed = fmt::format("{}", policy.seed),
                  .replications = policy.replications.size(),
                  .paired = pairs(base, policy).size(),
                  .events = events(policy.scenario.inputs),
                  .changes = changes(base.scenario.inputs, policy.scenario.inputs),
                  .weekly = weekly_of(policy),
                  .traces = traces_of(policy),
                  .convergence = convergence_of(policy)};
  if (&policy == &base) part.inputs = inputs(policy.scenario.inputs);
  for (const auto& [replication, reason] : policy.failures) {
    part.failures.push_back({replication, reason});
  }
  for (const auto& node : policy.nodes) part.tiers[node.name] = static_cast<double>(*node.tier);
  return part;
}

/// Mean, its interval, quantiles; then the difference to the base and its interval.
constexpr std::array summary_columns = {"mean", "low",        "high",           "p05",
                                        "p95",  "difference", "difference_low", "difference_high"};

class Figures {
 public:
  explicit Figures(const std::vector<PolicyData>& policies) : policies_(policies) {
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

}  // namespace

void require_comparable(const std::vector<PolicyData>& policies) {
  for (const PolicyData& policy : policies) {
    const PolicyData& base = policies.front();
    const auto& weeks = policy.scenario.weeks;
    if (weeks == base.scenario.weeks && policy.periods == base.periods) continue;
    refuse(
        policy.store,
        fmt::format("expected the same weeks as {} ({} from {}), received {} from {}", base.store,
                    base.scenario.weeks.size(), sim::format_time(base.scenario.weeks.front()),
                    weeks.size(), weeks.empty() ? "nothing" : sim::format_time(weeks.front())));
  }
}

void name_apart(std::vector<PolicyData>& policies) {
  std::map<std::string, int> uses;
  for (const PolicyData& policy : policies) ++uses[policy.name];
  for (PolicyData& policy : policies) {
    if (uses[policy.name] == 1) continue;
    const auto folder = std::filesystem::path(policy.store);
    const auto parent = folder.has_filename() ? folder : folder.parent_path();
    policy.name += fmt::format(" ({})", parent.filename() == "results.sqlite"
                                            ? parent.parent_path().filename().string()
                                            : parent.filename().string());
  }
}

sim::Json page_data(const std::vector<PolicyData>& policies, const sim::Json& findings) {
  const PolicyData nothing;
  const PolicyData& base = policies.empty() ? nothing : policies.front();
  PageData page{.engine = base.engine,
                .quantiles = {Fan::quantiles.begin(), Fan::quantiles.end()},
                .window = Fan::window,
                .figures = Figures(policies).all()};
  if (!findings.is_null()) page.findings = LaidOut<StudyFindings>{findings};
  for (const auto week : base.scenario.weeks) page.weeks.push_back(sim::format_time(week));
  for (const PolicyData& policy : policies) page.policies.push_back(policy_part(policy, base));
  return json_of(page);
}

}  // namespace optichain::models::report
