#pragma once
// Half of each claim as `uniform` gives it, and the other half taken from as `linear` takes (Aumann
// and Maschler, Journal of Economic Theory 1985).

#include "models/policy/allocation/uniform.hpp"
#include "models/policy/apportion.hpp"

namespace optichain::models::policy {

struct Talmud {
  static constexpr std::string_view title = "Talmud", tag = "talmud",
                                    doc =
                                        "Equal awards up to half of each order; what goes beyond "
                                        "half of all orders, by equal losses (Aumann and Maschler "
                                        "1985).";
  static constexpr AllocationNeeds needs{};
  static constexpr Rewards rewards = Rewards::all;
  template <class V>
  void fields(V&) {}
  friend bool operator==(const Talmud&, const Talmud&) = default;

  Awards award(std::int64_t available, std::span<Claimant> claims) const {
    const std::int64_t lost = sum_of(claims) - available;
    if (available <= lost) return uniform_of_halves(available, claims);
    return claims_less(claims,
                       [&](std::span<Claimant> losers) { return uniform_of_halves(lost, losers); });
  }

 private:
  /// Uniform awards out of at most half of all claims, nobody more than half of its own. Counted in
  /// half pieces; of two who are left with half a piece, the one who is owed more gets a whole one.
  static Awards uniform_of_halves(std::int64_t available, std::span<Claimant> claims) {
    for (Claimant& claim : claims) claim.owed *= 2;
    Awards awards = Uniform{}.award(2 * available, claims);
    std::vector<std::size_t> halves;
    for (std::size_t i = 0; i < claims.size(); ++i) {
      claims[i].owed /= 2;
      if (awards[i] % 2 != 0) halves.push_back(i);
      awards[i] /= 2;
    }
    std::stable_sort(halves.begin(), halves.end(), [&](std::size_t a, std::size_t b) {
      return claims[a].lacks() > claims[b].lacks();
    });
    for (std::size_t h = 0; h < halves.size(); ++h) {
      const bool rounds_up = h < (halves.size() + 1) / 2;
      awards[halves[h]] += rounds_up ? 1 : 0;
      claims[halves[h]].owed = carried(claims[halves[h]].owed + (rounds_up ? -0.5 : 0.5));
    }
    return awards;
  }
};

}  // namespace optichain::models::policy
