#pragma once
// Scenario discovery: the box of inputs in which most cases of interest lie (the patient rule
// induction method; Friedman and Fisher, Statistics and Computing 9, 1999; for scenario discovery
// Bryant and Lempert 2010).

#include <span>
#include <vector>

namespace optichain::sim {

/// Cases with their inputs, row by row.
struct PrimCases {
  std::size_t inputs = 0;
  std::vector<double> values;        // rows times inputs
  std::vector<bool> is_of_interest;  // by row
  /// Inputs whose values are categories, which have no order: a box holds some of them, not a
  /// range. None if empty.
  std::vector<bool> is_category{};
  /// Which rows are one case looked at several times, such as a future under each policy: as many
  /// rows as there may be of it, it supports what is said only once. Each row its own if empty.
  std::vector<std::size_t> group{};
};

struct PrimBox {
  struct Limit {
    std::size_t input = 0;
    double low = 0, high = 0;          // both inside; infinite where it is not restricted
    std::vector<double> categories{};  // that are inside, instead
    /// How likely cases of the box without this limit would be of interest at least as often by
    /// chance (a binomial test, one-sided, over groups): small if the limit matters.
    double quasi_p = 1;
  };
  std::vector<Limit> limits;  // of the inputs that are restricted
  std::size_t cases = 0, of_interest = 0;
  std::size_t groups = 0, of_groups = 0;  // different groups in the box, and in all
  bool is_supported = true;               // whether there are groups enough to look for one
  double density = 0;                     // part of the box's cases that are of interest
  double coverage = 0;                    // part of all cases of interest that are in the box
};

struct PrimOptions {
  double peel = 0.05;        // part of the box's cases that goes in one step
  double least_mass = 0.05;  // part of all cases that stays in the box
  /// The box is the last on the way that still covers this much.
  double least_coverage = 0.8;
  /// With fewer groups there is no box: of ten that are alike by chance half are of interest, and
  /// none of them in one time of a thousand; of five in one of thirty.
  std::size_t fewest_groups = 10;
};

/// Peels the whole space down, step by step where that raises the density most, and chooses the
/// densest box on the way that covers enough; then pastes back what costs no density. No limits if
/// no case, or every case, is of interest, or if there are too few groups.
PrimBox find_box(const PrimCases& cases, const PrimOptions& options = {});

}  // namespace optichain::sim
