#include "models/world/waits.hpp"

#include "models/world/assembly.hpp"

namespace optichain::models::world {

void Waits::mark(const Assembly& world, sim::Time now) {
  Mark& mark = marks_.emplace_back();
  mark.channels.reserve(world.channels.size());
  for (const auto& channel : world.channels) mark.channels.push_back(channel->waited(now));
  for (std::size_t d = 0; d < world.catalog.demands.size(); ++d) {
    const CustomerId customer = world.catalog.demands[d].customer;
    mark.demands.push_back(world.customers[customer.index()]->waited(DemandId{d}, now));
  }
}

double mean_wait(double piece_days, double shipped, double still_waiting) {
  if (shipped > 0) return piece_days / shipped;
  return still_waiting > 0 ? piece_days / still_waiting : 0;
}

}  // namespace optichain::models::world
