#pragma once
// Futures of a study simulated to a day, as sweeps: what was done is not done again, by whatever
// process of whatever machine it was done.

#include <filesystem>
#include <string>
#include <vector>

#include "models/condition/load_observations.hpp"
#include "models/sweep/run.hpp"
#include "sim/batch/unit_design.hpp"

namespace optichain::models::condition {

/// Members of a sample of a study's uncertainties, with what was simulated for them.
struct Members {
  sim::UnitDesign inputs;    // where in its distribution each input lies, row by row
  std::vector<double> logs;  // of figures, row by row; not a number where a run gives none above 0
  std::size_t failed = 0;

  std::size_t count() const { return inputs.rows(); }
};

/// Futures of one study, without its levers, until the last of some figures.
class StudyRuns {
 public:
  /// `figures` of the observations, in their order, end by `end`. Sweeps go into folders below
  /// `folder`. Throws InputError for metrics that a run does not report.
  StudyRuns(study::LoadedStudy study, const LoadedObservations& observations, sim::Date end,
            std::filesystem::path folder, sweep::SweepWork work);

  const study::LoadedStudy& study() const { return study_; }
  const std::vector<const LoadedFigure*>& figures() const { return figures_; }
  /// The settings that a row of numbers in (0, 1) stands for.
  std::vector<study::Setting> settings(const sim::UnitDesign& inputs, std::size_t row) const;

  /// Runs every row in a sweep of this name. Throws Interrupted if it is stopped, Error if runs are
  /// missing at its end.
  Members run(const std::string& name, sim::UnitDesign inputs) const;
  /// The standard deviation of each figure's logarithm over replications of the scenario as it is.
  std::vector<double> luck() const;

 private:
  /// Figures of each run, row by row.
  std::vector<double> sweep(study::LoadedStudy study, const std::string& name,
                            std::size_t& failed) const;

  study::LoadedStudy study_;
  std::vector<const LoadedFigure*> figures_;
  std::filesystem::path folder_;
  sweep::SweepWork work_;
  sweep::PilotRun pilot_;
};

}  // namespace optichain::models::condition
