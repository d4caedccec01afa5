#include "models/report/page/page_data.hpp"

#include <fmt/format.h>

#include "models/report/page/page_types.hpp"
#include "models/report/store/store_data.hpp"
#include "sim/base/time.hpp"

namespace optichain::models::report {

void require_comparable(const std::vector<PolicyData>& policies) {
  for (const PolicyData& policy : policies) {
    const PolicyData& base = policies.front();
    const auto& weeks = policy.scenario.weeks;
    if (weeks == base.scenario.weeks && policy.periods == base.periods) continue;
    const auto first = [](const std::vector<sim::Date>& of) {
      return of.empty() ? "nothing" : sim::format_time(of.front());
    };
    refuse(policy.store,
           fmt::format("expected the same weeks as {} ({} from {}), received {} from {}",
                       base.store, base.scenario.weeks.size(), first(base.scenario.weeks),
                       weeks.size(), first(weeks)));
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
                .figures = FigureSummaries(policies).all()};
  if (!findings.is_null()) page.findings = LaidOut<StudyFindings>{findings};
  for (const auto week : base.scenario.weeks) page.weeks.push_back(sim::format_time(week));
  for (const PolicyData& policy : policies) page.policies.push_back(policy_part(policy, base));
  return json_of(page);
}

}  // namespace optichain::models::report
