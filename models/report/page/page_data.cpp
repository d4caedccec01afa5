#include "models/report/page/page_data.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>

#include "models/report/page/base64.hpp"
#include "models/report/page/input_changes.hpp"
#include "models/report/store/comparison.hpp"
#include "sim/base/time.hpp"

namespace optichain::models::report {
namespace {

using sim::Json;

constexpr int contract_version = 1;  // of data.ts

std::string joined_f32(std::span<const Weekly> rows) {
  Weekly all;
  for (const Weekly& row : rows) all.insert(all.end(), row.begin(), row.end());
  return base64_f32(all);
}

Json fan_json(const Fan& fan) {
  return {{"weekly", joined_f32(fan.weekly)},
          {"smoothed", joined_f32(fan.smoothed)},
          {"singles", joined_f32(fan.singles)}};
}

/// The nodes by number, then for each period triples: from, to, mean pieces.
Json traces_json(const PolicyData& policy) {
  std::map<std::string, std::size_t> numbers;
  Json nodes = Json::array(), periods = Json::object();
  const auto number = [&](const std::string& name) {
    const auto [found, added] = numbers.try_emplace(name, numbers.size());
    if (added) nodes.push_back(name);
    return found->second;
  };
  const auto runs = static_cast<double>(policy.replications.size());
  for (const run::PeriodTraces& period : policy.traces) {
    Json& list = periods[period.period] = Json::array();
    for (const world::Trace& t : period.traces) {
      if (t.pieces == 0) continue;
      list.push_back(number(t.from));
      list.push_back(number(t.to));
      list.push_back(static_cast<double>(t.pieces) / runs);
    }
  }
  return {{"nodes", nodes}, {"periods", periods}};
}

/// How mean and interval settle as replications are added.
Json convergence_json(const PolicyData& policy) {
  Json all = Json::array();
  for (const char* measure : {"shipped", "unmet", "revenue"}) {
    const auto found = policy.figures.find(fmt::format("market.{}", measure));
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
    all.push_back({{"measure", found->first + ".all"},
                   {"unit", found->second.unit},
                   {"values", base64_f64(values)},
                   {"mean", base64_f64(mean)},
                   {"low", base64_f64(low)},
                   {"high", base64_f64(high)}});
  }
  return all;
}

Json weekly_json(const PolicyData& policy) {
  Json json = Json::object();
  Json& fans = json["fans"] = Json::array();
  for (const ProductFans& f : policy.fans) {
    fans.push_back({{"product", f.product},
                    {"demanded", fan_json(f.demanded)},
                    {"shipped", fan_json(f.shipped)}});
  }
  Json& items = json["items"] = Json::array();
  for (const ItemWeeks& i : policy.items) {
    items.push_back(
        {{"item", i.item}, {"needed", base64_f32(i.needed)}, {"supplied", base64_f32(i.supplied)}});
  }
  Json& links = json["links"] = Json::array();
  for (const LinkWeeks& l : policy.links) {
    links.push_back({{"seller", l.seller},
                     {"buyer", l.buyer},
                     {"item", l.item},
                     {"shipped", base64_f32(l.shipped)},
                     {"backlog", base64_f32(l.backlog)}});
  }
  Json& causes = json["causes"] = Json::array();
  for (const CauseWeeks& c : policy.causes) {
    causes.push_back({{"kind", c.kind}, {"item", c.item}, {"unmet", base64_f32(c.unmet)}});
  }
  Json& agreements = json["agreements"] = Json::array();
  for (const AgreementWeeks& a : policy.agreements) {
    agreements.push_back({{"agreement", a.agreement},
                          {"measure", a.measure},
                          {"unit", a.unit},
                          {"values", base64_f32(a.values)}});
  }
  return json;
}

Json policy_json(const PolicyData& policy, const PolicyData& base) {
  Json failures = Json::array(), tiers = Json::object();
  for (const auto& [replication, reason] : policy.failures) {
    failures.push_back({replication, reason});
  }
  for (const auto& node : policy.nodes) tiers[node.name] = *node.tier;
  return {{"name", policy.name},
          {"store", policy.store},
          {"engine", policy.engine},
          {"scenario", policy.scenario.name},
          {"hash", policy.scenario.hash},
          {"seed", fmt::format("{}", policy.seed)},  // may have more digits than a browser counts
          {"replications", policy.replications.size()},
          {"paired", pairs(base, policy).size()},
          {"failures", failures},
          {"tiers", tiers},
          {"events", events_json(policy.scenario.inputs)},
          {"inputs", &policy == &base ? inputs_json(policy.scenario.inputs) : Json::array()},
          {"changes", changes_json(base.scenario.inputs, policy.scenario.inputs)},
          {"weekly", weekly_json(policy)},
          {"traces", traces_json(policy)},
          {"convergence", convergence_json(policy)}};
}

/// Mean, its interval, quantiles; then the difference to the base and its interval.
constexpr std::array columns = {"mean", "low",        "high",           "p05",
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

  Json json() const {
    Json names = Json::array(), units = Json::array(), good = Json::array(), values = Json::array();
    for (const auto& [name, figure] : names_) {
      names.push_back(name);
      units.push_back(figure->unit);
      const auto direction = good_.find(name);
      good.push_back(direction == good_.end() ? "" : direction->second);
    }
    for (const PolicyData& policy : policies_) values.push_back(base64_f64(values_of(policy)));
    return {{"periods", policies_.empty() ? std::vector<std::string>{} : policies_.front().periods},
            {"names", names},
            {"units", units},
            {"good", good},
            {"columns", columns},
            {"values", values}};
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
        std::array<double, columns.size()> row;
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

Json page_data(const std::vector<PolicyData>& policies, const Json& findings) {
  const PolicyData nothing;
  const PolicyData& base = policies.empty() ? nothing : policies.front();
  Json weeks = Json::array(), list = Json::array();
  for (const auto week : base.scenario.weeks) weeks.push_back(sim::format_time(week));
  for (const PolicyData& policy : policies) list.push_back(policy_json(policy, base));
  return {{"version", contract_version},         {"engine", base.engine}, {"weeks", weeks},
          {"quantiles", Fan::quantiles},         {"window", Fan::window}, {"policies", list},
          {"figures", Figures(policies).json()}, {"findings", findings}};
}

}  // namespace optichain::models::report
