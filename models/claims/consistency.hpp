#pragma once
// Which claims can hold together: over futures drawn from all that is uncertain, the largest sets
// of claims that hold in one and the same future, the pairs that never do, and the input that
// decides.

#include <string>
#include <vector>

#include "models/claims/verdict.hpp"

namespace optichain::models::claims {

/// An input that tells one group of futures from another best; none if a group is too small.
struct Divide {
  std::string input;
  /// The chance that the input is larger in a future of the first group than in one of the second
  /// (Mann and Whitney 1947, ties half): 0.5 if it says nothing, 0 or 1 if it decides alone.
  double larger = 0.5;
  double median_first = 0, median_second = 0;
};

struct Consistency {
  struct Of {
    const LoadedClaim* claim;
    std::vector<bool> holds;  // by future
    double share = 0;
    double nearest = 0;  // of all futures the figure that comes nearest to holding
    Divide divide;       // futures in which it holds against the others
    bool is_open() const { return share > 0 && share < 1; }
  };
  std::vector<Of> claims;
  struct Set {
    std::vector<std::size_t> claims;
    std::size_t futures = 0;  // in which all of them hold
  };
  std::vector<Set> largest;  // of open claims; no other set contains one; the largest first
  struct Conflict {
    std::size_t a, b;  // each holds in some future, both in none
    /// Futures in which both would hold if they had nothing to do with one another.
    double expected = 0;
    Divide divide;  // futures of `a` against those of `b`
  };
  std::vector<Conflict> conflicts;
  /// Pairs that never hold together either, but so few would be expected that it says nothing.
  std::size_t too_rare = 0;
  std::size_t futures = 0;  // in which every figure is known
};

/// Claims that name no cases and are not `alone`, in futures in which all of them are known.
/// `results` has one policy.
Consistency find_consistency(const LoadedClaims& claims, const CaseFigures& figures);

/// Fewer futures together than this, if independent, are no evidence that two claims exclude each
/// other: none at all is seen in one case of twenty (Poisson, e^-3).
inline constexpr double fewest_expected = 3;

/// The input of the study that divides two groups of futures best; none if a group has fewer than
/// five.
Divide divide(const sweep::SweepResults& results, const std::vector<bool>& first,
              const std::vector<bool>& second);

}  // namespace optichain::models::claims
