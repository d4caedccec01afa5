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
  template <class V>
  void fields(V&) {}
  friend bool operator==(const Linear&, const Linear&) = default;

  Awards award(std::int64_t available, std::span<const Claimant> claims) const {
    Awards awards = Uniform{}.award(sum_of(claims) - available, claims);
    for (std::size_t i = 0; i < awards.size(); ++i) awards[i] = claims[i].pieces - awards[i];
    return awards;
  }
};

}  // namespace optichain::models::policy
