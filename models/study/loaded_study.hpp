#pragma once
// A study with its scenario, its factors and all their combinations, ready to be run.

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

}  // namespace optichain::models::study
