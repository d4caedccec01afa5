#pragma once
// What every agent is given: the world's data, its clock and its books.

#include <vector>

#include "models/agents/attention.hpp"
#include "models/agents/pauses.hpp"
#include "models/books/accounts.hpp"
#include "models/books/ledger.hpp"
#include "models/books/meters.hpp"
#include "models/catalog/conditions.hpp"
#include "models/catalog/realisation.hpp"
#include "models/network/planned_needs.hpp"
#include "sim/kernel/kernel.hpp"

namespace optichain::models {

/// The order of things within one instant.
namespace phase {
inline constexpr sim::Phase closing{0};      // periods of the results end before anything happens
inline constexpr sim::Phase prepaying{1};    // what is due on a day ahead of deliveries is paid
inline constexpr sim::Phase arrivals{2};     // shipments arrive
inline constexpr sim::Phase completions{3};  // lots finish
inline constexpr sim::Phase programs{4};     // programs, migrations, qualifications
inline constexpr sim::Phase orders_in{5};    // customers order; orders reach their sellers
inline constexpr sim::Phase allocation{6};   // sellers allocate and ship
inline constexpr sim::Phase giving_up{7};    // sales that could not be made at once are lost
inline constexpr sim::Phase planning{8};     // makers plan and start lots
inline constexpr sim::Phase ordering{9};     // sites order their inputs
inline constexpr sim::Phase charging{10};    // what is kept and owed is charged; bills are paid
inline constexpr sim::Phase pricing{11};     // markets move prices
inline constexpr sim::Phase recording{12};   // levels are recorded
inline constexpr sim::Phase settling{13};    // agreements are settled, in a period's last second
}  // namespace phase

/// Pieces on hand, by stock point, with the meters that follow them.
struct Inventory {
  std::vector<Pieces> on_hand;
  struct Handles {
    MeterId on_hand, produced, scrap, received, used, shipped;
  };
  std::vector<Handles> meters;
};

struct Context {
  const Catalog& catalog;
  const Realisation& real;
  sim::RunSeed run;
  sim::Kernel& kernel;
  Ledger& ledger;
  Meters& meters;
  Inventory& inventory;
  Conditions& conditions;
  Accounts& accounts;
  const PlannedNeeds& plans;
  Attention& attention;
  Pauses& pauses;

  sim::Time now() const { return kernel.now(); }
  Pieces& on_hand(StockId stock) const { return inventory.on_hand[stock.index()]; }
  /// Changes stock and its meter; the ledger is written by the caller, who knows why.
  void add_stock(StockId stock, Pieces change) const {
    Pieces& pieces = on_hand(stock);
    pieces += change;
    meters.set(inventory.meters[stock.index()].on_hand, pieces.count(), now());
  }
};

}  // namespace optichain::models
