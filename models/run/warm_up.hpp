#pragma once
// Warm-up: how much of the beginning of a run is due to how it begins, and should not count.

#include <csignal>
#include <string>
#include <vector>

#include "models/scenario/load.hpp"

namespace optichain::models::run {

/// What was looked at, and what came of it.
struct WarmUp {
  struct Look {
    std::string series;
    bool settles = false;      // within the first half of the run
    std::size_t left_out = 0;  // records, from the beginning on
    double error_of_all = 0, error_of_the_rest = 0;
  };
  std::vector<Look> looks{};
  std::size_t replications = 0;
  /// First day that counts: that of the scenario, or a later one.
  sim::Date start{};
  /// Days simulated before.
  double days = 0;
  bool settles() const;
};

struct WarmUpRuns {
  std::uint64_t seed = 1;
  std::size_t replications = 5, jobs = 1;
  const volatile std::sig_atomic_t* stop = nullptr;
};

/// Simulates from the beginning of the warm-up that the scenario has, if any, and applies MSER-5
/// (sim/batch/truncation.hpp) to the sums over the whole world of what is in stock, in process,
/// owed to customers and shipped to them, record by record (one a review), each the mean over the
/// replications, as Welch (The Computer Performance Modeling Handbook, 1983) smooths them. The
/// longest of the four counts. Where one of them does not settle within the first half, the
/// scenario's own warm-up stays. Throws Error, Interrupted.
WarmUp choose_warm_up(const scenario::LoadedScenario& loaded, const WarmUpRuns& runs);

/// One sentence for people.
std::string warm_up_text(const WarmUp& warm_up);
/// A row for each series: what was left out, and what the standard error of its mean is with all
/// and with the rest.
std::string warm_up_csv(const WarmUp& warm_up);

}  // namespace optichain::models::run
