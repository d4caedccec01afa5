#pragma once
// Arithmetic over named numbers, as a user writes it:
//
//   Expression growth("market.revenue.2026 / market.revenue.2025 - 1");
//   growth.names();                     // market.revenue.2025, market.revenue.2026
//   growth.value(std::array{16.5, 26}); // 0.5758
//
// + - * / ^, comparisons (1 or 0), && ||, a ? b : c, min, max, sum, avg, abs, sqrt, exp, ln, log10.
// Names are letters, digits, `_`, `.` and `@`, beginning with a letter.

#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace optichain::sim {

/// What is wrong with an expression, and where in it (from 0).
struct ExpressionError : std::runtime_error {
  ExpressionError(const std::string& message, std::size_t where)
      : std::runtime_error(message), position(where) {}
  std::size_t position;
};

class Expression {
 public:
  /// Throws ExpressionError.
  explicit Expression(const std::string& text);
  ~Expression();
  Expression(Expression&&) noexcept;
  Expression& operator=(Expression&&) noexcept;

  /// In alphabetical order, each once.
  const std::vector<std::string>& names() const { return names_; }
  /// For these values of the names, in their order; not a number where it is not defined (0 / 0).
  double value(std::span<const double> of_names) const;

 private:
  struct Parser;
  std::vector<std::string> names_;
  std::unique_ptr<Parser> parser_;
};

}  // namespace optichain::sim
