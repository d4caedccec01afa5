#include "models/run/replicate.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "models/measures/measure.hpp"
#include "models/world/archive.hpp"
#include "models/world/world.hpp"
#include "sim/base/check.hpp"
#include "sim/base/hash.hpp"

namespace optichain::models::run {

namespace {

/// Takes outcomes as they come and results in the order of their numbers.
class Collector {
 public:
  Collector(const ReplicationOptions& options, Replications& all) : options_(options), all_(all) {}

  void take(std::size_t replication, sim::Outcome& outcome) {
    using Status = sim::Outcome::Status;
    done_ += outcome.status == Status::done;
    failed_ += outcome.status == Status::failed || outcome.status == Status::crashed;
    early_.emplace(replication, std::move(outcome));
    for (auto next = early_.begin(); next != early_.end() && next->first == next_;
         next = early_.erase(next), ++next_) {
      keep(options_.first + next_, next->second);
    }
    if (options_.on_progress) options_.on_progress(done_, failed_);
  }

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
        all_.stopped = true;
        break;
      default:
        all_.failures.push_back({replication, outcome.text});
    }
  }
  void keep(std::size_t replication, world::Results results) {
    if (options_.bound) add_bound(results, *options_.bound);
    if (options_.on_result) options_.on_result(replication, results);
    if (options_.keeps_figures) {
      all_.add(replication, std::move(results));
    } else {
      all_.done.push_back({replication, std::move(results.fingerprint), {}});
    }
  }

  const ReplicationOptions& options_;
  Replications& all_;
  std::map<std::size_t, sim::Outcome> early_;  // those before which others have not ended
  std::size_t next_ = 0, done_ = 0, failed_ = 0;
};

/// What a process does for a replication.
sim::Workers::Work work_on(const Catalog& catalog, std::uint64_t seed,
                           const volatile std::sig_atomic_t* stop) {
  return [&catalog, seed, stop](std::size_t replication, sim::Reply& reply) {
    world::World world(catalog, {seed, replication}, stop);
    const world::Results results = world.run();
    reply.expect(world::packed_size(results));
    world::pack(results, [&](std::string_view piece) { reply.add(piece); });
    reply.end();
  };
}

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
  // where less than a piece could be delivered, there is nothing to be a share of
  if (bound.pieces >= 1) add("bound_ratio", pieces / bound.pieces);
  if (!bound.given_mix) return;
  add("bound_given_mix", *bound.given_mix);
  if (*bound.given_mix >= 1) add("bound_given_mix_ratio", pieces / *bound.given_mix);
}

std::unique_ptr<sim::Workers> workers_for(const Catalog& catalog, std::uint64_t seed,
                                          const volatile std::sig_atomic_t* stop) {
  return std::make_unique<sim::Workers>(work_on(catalog, seed, stop));
}

Replications replicate(const Catalog& catalog, const ReplicationOptions& options) {
  Replications all;
  replicate(catalog, options, all);
  return all;
}

void replicate(const Catalog& catalog, const ReplicationOptions& options, Replications& all) {
  Collector collector(options, all);
  const sim::JobOptions jobs{
      .jobs = options.jobs, .stop = options.stop, .on_end = [&](std::size_t i, sim::Outcome& o) {
        collector.take(i, o);
      }};
  if (options.workers) {
    options.workers->run(options.first, options.count, jobs);
  } else {
    const auto work = work_on(catalog, options.seed, options.stop);
    sim::run_jobs(options.count, jobs,
                  [&](std::size_t i, sim::Reply& reply) { work(options.first + i, reply); });
  }
  // jobs that were not even begun
  if (options.stop && *options.stop) all.stopped = true;
}

void Replications::add(std::size_t replication, world::Results results) {
  if (done.empty()) {
    periods = std::move(results.periods);
    metrics = results.metrics;
    for (world::Metric& m : metrics) m.values = {};
    reported.clear();
    std::size_t place = 0;
    for (const world::Metric& m : results.metrics) {
      for (const double value : m.values) {
        if (!std::isnan(value)) reported.push_back(place);
        ++place;
      }
    }
  }
  OPTICHAIN_CHECK(results.metrics.size() == metrics.size(),
                  "replications report different key figures");
  Done& one = done.emplace_back(Done{replication, std::move(results.fingerprint), {}});
  one.values.reserve(reported.size());
  for (const std::size_t place : reported) {
    one.values.push_back(results.metrics[place / periods.size()].values[place % periods.size()]);
  }
}

Summaries Replications::summarise() const {
  Summaries all;
  all.periods = periods;
  for (const world::Metric& m : metrics) {
    all.metrics.push_back({m.entity, m.measure, m.unit, {}});
    all.metrics.back().periods.resize(periods.size());
  }
  // some figures at once: each read of a replication's values brings its neighbours along
  std::vector<std::vector<double>> samples(16, std::vector<double>(done.size()));
  for (std::size_t first = 0; first < reported.size(); first += samples.size()) {
    const std::size_t count = std::min(samples.size(), reported.size() - first);
    for (std::size_t r = 0; r < done.size(); ++r) {
      for (std::size_t i = 0; i < count; ++i) samples[i][r] = done[r].values[first + i];
    }
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t place = reported[first + i];
      all.metrics[place / periods.size()].periods[place % periods.size()] =
          sim::summarise(samples[i]);
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
