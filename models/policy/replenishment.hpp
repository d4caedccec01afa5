#pragma once
// How many pieces to start or to order. Pure functions: the agent says what it knows.

#include <cstdint>

#include "models/catalog/options.hpp"
#include "models/policy/forecast.hpp"

namespace optichain::models::policy {

struct InventoryState {
  double on_hand = 0;
  double pipeline = 0;      // ordered or started, not yet here (good pieces expected)
  double backlog = 0;       // owed to others
  double lead_weeks = 0;    // until something ordered now arrives, as now quoted
  double review_weeks = 0;  // until the next chance to order
  double downstream = 0;    // on its way to and kept by buyers, less what customers are owed
};

/// The order in pieces, >= 0, not rounded.
///
/// order_up_to: max(0, F(min(lead, cap) + review + safety) + backlog - on_hand - pipeline), where F
/// is the forecast over that many weeks. base_stock: the same up to a fixed level.
/// anchor_and_adjust: max(0, F(1 review) + alpha (target - (on_hand - backlog) - beta pipeline)),
/// Sterman, Management Science 1989, equations 10 to 13. echelon_base_stock: level - (on_hand +
/// pipeline + downstream); min_max: up to S as soon as the position is at s or below;
/// reorder_quantity: the fewest lots of Q that bring a position at r or below above r.
double replenishment_quantity(const Replenishment& policy, const InventoryState& state,
                              const Forecast& forecast);

}  // namespace optichain::models::policy
