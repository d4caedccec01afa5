#pragma once
// What a stock point knows when it orders or starts.

#include <string>

#include "models/policy/needs.hpp"
#include "models/policy/units.hpp"

namespace optichain::models::policy {

/// What a stock point may be asked.
enum class StockFact {
  forecast,
  lead_time,
  review_period,  // weeks until the next chance to order
  reviews_only,   // that it orders at reviews and at no other time
  downstream      // what is beyond it, in the echelon of the item
};
using ReplenishmentNeeds = Needs<StockFact>;

struct InventoryState {
  double on_hand = 0;
  double pipeline = 0;      // ordered or started, not yet here (good pieces expected)
  double backlog = 0;       // owed to others
  double lead_weeks = 0;    // until something ordered now arrives, as now quoted
  double review_weeks = 0;  // until the next chance to order
  double downstream = 0;    // on its way to and kept by buyers, less what customers are owed

  double position() const { return on_hand + pipeline - backlog; }
};

/// A key of a policy that does not fit the others, and why.
struct Misfit {
  std::string key, why;
};

}  // namespace optichain::models::policy
