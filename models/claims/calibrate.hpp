#pragma once
// Parameters fitted to figures of the past. What is fitted to says so, and how well the figures pin
// down each parameter; everything else stays as it was.

#include <csignal>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "models/claims/load_claims.hpp"

namespace optichain::models::claims {

struct CalibrationWork {
  std::filesystem::path folder;  // of the fitted scenario, which names its base from there
  std::size_t jobs = 1;
  const volatile std::sig_atomic_t* stop = nullptr;
  std::function<void(std::size_t step, double loss)> on_step{};
};

struct CalibrationResult {
  struct Fitted {
    std::string name;
    double factor = 1, low = 1, high = 1;  // what it may be
    double remaining = 1;                  // of its spread beforehand, what the figures leave
    std::string twin;  // a parameter that can hardly be told from it, if there is one
    double correlation = 0;
    std::vector<std::string> paths;
  };
  struct Observed {
    std::string id;
    double published = 0, before = 0, after = 0;
    double error = 0;  // a standard deviation, as a part
    bool fit = false;
  };
  std::vector<Fitted> parameters;
  std::vector<Observed> observations;
  double loss_before = 0, loss = 0;  // squared errors of figures, and squared steps of parameters
  double figures_before = 0, figures = 0;  // of that, the figures'
  std::size_t steps = 0, runs = 0;
  std::size_t numbers = 0, touched = 0;  // inputs of the scenario
  std::string scenario;                  // YAML that extends the base with what was fitted
};

/// Log-ratios of simulated to published figures in units of their errors are made small, with
/// parameters' logarithms normal around 0 so that nine tenths lie between `low` and `high` (as if
/// the range were symmetric), and never outside. Throws InputError if the file has no calibration
/// or a path is wrong, Interrupted if stopped.
CalibrationResult calibrate(const LoadedClaims& claims, const CalibrationWork& work);

}  // namespace optichain::models::claims
