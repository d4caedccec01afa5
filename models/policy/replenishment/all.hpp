#pragma once
// How many pieces to start or to order: the list of policies. They are the rules of inventory
// theory on a position that is stock on hand and all that is on its way, less what is owed.
//
// A policy is a struct in a file of its own, with
//   title, tag, doc, fields()   what it is and how YAML gives it
//   needs                       what it must be told beyond stock, pipeline and backlog
//   quantity(state, forecast)   the rule; an order below 0 is none
//   misfit()                    if keys may be at odds with each other: whether they are
// A new one is a new file, its name here, and a case in tests/unit/policy_test.cpp.

#include <algorithm>
#include <variant>

#include "models/policy/replenishment/anchor_and_adjust.hpp"
#include "models/policy/replenishment/base_stock.hpp"
#include "models/policy/replenishment/echelon_base_stock.hpp"
#include "models/policy/replenishment/min_max.hpp"
#include "models/policy/replenishment/order_up_to.hpp"
#include "models/policy/replenishment/reorder_quantity.hpp"

namespace optichain::models::policy {

using Replenishment =
    std::variant<OrderUpTo, BaseStock, AnchorAndAdjust, EchelonBaseStock, MinMax, ReorderQuantity>;

/// The order in pieces, >= 0, not rounded. `told` are the facts that the state is filled with
/// wherever the policy needs them; it does not compile if some policy needs more.
template <ReplenishmentNeeds told>
double replenishment_quantity(const Replenishment& policy, const InventoryState& state,
                              const Forecast& forecast) {
  static_assert(are_told<Replenishment>(told), "a policy needs what is not told here");
  return std::max(0.0,
                  std::visit([&](const auto& p) { return p.quantity(state, forecast); }, policy));
}

/// Orders of the policy come in multiples of this.
inline Pieces lot_of(const Replenishment& policy) {
  return std::visit(
      [](const auto& p) {
        if constexpr (requires { p.lot(); }) return p.lot();
        return Pieces{1};
      },
      policy);
}

/// Keys that do not fit together, if there are.
inline std::optional<Misfit> misfit_of(const Replenishment& policy) {
  return std::visit(
      [](const auto& p) -> std::optional<Misfit> {
        if constexpr (requires { p.misfit(); }) return p.misfit();
        return {};
      },
      policy);
}

}  // namespace optichain::models::policy
