#include "models/catalog/hold.hpp"

#include <algorithm>

namespace optichain::models {

double weight_left(const std::vector<Hold>& holds, std::size_t variant, sim::Time now) {
  double left = 1;
  for (const Hold& hold : holds) {
    if (hold.holds(variant, now)) left *= hold.weight;
  }
  return left;
}

bool may_ship(const std::vector<Hold>& holds, std::size_t variant, sim::Time now) {
  return std::none_of(holds.begin(), holds.end(),
                      [&](const Hold& hold) { return !hold.ships && hold.holds(variant, now); });
}

bool may_ship_within(const std::vector<Hold>& holds, std::size_t variant, sim::Time from,
                     sim::Time until) {
  // What may be shipped changes only where a hold begins or ends.
  if (may_ship(holds, variant, from)) return true;
  return std::any_of(holds.begin(), holds.end(), [&](const Hold& hold) {
    return from < hold.until && hold.until < until && may_ship(holds, variant, hold.until);
  });
}

}  // namespace optichain::models
