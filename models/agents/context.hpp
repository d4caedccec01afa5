#pragma once
// What agents are given of their world. Each names in a Context of its own what else it needs.

#include "models/books/accounts.hpp"
#include "models/books/ledger.hpp"
#include "models/books/meters.hpp"
#include "models/network/planned_needs.hpp"
#include "models/state/continuous_review.hpp"
#include "models/state/current_terms.hpp"
#include "models/state/inventory.hpp"
#include "models/state/pauses.hpp"
#include "models/state/phase.hpp"
#include "models/state/realisation.hpp"
#include "sim/kernel/kernel.hpp"

namespace optichain::models::agents {

/// What all agents need of their world: the scenario, the clock and agenda, and the meters.
struct CommonContext {
  const Catalog& catalog;
  sim::Kernel& kernel;
  books::Meters& meters;

  sim::Time now() const { return kernel.now(); }
};

}  // namespace optichain::models::agents
