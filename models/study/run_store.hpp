#pragma once
// What a run leaves behind: the store, the summary, the resolved scenario and the manifest.

#include <string>

#include "models/scenario/load.hpp"
#include "models/study/replicate.hpp"
#include "sim/output/run_folder.hpp"

namespace optichain::models {

/// Writes results.sqlite, summary.csv and resolved.yaml into the folder and makes it whole. Throws
/// OutputError if it cannot; the folder is then as it was, or has no manifest.
void write_run(sim::RunFolder& folder, const LoadedScenario& loaded, const Catalog& catalog,
               const Replications& runs, const Summaries& metrics, std::uint64_t seed);

/// metric, unit, n, mean, sd and quantiles over replications, one row a key figure.
std::string summary_csv(const Summaries& metrics);

}  // namespace optichain::models
