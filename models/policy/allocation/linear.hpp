#pragma once
// Constrained equal losses: what is lost is shared as `uniform` shares what there is.

#include "models/policy/allocation/uniform.hpp"

namespace optichain::models::policy {

struct Linear {
  static constexpr std::string_view title = "Linear", tag = "linear",
                                    doc =
                                        "Equal losses, nobody less than nothing (constrained equal "
                                        "losses; Aumann and Maschler 1985).";
  static constexpr AllocationNeeds needs{};
  static constexpr Rewards rewards = Rewards::all;
  template <class V>
  void fields(V&) {}
  friend bool operator==(const Linear&, const Linear&) = default;

  Awards award(std::int64_t available, std::span<Claimant> claims) const {
    return claims_less(claims, [&](std::span<Claimant> losers) {
      return Uniform{}.award(sum_of(claims) - available, losers);
    });
  }
};

}  // namespace optichain::models::policy
