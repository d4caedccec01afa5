#pragma once
// What every agent is given: the world's data, its clock and its books.

#include <vector>

#include "models/books/accounts.hpp"
#include "models/books/ledger.hpp"
#include "models/books/meters.hpp"
#include "models/network/planned_needs.hpp"
#include "models/state/attention.hpp"
#include "models/state/conditions.hpp"
#include "models/state/pauses.hpp"
#include "models/state/phase.hpp"
#include "models/state/realisation.hpp"
#include "sim/kernel/kernel.hpp"

namespace optichain::models::agents {

/// Pieces on hand, by stock point, with the meters that follow them.
struct Inventory {
  std::vector<Pieces> on_hand;
  struct Handles {
    books::MeterId on_hand, produced, scrap, received, used, shipped;
  };
  std::vector<Handles> meters;
};

struct Context {
  const Catalog& catalog;
  const state::Realisation& real;
  sim::RunSeed run;
  sim::Kernel& kernel;
  books::Ledger& ledger;
  books::Meters& meters;
  Inventory& inventory;
  state::Conditions& conditions;
  books::Accounts& accounts;
  const network::PlannedNeeds& plans;
  state::Attention& attention;
  state::Pauses& pauses;

  sim::Time now() const { return kernel.now(); }
  Pieces& on_hand(StockId stock) const { return inventory.on_hand[stock.index()]; }
  /// Changes stock and its meter; the ledger is written by the caller, who knows why.
  void add_stock(StockId stock, Pieces change) const {
    Pieces& pieces = on_hand(stock);
    pieces += change;
    meters.set(inventory.meters[stock.index()].on_hand, pieces.count(), now());
  }
};

}  // namespace optichain::models::agents
