#include "sim/batch/posterior.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/normal.hpp>

#include "sim/base/check.hpp"
#include "sim/batch/eigen.hpp"

namespace optichain::sim {

Weights weights_of(std::span<const double> log_weights) {
  Weights weights{std::vector<double>(log_weights.size(), 0.0), 0};
  double most = -HUGE_VAL;
  for (const double w : log_weights) {
    if (std::isfinite(w)) most = std::max(most, w);
  }
  if (most == -HUGE_VAL) return weights;
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < log_weights.size(); ++i) {
    if (std::isfinite(log_weights[i])) weights.of[i] = std::exp(log_weights[i] - most);
    sum += weights.of[i];
    squares += weights.of[i] * weights.of[i];
  }
  for (double& w : weights.of) w /= sum;
  weights.effective = sum * sum / squares;
  return weights;
}

std::vector<std::size_t> resample(std::span<const double> weights, std::size_t count, double u) {
  OPTICHAIN_CHECK(!weights.empty(), "no members");
  std::vector<std::size_t> drawn;
  std::size_t last = weights.size() - 1;  // with a weight, so that rounding leads to no other
  while (last > 0 && weights[last] == 0) --last;
  std::size_t i = 0;
  double upto = weights[0];
  for (std::size_t k = 0; k < count; ++k) {
    const double at = (static_cast<double>(k) + u) / static_cast<double>(count);
    while (i < last && upto <= at) upto += weights[++i];
    drawn.push_back(i);
  }
  return drawn;
}

double weighted_quantile(std::span<const double> values, std::span<const double> weights,
                         double p) {
  OPTICHAIN_CHECK(!values.empty() && values.size() == weights.size(), "{} weights for {} values",
                  weights.size(), values.size());
  std::vector<std::size_t> order;
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (weights[i] <= 0) continue;
    order.push_back(i);
    sum += weights[i];
  }
  OPTICHAIN_CHECK(!order.empty(), "no value has a weight");
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  constexpr double rounding = 1 - 1e-12;  // a sum of tenths reaches what it should
  double upto = 0;
  for (const std::size_t i : order) {
    upto += weights[i];
    if (upto >= p * sum * rounding) return values[i];
  }
  return values[order.back()];
}

double normal_score(double u) {
  return boost::math::quantile(boost::math::normal(), u);
}

double share_below(double score) {
  constexpr double least = 0x1p-53;
  return std::clamp(boost::math::cdf(boost::math::normal(), score), least, 1 - least);
}

std::vector<double> assimilate(const Ensemble& ensemble, const ObservedFigures& observed,
                               std::span<const double> noise, double inflation) {
  using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto n = static_cast<Eigen::Index>(ensemble.members);
  const auto k = static_cast<Eigen::Index>(ensemble.inputs);
  const auto m = static_cast<Eigen::Index>(ensemble.figures);
  OPTICHAIN_CHECK(n > 1 && ensemble.values.size() == ensemble.members * ensemble.inputs &&
                      ensemble.simulated.size() == ensemble.members * ensemble.figures &&
                      noise.size() == ensemble.simulated.size() &&
                      observed.values.size() == ensemble.figures &&
                      observed.deviations.size() == ensemble.figures,
                  "an ensemble is not whole");
  const Rows u = Eigen::Map<const Rows>(ensemble.values.data(), n, k);
  const Rows g = Eigen::Map<const Rows>(ensemble.simulated.data(), n, m);
  const Rows e = Eigen::Map<const Rows>(noise.data(), n, m);
  const Eigen::VectorXd y = Eigen::Map<const Eigen::VectorXd>(observed.values.data(), m);
  const Eigen::VectorXd sd = Eigen::Map<const Eigen::VectorXd>(observed.deviations.data(), m);

  const Eigen::MatrixXd du = u.rowwise() - u.colwise().mean();
  const Eigen::MatrixXd dg = g.rowwise() - g.colwise().mean();
  const double freedom = static_cast<double>(n - 1);
  Eigen::MatrixXd spread = dg.transpose() * dg / freedom;
  spread.diagonal() += inflation * sd.cwiseAbs2();
  Eigen::MatrixXd misfit = std::sqrt(inflation) * (e * sd.asDiagonal()) - g;
  misfit.rowwise() += y.transpose();
  const Eigen::MatrixXd gain =
      (du.transpose() * dg / freedom) * spread.ldlt().solve(Eigen::MatrixXd::Identity(m, m));
  const Rows moved = u + misfit * gain.transpose();
  return {moved.data(), moved.data() + moved.size()};
}

}  // namespace optichain::sim
