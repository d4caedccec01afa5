#include "sim/batch/least_squares.hpp"

#include <algorithm>
#include <cmath>

#include "sim/base/check.hpp"
#include "sim/batch/eigen.hpp"

namespace optichain::sim {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

constexpr double least_damping = 1e-6, most_damping = 1e6;

Eigen::Index index(std::size_t i) {
  return static_cast<Eigen::Index>(i);
}

class Fitter {
 public:
  Fitter(std::size_t parameters, const Residuals& residuals, const LeastSquaresOptions& options)
      : n_(parameters), residuals_(residuals), options_(options), at_(parameters, 0.0) {}

  LeastSquaresFit fit() {
    LeastSquaresFit out;
    now_ = residuals_(std::span(&at_, 1)).front();
    double loss = loss_of(at_, now_);
    out.loss_before = loss;
    double damping = 1e-2;
    Matrix jacobian = differences();
    while (out.steps < options_.steps && damping <= most_damping) {
      const std::vector<double> next = step(jacobian, damping);
      std::vector<double> found = residuals_(std::span(&next, 1)).front();
      const double loss_there = loss_of(next, found);
      if (!(loss_there < loss)) {
        damping *= 10;
        continue;
      }
      const bool is_last = loss - loss_there < options_.tolerance * loss;
      at_ = next;
      now_ = std::move(found);
      loss = loss_there;
      damping = std::max(damping / 10, least_damping);
      ++out.steps;
      if (options_.on_step) options_.on_step(out.steps, loss);
      jacobian = differences();
      if (is_last) break;
    }
    out.loss = loss;
    out.parameters = at_;
    out.residuals = now_;
    describe(jacobian, out);
    return out;
  }

 private:
  static double loss_of(const std::vector<double>& at, const std::vector<double>& residuals) {
    double loss = 0;
    for (const double x : at) loss += x * x;
    for (const double r : residuals) loss += r * r;
    return loss;
  }

  double clamp(std::size_t i, double x) const {
    if (!options_.low.empty()) x = std::max(x, options_.low[i]);
    if (!options_.high.empty()) x = std::min(x, options_.high[i]);
    return x;
  }

  /// What each parameter does to each residual; towards the middle where a bound is near.
  Matrix differences() {
    std::vector<std::vector<double>> points(n_, at_);
    for (std::size_t i = 0; i < n_; ++i) {
      const double up = clamp(i, at_[i] + options_.difference);
      const double down = clamp(i, at_[i] - options_.difference);
      points[i][i] = up - at_[i] >= at_[i] - down ? up : down;
    }
    const auto found = residuals_(points);
    Matrix jacobian = Matrix::Zero(index(now_.size()), index(n_));
    for (std::size_t i = 0; i < n_; ++i) {
      const double by = points[i][i] - at_[i];
      if (by == 0) continue;  // its bounds leave no choice
      for (std::size_t r = 0; r < now_.size(); ++r) {
        jacobian(index(r), index(i)) = (found[i][r] - now_[r]) / by;
      }
    }
    return jacobian;
  }

  Matrix curvature(const Matrix& jacobian) const {
    return jacobian.transpose() * jacobian + Matrix::Identity(index(n_), index(n_));
  }

  std::vector<double> step(const Matrix& jacobian, double damping) const {
    const Vector at = Eigen::Map<const Vector>(at_.data(), index(n_));
    const Vector now = Eigen::Map<const Vector>(now_.data(), index(now_.size()));
    const Vector gradient = jacobian.transpose() * now + at;
    Matrix system = curvature(jacobian);
    system.diagonal() *= 1 + damping;
    const Vector by = system.ldlt().solve(-gradient);
    std::vector<double> next(n_);
    for (std::size_t i = 0; i < n_; ++i) next[i] = clamp(i, at_[i] + by(index(i)));
    return next;
  }

  void describe(const Matrix& jacobian, LeastSquaresFit& out) const {
    const Matrix covariance =
        curvature(jacobian).ldlt().solve(Matrix::Identity(index(n_), index(n_)));
    for (std::size_t i = 0; i < n_; ++i) {
      out.remaining.push_back(std::sqrt(covariance(index(i), index(i))));
    }
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t j = 0; j < n_; ++j) {
        out.correlation.push_back(covariance(index(i), index(j)) /
                                  (out.remaining[i] * out.remaining[j]));
      }
    }
  }

  std::size_t n_;
  const Residuals& residuals_;
  const LeastSquaresOptions& options_;
  std::vector<double> at_, now_;
};

}  // namespace

LeastSquaresFit fit_least_squares(std::size_t parameters, const Residuals& residuals,
                                  const LeastSquaresOptions& options) {
  OPTICHAIN_CHECK(options.low.empty() || options.low.size() == parameters,
                  "a bound for each parameter");
  return Fitter(parameters, residuals, options).fit();
}

}  // namespace optichain::sim
