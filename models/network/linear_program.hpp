#pragma once
// A linear program: maximise a weighted sum of columns >= 0 under rows that say "at most".
//
//   LinearProgram lp;
//   const auto hours = lp.add_row(40);                          // machine hours: at most 40
//   const auto chairs = lp.add_column({{hours, 2.0}});          // a chair takes 2 of them
//   LinearSolver solver(lp);
//   solver.maximise({{chairs, 5.0}});                           // 100: 20 chairs at 5 each
//   solver.row_price(hours);                                    // 2.5: worth of one more hour
//
// It is solved with COIN-OR CLP, a simplex code (Forrest and Lougee-Heimer, "CBC user guide",
// INFORMS Tutorials 2005), which the .cpp keeps to itself. Every row's limit is >= 0, so that doing
// nothing is always allowed and no program is infeasible.

#include <cstddef>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

namespace optichain::models::network {

inline constexpr double no_limit = std::numeric_limits<double>::infinity();

class LinearProgram {
 public:
  using Row = int;
  using Column = int;
  struct Entry {
    Row row;
    double per_unit;  // of the column
  };

  /// Requires limit >= 0.
  Row add_row(double limit);
  /// A quantity from 0 to `most`. Requires rows that exist, each at most once.
  Column add_column(const std::vector<Entry>& entries, double most = no_limit);

  std::size_t rows() const { return row_limits_.size(); }
  std::size_t columns() const { return column_limits_.size(); }

 private:
  friend class LinearSolver;
  std::vector<double> row_limits_;
  std::vector<double> column_limits_;
  // the columns one after another: column c has the entries from begins_[c] to begins_[c + 1]
  std::vector<int> begins_ = {0};
  std::vector<int> entry_rows_;
  std::vector<double> entry_values_;
};

/// Solves one program for one objective after another, each from where the last one ended.
class LinearSolver {
 public:
  struct Term {
    LinearProgram::Column column;
    double weight;
  };

  /// Keeps nothing of the program.
  explicit LinearSolver(const LinearProgram& program);
  ~LinearSolver();
  LinearSolver(const LinearSolver&) = delete;
  LinearSolver& operator=(const LinearSolver&) = delete;

  /// The largest sum of the terms: what it returns no solution exceeds, and the one found by a
  /// millionth at most falls short of it. Throws Error if there is none or the solver gives up,
  /// neither of which a sound program leads to.
  double maximise(const std::vector<Term>& objective);

  /// Sets the limit of a row anew. Requires limit >= 0. The next objective goes on from where the
  /// last one ended.
  void set_limit(LinearProgram::Row row, double limit);

  // --- of the last objective ---
  /// Whether the prices prove the maximum without any tolerance. They do not where tiny amounts of
  /// one thing stand beside huge ones of another; the solver may then have stopped early.
  bool is_proven() const;
  /// The amount of a column; of several best ones, those of one corner of the feasible set.
  double value(LinearProgram::Column column) const;
  /// What one more unit of the row's or the column's limit would add to the maximum (the dual
  /// values); one of several where the solution is degenerate.
  double row_price(LinearProgram::Row row) const;
  double limit_price(LinearProgram::Column column) const;

  /// From now on every solution keeps the last objective at its maximum: by complementary slackness
  /// those solutions are the ones in which all rows and columns with a price stay at their limits.
  void keep_maximum();

 private:
  struct Clp;
  std::unique_ptr<Clp> clp_;
  bool is_first_ = true;  // no objective yet
};

}  // namespace optichain::models::network
