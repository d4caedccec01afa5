#pragma once
// What every agent is given: the world's data, its clock and its books.

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

struct Context {
  const Catalog& catalog;
  const state::Realisation& real;
  sim::RunSeed run;
  sim::Kernel& kernel;
  books::Ledger& ledger;
  books::Meters& meters;
  state::Inventory& inventory;
  state::CurrentTerms& terms;
  books::Accounts& accounts;
  const network::PlannedNeeds& plans;
  state::ContinuousReview& continuous_review;
  state::Pauses& pauses;

  sim::Time now() const { return kernel.now(); }
};

}  // namespace optichain::models::agents
