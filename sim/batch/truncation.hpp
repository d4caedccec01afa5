#pragma once
// Where the beginning of a series ends: how much of it is not yet what it is in the long run.

#include <optional>
#include <span>

namespace optichain::sim {

/// What is best left out at the beginning of a series.
struct Beginning {
  std::size_t left_out = 0;                        // observations
  double error_of_all = 0, error_of_the_rest = 0;  // squared standard error of the mean, by MSER
};

/// The marginal standard error rule on means of batches of five, MSER-5 (White, Simulation 69(6),
/// 1997; White, Cobb and Spratt, Winter Simulation Conference 2000): of n batch means the first d
/// are left out for which sum over j > d of (Y_j - mean of the rest)^2 / (n - d)^2 is least, with
/// d <= n / 2. What is left over after the last whole batch is not looked at. Nothing where it is
/// least at n / 2: the series is then too short, or has no long run. Requires finite values.
std::optional<Beginning> mser5(std::span<const double> series);

}  // namespace optichain::sim
