#pragma once
// Conditioned futures: what figures of the past leave of a study's uncertainties.

#include <optional>
#include <string>
#include <vector>

#include "models/condition/infer.hpp"

namespace optichain::models::condition {

struct ConditionWork {
  std::filesystem::path folder;
  std::string study_file;
  sim::Date end{};  // the day after the last that figures may speak of
  std::size_t futures = 1000;
  InferenceOptions inference;
  sweep::SweepWork sweeps;
};

/// From where to where the middle nine tenths lie, and the middle.
struct MiddleRange {
  double low = 0, median = 0, high = 0;
};

struct Conditioned {
  struct Input {
    std::string name;
    MiddleRange before, after;  // settings
    bool has_choices = false;
    std::vector<std::string> labels;  // of low, median and high before, then after
    /// Of the standard deviation beforehand, in normal scores, what is left.
    double spread_left = 1;
  };
  struct Figure {
    const LoadedFigure* figure = nullptr;
    double luck = 0;
    MiddleRange before;    // simulated
    MiddleRange after;     // what would be published of it
    double nearest = 0;    // standard deviations off in the future that comes nearest
    bool is_held = false;  // whether what was published lies within `after`
  };
  Inference inference;
  std::size_t futures = 0, failed = 0;
  std::vector<Input> inputs;  // none if refused
  std::vector<Figure> figures;
  std::string file;  // the text of the file of futures; empty if refused

  std::size_t held() const;
};

/// Throws InputError if the study has no uncertainties, draws from a file of futures itself, or no
/// figure has ended by then; what StudyRuns throws.
Conditioned condition(const study::LoadedStudy& study, const LoadedObservations& observations,
                      const ConditionWork& work);

/// The simulation of a study, with its checks, and the futures drawn beforehand.
StudyRuns simulation_of(const study::LoadedStudy& study, const LoadedObservations& observations,
                        const ConditionWork& work);
Members drawn_beforehand(const StudyRuns& simulation, const ConditionWork& work);

}  // namespace optichain::models::condition
