#pragma once
// Two or more scenarios under common random numbers: what changed in what was given, and what
// changed in what came of it.

#include <csignal>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "models/run/input_change.hpp"
#include "models/run/paired.hpp"
#include "models/scenario/load.hpp"

namespace optichain::models::run {

/// One scenario with the figures of its replications.
struct Alternative {
  std::string name;  // as the user called it
  std::uint64_t seed = 1;
  /// Every value with its default, by path; lists are one value.
  InputValues inputs{};
  struct Figure {
    std::string unit;
    std::map<std::uint64_t, double> by_replication;
  };
  std::map<std::string, Figure> figures{};
  std::set<std::string> known{};  // the names of all figures that it reports
  std::size_t failures = 0;
};

struct ComparisonRuns {
  std::uint64_t seed = 1;
  std::size_t replications = 10, jobs = 1;
  const volatile std::sig_atomic_t* stop = nullptr;
};

/// Runs a scenario file, or reads the store of a run. Figures are those that fit one of the
/// patterns. Throws InputError, Error or OutputError.
Alternative load_alternative(const std::string& file, const std::vector<std::string>& patterns,
                             const ComparisonRuns& runs);

/// Throws InputError, naming what was probably meant, for a pattern that no figure of any of them
/// fits.
void check_patterns(const std::vector<std::string>& patterns, const std::vector<Alternative>& all);

/// A figure in both, and the difference (other - base) over the replications that both have: with
/// the same luck in each pair, its interval (Student's t on the differences) is much narrower than
/// those of the two means.
struct PairedFigure {
  std::string name, unit;
  Paired pair;
  bool differs() const { return pair.difference.ci95_low > 0 || pair.difference.ci95_high < 0; }
};
/// Requires equal seeds.
std::vector<PairedFigure> paired_figures(const Alternative& base, const Alternative& other);

}  // namespace optichain::models::run
