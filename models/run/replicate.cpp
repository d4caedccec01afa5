#include "models/run/replicate.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <tuple>
#include <utility>

#include "models/measures/measure.hpp"
#include "models/world/archive.hpp"
#include "models/world/world.hpp"
#include "sim/base/check.hpp"
#include "sim/base/hash.hpp"
#include "sim/batch/workers.hpp"

namespace optichain::models::run {

namespace {

/// Takes outcomes as they come and results in the order of their numbers.
class Collector {
 public:
  explicit Collector(const ReplicationOptions& options)
      : options_(options), ended_(options.count) {}

  void take(std::size_t replication, sim::Outcome& outcome) {
    using Status = sim::Outcome::Status;
    done_ += outcome.status == Status::done;
    failed_ += outcome.status == Status::failed || outcome.status == Status::crashed;
    ended_[replication] = std::move(outcome);
    for (; next_ < ended_.size() && ended_[next_]; ++next_) {
      keep(options_.first + next_, *ended_[next_]);
    }
    if (options_.on_progress) options_.on_progress(done_, failed_);
  }
  Replications all;

 private:
  void keep(std::size_t replication, sim::Outcome& outcome) {
    switch (outcome.status) {
      case sim::Outcome::Status::done: {
        world::Results results = world::unpack(outcome.text);
        outcome.text = {};  // of a large network it is as large as the results
        keep(replication, std::move(results));
        break;
      }
      case sim::Outcome::Status::stopped:
        all.stopped = true;
        break;
      default:
        all.failures.push_back({replication, outcome.text});
    }
  }
  void keep(std::size_t replication, world::Results results) {
    if (options_.bound) add_bound(results, *options_.bound);
    if (options_.on_result) options_.on_result(replication, results);
    Replications::Done& done = all.done.emplace_back();
    done.replication = replication;
    done.fingerprint = results.fingerprint;
    for (world::Metric& m : results.metrics) {
      done.values.insert(done.values.end(), m.values.begin(), m.values.end());
      m.values = {};
    }
    if (all.done.size() > 1) return;
    all.periods = std::move(results.periods);
    all.metrics = std::move(results.metrics);
  }

  const ReplicationOptions& options_;
  std::vector<std::optional<sim::Outcome>> ended_;
  std::size_t next_ = 0, done_ = 0, failed_ = 0;
};

/// What there is at the end of the warm-up of replication 0.
network::StartState at_start(const Catalog& catalog, std::uint64_t seed,
                             const volatile std::sig_atomic_t* stop) {
  using Status = sim::Outcome::Status;
  const sim::Outcome outcome = sim::run_job(stop, sim::Retry::killed, [&] {
    world::World world(catalog, {seed, 0}, stop);
    return world::pack(world.run_warm_up());
  });
  if (outcome.status != Status::done) sim::fail("the warm-up fails: {}", outcome.text);
  return world::unpack_start(outcome.text);
}

}  // namespace

std::optional<network::ExpectedBound> bound_if_known(
    const Catalog& catalog, std::uint64_t seed, const volatile std::sig_atomic_t* stop,
    const std::function<void(const char* why)>& say) {
  try {
    return network::expected_bound(catalog, [&] { return at_start(catalog, seed, stop); });
  } catch (const sim::Interrupted&) {
    throw;
  } catch (const sim::Error& error) {
    if (say) say(error.what());
    return std::nullopt;
  }
}

void add_bound(world::Results& results, const network::ExpectedBound& bound) {
  auto& all = results.metrics;
  const measures::Entity market = measures::of_market();
  const double pieces = results.value({market, "shipped", std::string(measures::whole_run)});
  OPTICHAIN_CHECK(!std::isnan(pieces), "no figure of what the market was shipped");
  const auto add = [&](const char* measure, double value) {
    world::Metric metric{market, measure,
                         std::string(measures::declared(market.group, measure).unit),
                         std::vector<double>(results.periods.size(), std::nan(""))};
    metric.values.back() = value;
    const auto place = std::find_if(all.begin(), all.end(), [&](const world::Metric& m) {
      return std::tie(m.entity, m.measure) > std::tie(metric.entity, metric.measure);
    });
    all.insert(place, std::move(metric));
  };
  add("bound", bound.pieces);
  if (bound.pieces > 0) add("bound_ratio", pieces / bound.pieces);
  if (!bound.given_mix) return;
  add("bound_given_mix", *bound.given_mix);
  if (*bound.given_mix > 0) add("bound_given_mix_ratio", pieces / *bound.given_mix);
}

Replications replicate(const Catalog& catalog, const ReplicationOptions& options) {
  Collector collector(options);
  const sim::JobOptions jobs{
      .jobs = options.jobs, .stop = options.stop, .on_end = [&](std::size_t i, sim::Outcome& o) {
        collector.take(i, o);
      }};
  sim::run_jobs(options.count, jobs, [&](std::size_t i, sim::Reply& reply) {
    world::World world(catalog, {options.seed, options.first + i}, options.stop);
    const world::Results results = world.run();
    reply.expect(world::packed_size(results));
    world::pack(results, [&](std::string_view piece) { reply.add(piece); });
    reply.end();
  });
  // jobs that were not even begun
  if (options.stop && *options.stop) collector.all.stopped = true;
  return std::move(collector.all);
}

void Replications::append(Replications more) {
  if (done.empty()) {
    periods = std::move(more.periods);
    metrics = std::move(more.metrics);
  }
  std::move(more.done.begin(), more.done.end(), std::back_inserter(done));
  std::move(more.failures.begin(), more.failures.end(), std::back_inserter(failures));
  stopped = stopped || more.stopped;
}

Summaries Replications::summarise() const {
  Summaries all;
  all.periods = periods;
  std::vector<double> sample(done.size());
  std::size_t at = 0;
  for (const world::Metric& metric : metrics) {
    MetricSummary& summary =
        all.metrics.emplace_back(MetricSummary{metric.entity, metric.measure, metric.unit, {}});
    for (std::size_t p = 0; p < periods.size(); ++p, ++at) {
      for (std::size_t r = 0; r < done.size(); ++r) {
        OPTICHAIN_CHECK(done[r].values.size() == metrics.size() * periods.size(),
                        "replications report different key figures");
        sample[r] = done[r].values[at];
      }
      const bool reported = !std::isnan(sample.front());
      summary.periods.push_back(reported ? std::optional(sim::summarise(sample)) : std::nullopt);
    }
  }
  return all;
}

void Summaries::for_each(const std::function<void(const std::string&, const std::string&,
                                                  const sim::Summary&)>& visit) const {
  std::string name;
  for (const MetricSummary& m : metrics) {
    name = m.entity.text() + "." + m.measure + ".";
    const std::size_t stem = name.size();
    for (std::size_t p = 0; p < periods.size(); ++p) {
      if (!m.periods[p]) continue;
      name.replace(stem, std::string::npos, periods[p]);
      visit(name, m.unit, *m.periods[p]);
    }
  }
}

std::string Replications::fingerprint() const {
  if (done.size() == 1) return done.front().fingerprint;
  sim::Fingerprint all;
  for (const Done& d : done) all.add(sim::hash_text(d.fingerprint));
  return all.text();
}

}  // namespace optichain::models::run
