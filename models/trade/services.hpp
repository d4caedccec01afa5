#pragma once
// What those who trade are given of the world: its data, its clock and its books.

#include "models/books/accounts.hpp"
#include "models/books/ledger.hpp"
#include "models/books/meters.hpp"
#include "models/state/continuous_review.hpp"
#include "models/state/current_terms.hpp"
#include "models/state/inventory.hpp"
#include "models/state/pauses.hpp"
#include "models/state/phase.hpp"
#include "sim/kernel/kernel.hpp"

namespace optichain::models::trade {

struct Services {
  const Catalog& catalog;
  sim::RunSeed run;
  sim::Kernel& kernel;
  books::Ledger& ledger;
  books::Meters& meters;
  state::Inventory& inventory;
  const state::CurrentTerms& terms;
  books::Accounts& accounts;
  const state::ContinuousReview& continuous_review;
  state::Pauses& pauses;

  sim::Time now() const { return kernel.now(); }
};

}  // namespace optichain::models::trade
