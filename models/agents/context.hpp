#pragma once
// What agents are given of their world. Each names in a Context of its own what else it needs.

#include <string_view>

#include "models/books/accounts.hpp"
#include "models/books/ledger.hpp"
#include "models/books/meters.hpp"
#include "models/network/planned_needs.hpp"
#include "models/policy/tie.hpp"
#include "models/state/continuous_review.hpp"
#include "models/state/current_terms.hpp"
#include "models/state/inventory.hpp"
#include "models/state/pauses.hpp"
#include "models/state/phase.hpp"
#include "models/state/realisation.hpp"
#include "sim/kernel/kernel.hpp"

namespace optichain::models::agents {

/// What all agents need of their world: the scenario, the clock and agenda, the meters, and the
/// run whose draws they make.
struct CommonContext {
  const Catalog& catalog;
  sim::Kernel& kernel;
  books::Meters& meters;
  sim::RunSeed run;

  sim::Time now() const { return kernel.now(); }
  /// Who comes first of those that are alike (see policy/tie.hpp).
  double tie(std::string_view party, std::string_view split) const {
    return policy::drawn_tie(run, party, split);
  }
};

}  // namespace optichain::models::agents
