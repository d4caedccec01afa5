#pragma once
// YAML -> study, held against its scenario: every path, value and combination.

#include <optional>
#include <string>
#include <vector>

#include "models/scenario/load.hpp"
#include "models/study/factor.hpp"
#include "models/study/settings.hpp"
#include "models/study/study.hpp"

namespace optichain::models::study {

struct LoadedStudy {
  Study study;
  sim::Document document;                     // as it was written
  sim::Document scenario;                     // the base with the study's changes
  std::vector<Factor> levers, uncertainties;  // by name
  Settings policies, futures;

  /// Points are the policies, each with all its futures.
  std::size_t points() const { return policies.rows() * futures.rows(); }
  std::size_t policy_of(std::size_t point) const { return point / futures.rows(); }
  std::size_t future_of(std::size_t point) const { return point % futures.rows(); }
  /// The scenario at a point. Throws InputError if it is not valid there.
  scenario::LoadedScenario at(std::size_t policy, std::size_t future) const;
  /// The scenario with the settings of a future alone, of a policy alone.
  scenario::LoadedScenario in_future(std::size_t future) const;
  scenario::LoadedScenario with_policy(std::size_t policy) const;
  /// What a policy is called.
  std::string policy_name(std::size_t policy) const;
  /// What a point does to the scenario, in words that are the same exactly if it is the same.
  std::string effect(std::size_t policy, std::size_t future) const;

 private:
  scenario::LoadedScenario with(std::optional<std::size_t> policy,
                                std::optional<std::size_t> future) const;
};

const sim::Schema& study_schema();

/// True if a file is a mapping that has one key and lacks another.
bool has_key(const std::string& file, const char* key, const char* lacking);

/// True if a file is meant to be a study: it names a `base`.
bool is_study(const std::string& file);

/// Reads and checks a study. The scenario is also checked with each factor alone at its lowest and
/// highest, or at each of its values. Throws InputError with all that is wrong.
LoadedStudy load_study(const std::string& file);

/// A study and its scenario as one can read them anywhere, without the files they were made of.
struct FrozenStudy {
  std::string study, scenario;
};
/// `scenario_file` is the name that the frozen study gives its scenario.
FrozenStudy freeze(const LoadedStudy& loaded, const std::string& scenario_file);

/// A frozen study whose combinations were written down. Throws InputError or Error.
LoadedStudy thaw(const std::string& study_file, const std::string& policies_file,
                 const std::string& futures_file);

}  // namespace optichain::models::study
