#include "models/agreement/agreement_dates.hpp"

#include <algorithm>

namespace optichain::models::agreement {

void AgreementDates::at(sim::Time time, sim::Phase phase, AgreementId id, const std::string& name,
                        sim::Callback action) {
  const auto [place, is_new] = due_.try_emplace({time, phase});
  std::vector<Due>& all = place->second;
  const auto next = std::find_if(all.begin(), all.end(),
                                 [&](const Due& due) { return due.id.index() > id.index(); });
  all.insert(next, {id, &name, action});
  if (!is_new) return;
  kernel_.at(
      time, phase, [this, &all] { act(all); }, &acting_);
}

void AgreementDates::act(const std::vector<Due>& all) {
  for (const Due& due : all) {
    acting_ = *due.name;
    sim::Callback action = due.action;
    action();
  }
}

}  // namespace optichain::models::agreement
