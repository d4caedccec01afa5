#pragma once
// What a run leaves behind: the store, the summary, the resolved scenario and the manifest.

#include <memory>
#include <string>

#include "models/run/replicate.hpp"
#include "models/scenario/load.hpp"
#include "sim/output/run_folder.hpp"
#include "sim/output/store.hpp"

namespace optichain::models::run {

class SeriesFile;

/// Writes results.sqlite while replications end, then summary.csv and resolved.yaml, and makes the
/// folder whole. Throws OutputError if it cannot; the folder is then as it was, or has no manifest.
class RunWriter {
 public:
  /// All arguments must live as long as the writer.
  RunWriter(sim::RunFolder& folder, const scenario::LoadedScenario& loaded, const Catalog& catalog,
            std::uint64_t seed);
  ~RunWriter();
  /// Also writes series.csv, every weekly series of every replication; before the first results.
  void write_series();
  void add(std::size_t replication, const world::Results& results);
  void finish(const Replications& runs, const Summaries& metrics);

 private:
  void describe(const world::Results& first);
  void add_to_store(std::size_t replication, const world::Results& results);

  sim::RunFolder& folder_;
  const scenario::LoadedScenario& loaded_;
  const Catalog& catalog_;
  std::uint64_t seed_;
  std::string resolved_;
  bool described_ = false;
  std::unique_ptr<sim::StoreWriter> store_;
  std::unique_ptr<SeriesFile> series_;
};

/// What a store says of a scenario (`resolved` is its resolved_yaml): its inputs with their
/// sources, its weeks if they are known, in how many of them it fills (read by filling_weeks).
sim::ScenarioRow scenario_row(const scenario::LoadedScenario& loaded, const Catalog& catalog,
                              const std::string& resolved, std::span<const sim::Time> weeks);

/// The weeks at the beginning in which a chain that starts empty fills: what they show is no
/// finding. None of stores that do not say.
double filling_weeks(const sim::ScenarioRow& scenario);

/// metric, unit, n, mean, sd and quantiles over replications, one row a key figure.
std::string summary_csv(const Summaries& metrics);

}  // namespace optichain::models::run
