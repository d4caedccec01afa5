#include "models/study/replicate.hpp"

#include "models/world/archive.hpp"
#include "models/world/world.hpp"
#include "sim/base/check.hpp"
#include "sim/base/hash.hpp"
#include "sim/batch/workers.hpp"

namespace optichain::models {

Replications replicate(const Catalog& catalog, const ReplicationOptions& options) {
  std::size_t done = 0, failed = 0;
  sim::JobOptions jobs{.jobs = options.jobs, .stop = options.stop};
  jobs.on_end = [&](std::size_t, const sim::Outcome& outcome) {
    if (outcome.status == sim::Outcome::Status::done) {
      ++done;
    } else if (outcome.status != sim::Outcome::Status::stopped) {
      ++failed;
    }
    if (options.on_progress) options.on_progress(done, failed);
  };
  const auto outcomes = sim::run_jobs(options.count, jobs, [&](std::size_t replication) {
    World world(catalog, {options.seed, replication}, options.stop);
    return pack(world.run());
  });

  Replications all;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    switch (outcomes[i].status) {
      case sim::Outcome::Status::done:
        all.done.push_back(i);
        all.results.push_back(unpack(outcomes[i].text));
        break;
      case sim::Outcome::Status::stopped:
        all.stopped = true;
        break;
      default:
        all.failures.push_back({i, outcomes[i].text});
    }
  }
  return all;
}

std::vector<MetricSummary> Replications::summarise() const {
  std::vector<MetricSummary> summaries;
  if (results.empty()) return summaries;
  std::vector<double> sample(results.size());
  for (std::size_t m = 0; m < results.front().metrics.size(); ++m) {
    const Metric& metric = results.front().metrics[m];
    for (std::size_t r = 0; r < results.size(); ++r) {
      OPTICHAIN_CHECK(results[r].metrics.size() == results.front().metrics.size() &&
                          results[r].metrics[m].measure == metric.measure,
                      "replications report different key figures");
      sample[r] = results[r].metrics[m].value;
    }
    summaries.push_back(
        {metric.entity, metric.measure, metric.period, metric.unit, sim::summarise(sample)});
  }
  return summaries;
}

std::string Replications::fingerprint() const {
  if (results.size() == 1) return results.front().fingerprint;
  sim::Fingerprint all;
  for (const Results& r : results) all.add(sim::hash_text(r.fingerprint));
  return all.text();
}

}  // namespace optichain::models
