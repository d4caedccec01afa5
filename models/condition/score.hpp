#pragma once
// Forecasts from days of the past, scored by what came after them.

#include <optional>
#include <string>
#include <vector>

#include "models/condition/condition.hpp"

namespace optichain::models::condition {

/// A figure as it was forecast from a day on which it was not known.
struct ScoredForecast {
  const LoadedFigure* figure = nullptr;
  std::size_t origin = 0;
  int quarters_ahead = 0;
  double low = 0, median = 0, high = 0;  // the middle nine tenths
  double crps = 0;                       // of logarithms
  bool is_held = false;                  // whether what came lies within
  std::optional<double> last, growth;    // what is forecast without a model

  /// How far off one of those was, in logarithms.
  double off(double naive) const;
};

/// A day up to which figures are taken, and what came of it.
struct Origin {
  sim::Date end{};              // the day after
  sim::Date known{};            // when all of them had been published, as far as that is said
  std::size_t figures = 0;      // taken
  std::size_t passed_over = 0;  // figures after it that had been published by then
  Method method = Method::weights;
  double effective = 0;
  std::optional<std::string> refused;
};

struct Score {
  std::vector<Origin> origins;
  std::vector<ScoredForecast> forecasts;
};

/// One simulation to the last of all figures; from each origin the figures before it make its
/// futures likely, and those after it are forecast: simulated, with luck, discrepancy and error.
/// `origins` are days after the last that is known. Throws what condition() throws.
Score score(const study::LoadedStudy& study, const LoadedObservations& observations,
            const ConditionWork& work, const std::vector<sim::Date>& origins);

/// Figures that an origin needs before it.
inline constexpr std::size_t fewest_figures = 4;

}  // namespace optichain::models::condition
