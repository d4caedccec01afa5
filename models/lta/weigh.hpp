#pragma once
// Ranking options with as many replications as it takes: the loop around LtaAnalysis.

#include <functional>
#include <memory>

#include "models/lta/analysis.hpp"
#include "models/sweep/run.hpp"

namespace optichain::models::lta {

/// What the last round came to.
struct Weighed {
  sweep::SweepOutcome work;
  std::unique_ptr<const LtaAnalysis> analysis;  // nothing if there is no store to read
};

/// Runs the options of a study with a decision and ranks them; doubles the replications until one
/// option is left, there are as many as the ranking may have, or a run failed or is missing.
/// `on_round` is told how the work of each round ended. Throws as sweep_whole() and LtaAnalysis do.
Weighed weigh(const study::LoadedStudy& study, const sweep::SweepFiles& files,
              const sweep::SweepWork& work,
              const std::function<void(const sweep::SweepOutcome&)>& on_round);

}  // namespace optichain::models::lta
