#include "models/study/loaded_study.hpp"

#include <utility>

namespace optichain::models::study {

scenario::LoadedScenario LoadedStudy::at(std::size_t policy, std::size_t future) const {
  return with(policy, future);
}
scenario::LoadedScenario LoadedStudy::in_future(std::size_t future) const {
  return with(std::nullopt, future);
}
scenario::LoadedScenario LoadedStudy::with_policy(std::size_t policy) const {
  return with(policy, std::nullopt);
}
std::string LoadedStudy::policy_name(std::size_t policy) const {
  return row_name(levers, policies, policy, 'p');
}

scenario::LoadedScenario LoadedStudy::with(std::optional<std::size_t> policy,
                                           std::optional<std::size_t> future) const {
  sim::Document changed = scenario;
  sim::Diagnostics diagnostics;
  const auto apply = [&](bool multiplying, std::span<const Factor> factors,
                         std::span<const Setting> row) {
    for (std::size_t f = 0; f < factors.size(); ++f) {
      if (factors[f].multiplies() == multiplying) factors[f].apply(row[f], changed, diagnostics);
    }
  };
  for (const bool multiplying : {false, true}) {
    if (policy) apply(multiplying, levers, policies.row(*policy));
    if (future) apply(multiplying, uncertainties, futures.row(*future));
  }
  if (!diagnostics.empty()) throw sim::InputError(std::move(diagnostics));
  return scenario::load_scenario(std::move(changed), {});
}

std::string LoadedStudy::effect(std::size_t policy, std::size_t future) const {
  std::string effect;
  const auto add = [&](std::span<const Factor> factors, std::span<const Setting> row) {
    for (std::size_t f = 0; f < factors.size(); ++f) effect += factors[f].effect(row[f]);
  };
  add(levers, policies.row(policy));
  add(uncertainties, futures.row(future));
  return effect;
}

}  // namespace optichain::models::study
