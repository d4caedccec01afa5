#pragma once
// YAML -> claims, held against their studies: every expression, case and bound.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/claims/claims.hpp"
#include "models/study/load.hpp"
#include "models/world/results.hpp"
#include "sim/base/expression.hpp"

namespace optichain::models::claims {

/// The case of a study in which nothing of it is changed by its lever.
inline constexpr std::string_view base_case = "base";

/// A name in an expression: `market.revenue.2026@mid_2025`.
struct MetricName {
  std::string metric;
  std::string in;  // the case, empty if none is named
  static MetricName of(const std::string& name);
};

/// An expression with where it stands.
struct Figure {
  sim::Expression expression;
  std::string path;
  sim::Mark mark;
  /// True if it names a case, so that it speaks of this case whatever is asked.
  bool names_cases() const;
};

struct LoadedClaim {
  std::string id;
  const Claim* text;
  Figure figure;
  std::vector<std::pair<std::string, Figure>> explained_by;

  /// The last year that its figure speaks of.
  std::string year() const;
};

struct LoadedObservation {
  std::string id;
  const Observation* text;
  Figure figure;
};

struct LoadedClaims {
  std::string file;
  sim::Document document;
  std::unique_ptr<const ClaimsText> text;
  std::string study_file;
  std::optional<std::string> consistency_file;
  std::vector<LoadedClaim> claims, checks;
  std::vector<LoadedObservation> observations;

  /// Every metric that an expression names, without its case; each once.
  std::vector<std::string> metrics() const;
};

const sim::Schema& claims_schema();

/// True if a file is meant to hold claims.
bool is_claims(const std::string& file);

/// Reads a file of claims. Throws InputError with all that is wrong.
LoadedClaims load_claims(const std::string& file);

using Cases = std::map<std::string, std::size_t, std::less<>>;

/// The cases of a study by name: policies in which its lever, if there is one, has this option;
/// `base` where it is left alone. Throws InputError if there is more than one lever.
Cases cases_of(const study::LoadedStudy& study, const LoadedClaims& claims);

/// Throws InputError for cases that the study does not have and metrics that a run does not report.
void check_names(const LoadedClaims& claims, const Cases& cases, const world::Results& results);
/// The same of metrics alone, for a study that looks at all claims in one case.
void check_metrics(const LoadedClaims& claims, const world::Results& results);

/// A number as people read it: `$26.0 B`, `60 %`, `10.4 M`, `+57 %`.
std::string shown_in(double value, const std::string& unit);

}  // namespace optichain::models::claims
