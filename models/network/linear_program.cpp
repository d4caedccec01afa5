#include "models/network/linear_program.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include <ClpSimplex.hpp>
#include <ClpSolve.hpp>

#include "sim/base/check.hpp"

namespace optichain::models::network {

LinearProgram::Row LinearProgram::add_row(double limit) {
  OPTICHAIN_CHECK(limit >= 0, "a row with the limit {} forbids to do nothing", limit);
  row_limits_.push_back(limit);
  return static_cast<Row>(row_limits_.size()) - 1;
}

LinearProgram::Column LinearProgram::add_column(const std::vector<Entry>& entries, double most) {
  OPTICHAIN_CHECK(most >= 0, "a column cannot be from 0 to {}", most);
  for (const Entry& e : entries) {
    OPTICHAIN_CHECK(e.row >= 0 && static_cast<std::size_t>(e.row) < rows(), "no row {}", e.row);
    if (e.per_unit == 0) continue;
    entry_rows_.push_back(e.row);
    entry_values_.push_back(e.per_unit);
  }
  begins_.push_back(static_cast<int>(entry_rows_.size()));
  column_limits_.push_back(most);
  return static_cast<Column>(column_limits_.size()) - 1;
}

struct LinearSolver::Clp {
  ClpSimplex simplex;
};

LinearSolver::LinearSolver(const LinearProgram& p) : clp_(std::make_unique<Clp>()) {
  const std::vector<double> no_weights(p.columns(), 0.0);
  const std::vector<double> no_rows_below(p.rows(), -COIN_DBL_MAX);
  const auto clp_limits = [](std::vector<double> limits) {
    std::replace(limits.begin(), limits.end(), no_limit, COIN_DBL_MAX);
    return limits;
  };
  const auto column_limits = clp_limits(p.column_limits_), row_limits = clp_limits(p.row_limits_);
  ClpSimplex& clp = clp_->simplex;
  clp.setLogLevel(0);
  clp.loadProblem(static_cast<int>(p.columns()), static_cast<int>(p.rows()), p.begins_.data(),
                  p.entry_rows_.data(), p.entry_values_.data(), nullptr, column_limits.data(),
                  no_weights.data(), no_rows_below.data(), row_limits.data());
  clp.setOptimizationDirection(-1);  // maximise
}

LinearSolver::~LinearSolver() = default;

namespace {

/// What no plan is worth more than, by weak duality: the limits at their prices, and at what they
/// are worth the limits of columns that are worth more than what they take. Nothing if a column
/// without limit is. It holds whatever the solver found, where a plan is kept to limits, and a
/// maximum is told, to a ten-millionth of its units only.
std::optional<double> dual_bound(const ClpSimplex& clp, double tolerance) {
  std::vector<double> prices(clp.getRowPrice(), clp.getRowPrice() + clp.numberRows());
  double most = 0;
  for (int row = 0; row < clp.numberRows(); ++row) {
    double& price = prices[static_cast<std::size_t>(row)];
    const double limit = price > 0 ? clp.getRowUpper()[row] : clp.getRowLower()[row];
    if (std::abs(limit) >= COIN_DBL_MAX) price = 0;
    if (price != 0) most += price * limit;
  }
  const double* weights = clp.objective();
  const double largest = *std::max_element(weights, weights + clp.numberColumns());
  const CoinPackedMatrix& matrix = *clp.matrix();
  for (int column = 0; column < clp.numberColumns(); ++column) {
    double worth = weights[column], size = std::abs(worth);
    const CoinBigIndex begin = matrix.getVectorStarts()[column];
    for (CoinBigIndex e = begin; e < begin + matrix.getVectorLengths()[column]; ++e) {
      const auto row = static_cast<std::size_t>(matrix.getIndices()[e]);
      const double taken = matrix.getElements()[e] * prices[row];
      worth -= taken;
      size += std::abs(taken);
    }
    const double lower = clp.getColLower()[column], upper = clp.getColUpper()[column];
    // what is kept at its limit counts, whatever it is worth by now
    const bool is_kept = lower == upper;
    if (!is_kept && std::abs(worth) <= std::max(1e-9 * size, tolerance * largest)) continue;
    const double limit = worth > 0 ? upper : lower;
    if (limit >= COIN_DBL_MAX) return std::nullopt;
    most += worth * limit;
  }
  return most;
}

/// Whether a solution is the maximum. Where coefficients of a millionth and a million meet, the
/// simplex method can stop early without noticing.
bool is_certain(const ClpSimplex& clp, double tolerance) {
  const auto most = dual_bound(clp, tolerance);
  return most && *most - clp.objectiveValue() <= 1e-6 * std::abs(*most) + 1e-3;
}

}  // namespace

double LinearSolver::maximise(const std::vector<Term>& objective) {
  ClpSimplex& clp = clp_->simplex;
  double* weights = clp.objective();
  std::fill_n(weights, clp.numberColumns(), 0.0);
  for (const Term& term : objective) weights[term.column] += term.weight;
  // The last solution stays feasible under another objective, so the primal method goes on from it.
  // The first time there is none, and what can be left out is looked for first.
  if (std::exchange(is_first_, false)) {
    ClpSolve way;
    way.setSpecialOption(2, 1);  // no answer of its own to signals
    way.setPresolveType(ClpSolve::presolveOn);
    way.setSolveType(ClpSolve::usePrimal);
    clp.initialSolve(way);
  } else {
    clp.primal();
  }
  // To do nothing is always feasible. But where limits of a trillion stand beside shares of a
  // piece, rounding alone can overstep one by more than CLP's tolerance, a ten-millionth.
  for (const double tolerance : {1e-5, 1e-3}) {
    if (!clp.isProvenPrimalInfeasible()) break;
    clp.setPrimalTolerance(tolerance);
    clp.primal();
  }
  // Where a recipe takes a millionth of a piece, what it is worth can be below CLP's tolerance of a
  // ten-millionth, in rows and columns as it scales them: what is not proven goes on with smaller
  // ones.
  for (const double tolerance : {1e-9, 1e-12}) {
    if (!clp.isProvenOptimal() || is_certain(clp, 0)) break;
    clp.setDualTolerance(tolerance);
    clp.primal();
  }
  clp.setDualTolerance(1e-7);
  // A ray or an early end is rounding on a basis gone bad: start afresh, without CLP's scaling of
  // rows and columns and with others.
  for (const int scaling : {0, 1, 2}) {
    if (clp.isProvenOptimal() && is_certain(clp, 1e-6)) break;
    clp.scaling(scaling);
    clp.allSlackBasis(true);
    clp.primal();
  }
  clp.scaling(3);  // its own choice
  if (!clp.isProvenOptimal()) {
    sim::fail("internal error: the linear program of {} rows and {} columns {} (CLP status {}, {})",
              clp.numberRows(), clp.numberColumns(),
              clp.isProvenPrimalInfeasible() ? "is infeasible"
              : clp.isProvenDualInfeasible() ? "is unbounded"
                                             : "was not solved",
              clp.status(), clp.secondaryStatus());
  }
  if (!is_certain(clp, 1e-6)) {
    sim::fail(
        "the linear program of {} rows and {} columns cannot be solved: the scenario's numbers are "
        "too far apart",
        clp.numberRows(), clp.numberColumns());
  }
  // What the plan is worth may be a little less than the maximum. A hair is the rounding of sums.
  const double found = clp.objectiveValue();
  const auto proven = dual_bound(clp, 0);
  const double most = proven ? *proven : *dual_bound(clp, 1e-6);
  return most > found + 1e-9 * (1 + std::abs(found)) ? most : found;
}

bool LinearSolver::is_proven() const {
  return is_certain(clp_->simplex, 0);
}

void LinearSolver::set_limit(LinearProgram::Row row, double limit) {
  OPTICHAIN_CHECK(limit >= 0, "a row with the limit {} forbids to do nothing", limit);
  clp_->simplex.setRowUpper(row, limit == no_limit ? COIN_DBL_MAX : limit);
}

double LinearSolver::value(LinearProgram::Column column) const {
  return std::max(0.0, clp_->simplex.getColSolution()[column]);
}

double LinearSolver::row_price(LinearProgram::Row row) const {
  return std::max(0.0, clp_->simplex.getRowPrice()[row]);
}

double LinearSolver::limit_price(LinearProgram::Column column) const {
  return std::max(0.0, clp_->simplex.getReducedCost()[column]);
}

void LinearSolver::keep_maximum() {
  ClpSimplex& clp = clp_->simplex;
  // Prices are exact to CLP's tolerance times the size of the weights, and so may be a little off 0
  // where nothing is scarce. What has a price is at its limit; what is not cannot have one.
  const double* weights = clp.objective();
  double largest = 1;
  for (int c = 0; c < clp.numberColumns(); ++c) largest = std::max(largest, std::abs(weights[c]));
  const double priced = 1e-7 * largest;
  const auto at = [](double amount, double limit) {
    return std::abs(amount - limit) <= 1e-6 * std::max(1.0, std::abs(limit));
  };
  for (int row = 0; row < clp.numberRows(); ++row) {
    if (std::abs(clp.getRowPrice()[row]) <= priced) continue;
    const double limit = clp.getRowUpper()[row];
    if (at(clp.getRowActivity()[row], limit)) clp.setRowLower(row, limit);
  }
  for (int column = 0; column < clp.numberColumns(); ++column) {
    const double price = clp.getReducedCost()[column];
    if (std::abs(price) <= priced) continue;
    // A column whose price is negative is worth nothing and stays at 0.
    const double limit = price > 0 ? clp.getColUpper()[column] : clp.getColLower()[column];
    if (at(clp.getColSolution()[column], limit)) clp.setColumnBounds(column, limit, limit);
  }
}

}  // namespace optichain::models::network
