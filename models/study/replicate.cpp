#include "models/study/replicate.hpp"

#include <cmath>

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

Summaries Replications::summarise() const {
  Summaries all;
  if (results.empty()) return all;
  const Results& first = results.front();
  all.periods = first.periods;
  std::vector<double> sample(results.size());
  for (std::size_t m = 0; m < first.metrics.size(); ++m) {
    const Metric& metric = first.metrics[m];
    MetricSummary& summary =
        all.metrics.emplace_back(MetricSummary{metric.entity, metric.measure, metric.unit, {}});
    for (std::size_t p = 0; p < all.periods.size(); ++p) {
      for (std::size_t r = 0; r < results.size(); ++r) {
        OPTICHAIN_CHECK(results[r].metrics.size() == first.metrics.size(),
                        "replications report different key figures");
        sample[r] = results[r].metrics[m].values[p];
      }
      const bool reported = !std::isnan(sample.front());
      summary.periods.push_back(reported ? std::optional(sim::summarise(sample)) : std::nullopt);
    }
  }
  return all;
}

void Summaries::for_each(const std::function<void(const std::string&, const std::string&,
                                                  const sim::Summary&)>& visit) const {
  for (const MetricSummary& m : metrics) {
    for (std::size_t p = 0; p < periods.size(); ++p) {
      if (!m.periods[p]) continue;
      visit(m.entity + "." + m.measure + "." + periods[p], m.unit, *m.periods[p]);
    }
  }
}

std::string Replications::fingerprint() const {
  if (results.size() == 1) return results.front().fingerprint;
  sim::Fingerprint all;
  for (const Results& r : results) all.add(sim::hash_text(r.fingerprint));
  return all.text();
}

}  // namespace optichain::models
