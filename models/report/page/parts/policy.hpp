#pragma once
// The runs of a store under one scenario, policy and future: what the page is given of them.

#include <fmt/format.h>

#include "models/report/page/page_fields.hpp"
#include "models/report/page/parts/convergence.hpp"
#include "models/report/page/parts/inputs.hpp"
#include "models/report/page/parts/traces.hpp"
#include "models/report/page/parts/weekly.hpp"
#include "models/report/page/parts/why.hpp"
#include "models/report/store/comparison.hpp"
#include "models/run/run_store.hpp"

namespace optichain::models::report {

struct FailedRun {
  static constexpr std::string_view title = "FailedRun";
  std::size_t replication = 0;
  std::string reason{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("replication", replication);
    v.field("reason", reason);
  }
};

/// The runs of a store under one scenario, policy and future.
struct PolicyPart {
  static constexpr std::string_view title = "Policy";
  std::string name{};
  std::string store{};
  std::string engine{};
  std::string hash{};
  std::string seed{};
  std::size_t replications = 0;
  std::size_t paired = 0;
  std::vector<FailedRun> failures{};
  double filling_weeks = 0;
  std::vector<std::string> given{};
  std::map<std::string, double> tiers{};
  std::vector<DatedEvent> events{};
  std::vector<GivenInput> inputs{};
  std::vector<ChangedInput> changes{};
  WeeklySeries weekly{};
  TraceList traces{};
  std::map<std::string, WhyMissing> why{};
  std::vector<Convergence> convergence{};

  template <class Visitor>
  void fields(Visitor& v) const {
    v.field("name", name);
    v.field("store", store);
    v.field("engine", engine);
    v.field("hash", hash, "of the scenario");
    v.field("seed", seed, "may have more digits than a browser counts");
    v.field("replications", replications);
    v.field("paired", paired, "replications that share their random numbers with the first policy");
    v.field("failures", failures);
    v.field("filling_weeks", filling_weeks,
            "in which a chain that began empty fills: what they show is no finding");
    v.field("given", given, "path=value, as said when the run was started");
    v.field("tiers", tiers, "of sites; customers have 0");
    v.field("events", events);
    v.field("inputs", inputs, "of the first policy only");
    v.field("changes", changes);
    v.field("weekly", weekly);
    v.field("traces", traces);
    v.field("why", why, "by period");
    v.field("convergence", convergence);
  }
};

inline PolicyPart policy_part(const PolicyData& policy, const PolicyData& base) {
  PolicyPart part{.name = policy.name,
                  .store = policy.store,
                  .engine = policy.engine,
                  .hash = policy.scenario.hash,
                  .seed = fmt::format("{}", policy.seed),
                  .replications = policy.replications.size(),
                  .paired = pairs(base, policy).size(),
                  .filling_weeks = run::filling_weeks(policy.scenario),
                  .given = given_changes(policy.scenario.inputs),
                  .events = events(policy.scenario.inputs),
                  .changes = changes(base.scenario.inputs, policy.scenario.inputs),
                  .weekly = weekly_of(policy),
                  .traces = traces_of(policy),
                  .why = why_of(policy),
                  .convergence = convergence_of(policy)};
  if (&policy == &base) part.inputs = inputs(policy.scenario.inputs);
  for (const auto& [replication, reason] : policy.failures) {
    part.failures.push_back({replication, reason});
  }
  for (const auto& node : policy.nodes) part.tiers[node.name] = static_cast<double>(*node.tier);
  return part;
}

}  // namespace optichain::models::report
