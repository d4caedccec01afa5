#pragma once
// Replications: the same scenario under many seeds' worth of luck, and what they say together.

#include <csignal>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/catalog/catalog.hpp"
#include "models/network/capacity_bound.hpp"
#include "models/world/results.hpp"
#include "sim/batch/sample.hpp"
#include "sim/batch/workers.hpp"

namespace optichain::models::run {

struct ReplicationOptions {
  std::uint64_t seed = 1;
  std::size_t count = 1;
  std::size_t first = 0;  // number of the first replication
  std::size_t jobs = 1;
  const volatile std::sig_atomic_t* stop = nullptr;
  /// The most that could be delivered, to be held against what is.
  std::optional<network::ExpectedBound> bound{};
  std::function<void(std::size_t done, std::size_t failed)> on_progress{};
  /// Gets the results of each replication in the order of their numbers, while others still run.
  std::function<void(std::size_t replication, const world::Results& results)> on_result{};
  /// Whether the key figures are kept; if not, on_result has to.
  bool keeps_figures = true;
  /// Who does them, if they were made for this catalog and seed before; see workers_for().
  sim::Workers* workers = nullptr;
};

/// A key figure over all replications that were done.
struct MetricSummary {
  measures::Entity entity;
  std::string measure, unit;
  /// By period of the summaries; nothing where the figure is not reported.
  std::vector<std::optional<sim::Summary>> periods;
};

struct Summaries {
  std::vector<std::string> periods;
  std::vector<MetricSummary> metrics;  // in the order of entity and measure

  /// Calls `visit(name, unit, summary)` for every figure of every period that reports it.
  void for_each(const std::function<void(const std::string& name, const std::string& unit,
                                         const sim::Summary& summary)>& visit) const;
};

/// What is kept of all replications: key figures, but no series.
struct Replications {
  struct Failure {
    std::size_t replication;
    std::string reason;
  };
  struct Done {
    std::size_t replication;
    std::string fingerprint;
    std::vector<double> values;  // of the figures that the first replication reports
  };
  std::vector<std::string> periods;
  std::vector<world::Metric> metrics;  // names and units
  std::vector<std::size_t> reported;   // of metrics times periods, those that have a value
  std::vector<Done> done;
  std::vector<Failure> failures;
  bool stopped = false;

  /// Adds one, of the same catalog.
  void add(std::size_t replication, world::Results results);
  Summaries summarise() const;
  /// Of one replication its own; of several the hash over theirs, in order.
  std::string fingerprint() const;
};

/// The most that could be delivered from the start on with the expected value of everything that is
/// uncertain, and after a warm-up with what there is at the end of the one of replication 0 of the
/// seed, which is simulated for it in a process of its own; nothing where the numbers are too far
/// apart to tell, the network is too large or the warm-up fails, after saying why. Throws
/// Interrupted if it is stopped.
std::optional<network::ExpectedBound> bound_if_known(
    const Catalog& catalog, std::uint64_t seed, const volatile std::sig_atomic_t* stop,
    const std::function<void(const char* why)>& say = {});

/// Adds the figures `bound` and `bound_ratio` of the market, for the whole of the run, and where
/// orders are split by a mix `bound_given_mix` and its ratio.
void add_bound(world::Results& results, const network::ExpectedBound& bound);

/// Who can do replications of a catalog, which has to live as long. Made early, before bounds,
/// stores and results, they stay small.
std::unique_ptr<sim::Workers> workers_for(const Catalog& catalog, std::uint64_t seed,
                                          const volatile std::sig_atomic_t* stop);

/// Runs `count` replications from `first` on, each in a process of its own.
Replications replicate(const Catalog& catalog, const ReplicationOptions& options);
/// The same, added to those that were done before.
void replicate(const Catalog& catalog, const ReplicationOptions& options, Replications& all);

}  // namespace optichain::models::run
