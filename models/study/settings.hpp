#pragma once
// Settings of factors, row by row: the policies of a study (settings of its levers) and its futures
// (settings of its uncertainties).

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/study/factor.hpp"

namespace optichain::models::study {

/// Rows of one setting for each factor. Without factors there is one row, the scenario as it is.
class Settings {
 public:
  explicit Settings(std::size_t factors = 0) : factors_(factors) {}
  std::size_t rows() const { return factors_ ? cells_.size() / factors_ : 1; }
  std::span<const Setting> row(std::size_t i) const {
    return std::span(cells_).subspan(i * factors_, factors_);
  }
  /// Requires: one setting for each factor.
  void add(std::span<const Setting> row);

 private:
  std::size_t factors_;
  std::vector<Setting> cells_;
};

/// The most rows of a design, and policies times futures of a study.
inline constexpr std::size_t most_points = 10'000'000;

/// The rows of a design. What is wrong (too many rows, a value that a factor does not have) goes to
/// `diagnostics`, at `path` in the study.
Settings make_settings(const DesignChoice& design, std::uint64_t seed,
                       std::span<const Factor> factors, const sim::Document& study,
                       const std::string& path, sim::Diagnostics& diagnostics);

/// What a row is called: "base" if it changes nothing, `factor=value ...` if it is short and sets
/// at most four factors, else the letter with its number from 1.
std::string row_name(std::span<const Factor> factors, const Settings& settings, std::size_t row,
                     char letter);

}  // namespace optichain::models::study
