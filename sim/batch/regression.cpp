#include "sim/batch/regression.hpp"

#include <cmath>

#include <boost/math/distributions/students_t.hpp>

#include "sim/base/check.hpp"
#include "sim/batch/eigen.hpp"

namespace optichain::sim {

double LinearFit::half_width(std::size_t column, double by) const {
  const boost::math::students_t law(static_cast<double>(freedom));
  return boost::math::quantile(law, 0.975) * standard_errors[column] * std::abs(by);
}

std::optional<LinearFit> fit_linear(std::span<const double> rows,
                                    std::span<const double> outcomes) {
  if (outcomes.empty()) return std::nullopt;
  const std::size_t columns = rows.size() / outcomes.size();
  OPTICHAIN_CHECK(columns > 0 && columns * outcomes.size() == rows.size(), "rows are not whole");
  if (outcomes.size() <= columns) return std::nullopt;
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto n = static_cast<Eigen::Index>(outcomes.size());
  const auto p = static_cast<Eigen::Index>(columns);
  Eigen::MatrixXd x = Eigen::Map<const RowMajor>(rows.data(), n, p);
  const Eigen::VectorXd y = Eigen::Map<const Eigen::VectorXd>(outcomes.data(), n);
  // columns of the same length, so that rank does not depend on their units
  const Eigen::VectorXd length = x.colwise().norm();
  if (length.minCoeff() == 0) return std::nullopt;
  for (Eigen::Index c = 0; c < p; ++c) x.col(c) /= length[c];
  Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr(x);
  qr.setThreshold(1e-9);
  if (qr.rank() < p) return std::nullopt;
  const Eigen::VectorXd fitted = qr.solve(y);
  LinearFit fit;
  fit.freedom = outcomes.size() - columns;
  const double variance = (y - x * fitted).squaredNorm() / static_cast<double>(fit.freedom);
  const Eigen::MatrixXd inverse = (x.transpose() * x).ldlt().solve(Eigen::MatrixXd::Identity(p, p));
  for (Eigen::Index c = 0; c < p; ++c) {
    fit.coefficients.push_back(fitted[c] / length[c]);
    fit.standard_errors.push_back(std::sqrt(variance * inverse(c, c)) / length[c]);
  }
  return fit;
}

}  // namespace optichain::sim
