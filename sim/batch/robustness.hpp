#pragma once
// How policies do over futures of which none is known to be the likely one.

#include <limits>
#include <span>
#include <string>
#include <vector>

namespace optichain::sim {

/// An outcome for each policy in each future, row by row; NaN where it is not known.
struct OutcomeTable {
  std::size_t policies = 0, futures = 0;
  std::vector<double> values;
  double at(std::size_t policy, std::size_t future) const {
    return values[policy * futures + future];
  }
};

enum class Better { high, low };

/// Over futures in which every policy is known.
struct Regret {
  double mean = 0, worst = 0;  // of what the best policy of each future would have given more
  double p90 = 0;
  double best_share = 0;  // of futures in which this policy is the best, or as good
  std::size_t futures = 0;
};
/// The regret of each policy (Savage 1951; for scenarios Lempert, Popper and Bankes 2003).
std::vector<Regret> regrets(const OutcomeTable& outcomes, Better better);

/// What is good enough.
struct Limits {
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool allow(double value) const { return value >= min && value <= max; }
};
/// The share of futures in which a policy satisfies all limits, each on its own table (the domain
/// criterion of Starr 1963; satisficing after Simon 1956). Futures that are not known for a policy
/// do not count.
std::vector<double> satisficing(std::span<const OutcomeTable> outcomes,
                                std::span<const Limits> limits);

}  // namespace optichain::sim
