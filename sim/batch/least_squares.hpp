#pragma once
// Nonlinear least squares with what is known beforehand: parameters that make residuals small
// without going far from where they are expected. Levenberg-Marquardt with forward differences
// (Nocedal and Wright, Numerical Optimization, 2006, section 10.3), for functions that are slow and
// a little rough, such as the mean of a few simulations. With residuals and parameters in units of
// their standard deviations the minimum is the most probable point, and the inverse of the Hessian
// there approximates what remains unknown (Tarantola, Inverse Problem Theory, 2005, section 3.2).

#include <functional>
#include <span>
#include <vector>

namespace optichain::sim {

struct LeastSquaresOptions {
  std::size_t steps = 10;    // at most
  double difference = 0.25;  // of a parameter, to see what it does
  double tolerance = 0.01;   // a step that lowers the loss by less than this part is the last
  std::vector<double> low{}, high{};  // bounds of the parameters; none if empty
  std::function<void(std::size_t step, double loss)> on_step{};
};

struct LeastSquaresFit {
  std::vector<double> parameters;
  std::vector<double> residuals;     // there
  double loss_before = 0, loss = 0;  // sum of squares of residuals and parameters
  std::size_t steps = 0;             // that were accepted
  /// Standard deviation of each parameter given the residuals; 1 if they say nothing of it.
  std::vector<double> remaining;
  /// Correlations of what remains, parameters times parameters.
  std::vector<double> correlation;
};

/// The residuals at each of several points.
using Residuals =
    std::function<std::vector<std::vector<double>>(std::span<const std::vector<double>> points)>;

/// Minimises the sum of squares of the residuals and of the parameters themselves (their expected
/// values are 0, their standard deviations 1), from 0 on. A parameter that stands at a bound may be
/// worth more or less than the bound allows.
LeastSquaresFit fit_least_squares(std::size_t parameters, const Residuals& residuals,
                                  const LeastSquaresOptions& options = {});

}  // namespace optichain::sim
