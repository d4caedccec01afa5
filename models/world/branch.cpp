#include "models/world/branch.hpp"

#include <algorithm>
#include <utility>

#include "models/catalog/overwrite_values.hpp"

namespace optichain::models::world {

bool begins_from(const Agreement& agreement, Date date) {
  if (agreement.from < date) return false;
  if (!agreement.prepayment) return true;
  const auto& payments = agreement.prepayment->payments;
  return std::all_of(payments.begin(), payments.end(),
                     [&](const DatedAmount& payment) { return payment.on >= date; });
}

bool begins_from(const Program& program, Date date) {
  const auto* expansion = std::get_if<Expansion>(&program);
  return expansion && expansion->decided && *expansion->decided >= date;
}

BranchPoint::BranchPoint(const Scenario& past, std::vector<Scenario> options, Date date)
    : date_(date),
      options_(std::move(options)),
      scenario_(everything(past, options_)),
      catalog_(scenario_, later(scenario_)) {}

Scenario BranchPoint::everything(const Scenario& past, const std::vector<Scenario>& options) {
  Scenario all = past;
  for (const Scenario& option : options) {
    all.agreements.insert(option.agreements.begin(), option.agreements.end());
    all.programs.insert(option.programs.begin(), option.programs.end());
  }
  return all;
}

/// What of a scenario begins on the date or later.
Catalog::Dormant BranchPoint::later(const Scenario& scenario) const {
  Catalog::Dormant dormant;
  for (const auto& [name, agreement] : scenario.agreements) {
    if (begins_from(agreement, date_)) dormant.agreements.insert(name);
  }
  for (const auto& [name, program] : scenario.programs) {
    if (begins_from(program, date_)) dormant.programs.insert(name);
  }
  return dormant;
}

void BranchPoint::take(std::size_t option, World& world) {
  Scenario& taken = options_[option];
  Catalog::Dormant dormant = later(scenario_);
  for (const auto& [name, agreement] : taken.agreements) dormant.agreements.erase(name);
  for (const auto& [name, program] : taken.programs) dormant.programs.erase(name);
  overwrite_values(scenario_, std::move(taken));
  catalog_.apply_changes(dormant);
  world.apply_changes();
}

}  // namespace optichain::models::world
