#pragma once
// In proportion to orders: buyers gain by asking for more (Cachon and Lariviere, Management Science
// 1999).

#include "models/policy/allocation/claims.hpp"

namespace optichain::models::policy {

struct Proportional {
  static constexpr std::string_view title = "Proportional", tag = "proportional",
                                    doc = "In proportion to open orders.";
  static constexpr AllocationNeeds needs{};
  static constexpr Rewards rewards = Rewards::all;
  template <class V>
  void fields(V&) {}
  friend bool operator==(const Proportional&, const Proportional&) = default;

  Awards award(std::int64_t available, std::span<Claimant> claims) const {
    return fill_by_weight(available, claims,
                          [](const Claimant& c) { return static_cast<double>(c.pieces); });
  }
};

}  // namespace optichain::models::policy
