#include "models/report/store/store_data.hpp"

#include <map>

#include <fmt/format.h>

#include "models/report/store/run_collector.hpp"
#include "models/run/store_file.hpp"
#include "sim/base/check.hpp"
#include "sim/input/refusal.hpp"
#include "sim/output/error.hpp"

namespace optichain::models::report {
namespace {

std::string name_of(const sim::RunKey& key) {
  std::string name = key.scenario;
  for (const std::string& part : {key.policy, key.future}) {
    if (!part.empty()) name += ", " + part;
  }
  return name;
}

/// Sites and customers; the other nodes of a store are what is counted at them.
std::vector<sim::NodeRow> parties(const std::vector<sim::NodeRow>& nodes) {
  std::vector<sim::NodeRow> all;
  for (const sim::NodeRow& node : nodes) {
    if (node.tier) all.push_back(node);
  }
  return all;
}

}  // namespace

void refuse(const std::filesystem::path& store, const std::string& message) {
  sim::refuse_input(store.string(), message);
}

std::vector<PolicyData> read_policies(const std::filesystem::path& path) try {
  const auto file = run::store_file(path);
  const sim::StoreReader store(file);
  const auto measures = store.measures();
  const auto nodes = store.nodes();
  const StoreNames names(measures, nodes);
  std::map<std::string, std::vector<sim::RunRow>> by_policy;
  for (sim::RunRow& run : store.runs()) by_policy[name_of(run.key)].push_back(std::move(run));

  std::vector<PolicyData> policies;
  for (const auto& [name, runs] : by_policy) {
    PolicyData policy{.name = name,
                      .store = path.string(),
                      .engine = store.meta("engine").value_or(""),
                      .scenario = store.scenario(runs.front().key.scenario),
                      .seed = runs.front().seed,
                      .nodes = parties(nodes),
                      .measures = measures};
    std::vector<sim::RunKey> done;
    for (const sim::RunRow& run : runs) {
      if (!run.failure.empty()) {
        policy.failures.emplace_back(run.key.replication, run.failure);
        continue;
      }
      done.push_back(run.key);
      policy.replications.push_back(run.key.replication);
    }
    if (done.empty()) continue;
    RunCollector collector(file, names, done.size(), policy.scenario.weeks.size());
    collector.add(done);
    collector.finish(policy);
    policies.push_back(std::move(policy));
  }
  if (policies.empty()) {
    refuse(path, "expected a store with replications that were done, received none");
  }
  return policies;
} catch (const sim::Error& error) {
  sim::wrong_file(path, error.what());
}

}  // namespace optichain::models::report
