#pragma once
// Linear regression by ordinary least squares, and how sure its coefficients are.

#include <optional>
#include <span>
#include <vector>

namespace optichain::sim {

/// Coefficients of y = sum of coefficient x column, with the standard errors of the classical model
/// (Draper and Smith, Applied Regression Analysis, 1998): errors of one variance, which here are
/// what is not linear, too.
struct LinearFit {
  std::vector<double> coefficients, standard_errors;  // by column
  std::size_t freedom = 0;                            // rows less columns
  /// Half of the 95 % interval of `by` times a coefficient, by Student's t.
  double half_width(std::size_t column, double by = 1) const;
};

/// Of rows of as many values as there are columns. Nothing if there are no more rows than columns,
/// or if one column follows from others. Requires whole rows.
std::optional<LinearFit> fit_linear(std::span<const double> rows, std::span<const double> outcomes);

}  // namespace optichain::sim
