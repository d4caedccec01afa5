#pragma once
// The dates of agreements. What several of them have to do at one instant is done in the order of
// the catalog, whoever was put down first: an agreement that is made on the way is served as if it
// had been known from the beginning.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "models/catalog/catalog.hpp"
#include "sim/kernel/kernel.hpp"

namespace optichain::models::agreement {

class AgreementDates {
 public:
  explicit AgreementDates(sim::Kernel& kernel) : kernel_(kernel) {}
  AgreementDates(const AgreementDates&) = delete;
  AgreementDates& operator=(const AgreementDates&) = delete;

  /// What one agreement has to do at an instant is done in the order of these calls. `name` must
  /// outlive the date.
  void at(sim::Time time, sim::Phase phase, AgreementId id, const std::string& name,
          sim::Callback action);

 private:
  using Instant = std::pair<sim::Time, sim::Phase>;
  struct Due {
    AgreementId id;
    const std::string* name;
    sim::Callback action;
  };
  void act(const std::vector<Due>& all);

  sim::Kernel& kernel_;
  std::map<Instant, std::vector<Due>> due_;
  std::string acting_;  // who is named when it fails
};

}  // namespace optichain::models::agreement
