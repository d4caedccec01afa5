#include "models/world/audit.hpp"

namespace optichain::models::world {

void Audit::begin_channels() {
  seen_.in_transit.clear();
  seen_.open.clear();
}

void Audit::see(const trade::Channel& channel) {
  seen_.in_transit.push_back(channel.in_transit());
  seen_.open.push_back(channel.not_shipped());
}

void Audit::look_at_sites() {
  seen_.stock = world_.inventory.on_hand();
  seen_.in_process.clear();
  for (std::size_t s = 0; s < world_.catalog.sites.size(); ++s) {
    for (std::size_t r = 0; r < world_.catalog.sites[s].recipes.size(); ++r) {
      seen_.in_process.push_back(world_.sites[s]->floor().in_process(r));
    }
  }
  seen_.waiting.resize(world_.catalog.demands.size());
  for (std::size_t d = 0; d < seen_.waiting.size(); ++d) {
    seen_.waiting[d] = world_.waiting(DemandId{d});
  }
  seen_.cash = world_.accounts.cash();
}

void Audit::hold() {
  look_at_sites();
  world_.ledger.audit(seen_);
}

const books::Ledger::Observed& Audit::look() {
  begin_channels();
  for (const auto& channel : world_.channels) see(*channel);
  look_at_sites();
  return seen_;
}

}  // namespace optichain::models::world
