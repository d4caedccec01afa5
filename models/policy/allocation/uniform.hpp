#pragma once
// Constrained equal awards, under which nobody gains by asking for more.

#include "models/policy/allocation/claims.hpp"

namespace optichain::models::policy {

struct Uniform {
  static constexpr std::string_view title = "Uniform", tag = "uniform",
                                    doc = "Equal awards, nobody more than asked (max-min).";
  static constexpr AllocationNeeds needs{};
  static constexpr Rewards rewards = Rewards::nobody;
  template <class V>
  void fields(V&) {}
  friend bool operator==(const Uniform&, const Uniform&) = default;

  Awards award(std::int64_t available, std::span<Claimant> claims) const {
    return fill_by_weight(available, claims, [](const Claimant&) { return 1.0; });
  }
};

}  // namespace optichain::models::policy
