#pragma once
// What observations do to a sample of inputs: weights, and an ensemble that is moved.

#include <cstddef>
#include <span>
#include <vector>

namespace optichain::sim {

/// Weights of the members of a sample; they add up to 1, or all are 0 if no member is possible.
struct Weights {
  std::vector<double> of;
  /// As many equally likely members would say as much: 1 / sum of squares (Kong 1992).
  double effective = 0;
};

/// From logarithms, up to a constant; one that is not a number or minus infinity is a weight of 0.
Weights weights_of(std::span<const double> log_weights);

/// Draws `count` members, each as often as its weight says but for rounding: systematic resampling
/// (Kitagawa 1996) from the place `u` in [0, 1). Indices in their order. Requires weights that add
/// up to 1.
std::vector<std::size_t> resample(std::span<const double> weights, std::size_t count, double u);

/// The smallest value up to which a share `p` of the weight lies. Requires as many weights as
/// values, a weight above 0, and 0 < p <= 1.
double weighted_quantile(std::span<const double> values, std::span<const double> weights, double p);

/// Where a number in (0, 1) lies in the standard normal distribution, and back; never 0 or 1.
double normal_score(double u);
double share_below(double score);

/// An ensemble with what was simulated for it, row by row, a row for each member.
struct Ensemble {
  std::size_t members = 0, inputs = 0, figures = 0;
  std::vector<double> values;     // of inputs, normal beforehand
  std::vector<double> simulated;  // figures
};

/// What was observed of each figure, and the standard deviation of its error.
struct ObservedFigures {
  std::vector<double> values, deviations;
};

/// The inputs after one step of the ensemble smoother with multiple data assimilation (Emerick and
/// Reynolds 2013): each member moves by C_ug (C_gg + a R)^-1 (y + sqrt(a) e - g), with covariances
/// C of the ensemble, variances R of errors, and its own error e, whose standard normal `noise`
/// stands row by row. Steps whose `inflation` a add up to 1 as sums of 1/a give the posterior of a
/// linear model with normal inputs, but for the error of sampling. Requires two members or more.
std::vector<double> assimilate(const Ensemble& ensemble, const ObservedFigures& observed,
                               std::span<const double> noise, double inflation);

}  // namespace optichain::sim
