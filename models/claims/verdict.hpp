#pragma once
// Claims held against what a study found.

#include <optional>
#include <string>
#include <vector>

#include "models/claims/load_claims.hpp"
#include "models/sweep/results.hpp"

namespace optichain::models::claims {

/// What a study found, by case and future: the mean of each metric over replications.
class CaseFigures {
 public:
  /// The results must live as long.
  CaseFigures(const sweep::SweepResults& results, Cases cases)
      : results_(&results), cases_(std::move(cases)) {}
  std::size_t futures() const { return results_->futures().size(); }
  const sweep::SweepResults& results() const { return *results_; }
  const Cases& cases() const { return cases_; }
  /// An expression in every future; names without a case are taken in `in`. Not a number where it
  /// is not known.
  std::vector<double> of(const Figure& figure, std::string_view in) const;

  /// Where unmet pieces of a year come from in a case: causes by name (`capacity of garnet_chip`),
  /// the largest first, each with its part of all; those that were kept.
  std::vector<std::pair<std::string, double>> causes(std::string_view in,
                                                     const std::string& year) const;

 private:
  const sim::OutcomeTable& table(const std::string& metric) const;

  const sweep::SweepResults* results_;
  Cases cases_;
  mutable std::map<std::string, sim::OutcomeTable> tables_;
};

/// The metrics that causes() needs.
inline constexpr const char* cause_metrics = "causes.*.unmet.????";

/// From where to where a claim holds; infinite where it is not bounded.
struct ClaimRange {
  double low, high;
  bool holds(double value) const { return value >= low && value <= high; }
};
/// The published figure or bounds, widened by the tolerance.
ClaimRange range_of(const Claim& claim);

struct Verdict {
  std::size_t futures = 0;             // in which the figure is known
  double mean = 0, low = 0, high = 0;  // 90 % of futures lie between `low` and `high`
  double share = 0;                    // of futures in which the claim holds
  /// The mean less the published figure, or less the bound that it misses; 0 within bounds.
  double deviation = 0;
  /// What it deviates from.
  double from = 0;
  std::vector<std::pair<std::string, double>> explained_by;  // means

  /// In most futures; nothing where the figure is not known.
  std::optional<bool> holds() const;
  /// Begins with `holds` (in nine futures of ten, or in most), or says `not`.
  std::string text(ClaimKind kind) const;
};

/// The claim in its case, or in another one.
Verdict judge(const LoadedClaim& claim, const CaseFigures& figures,
              std::optional<std::string> in = std::nullopt);

/// Bounds or value as published: `> $26.0 B`.
std::string published_text(const Claim& claim);

}  // namespace optichain::models::claims
