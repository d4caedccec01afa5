#pragma once
// Half of each claim as `uniform` gives it, and the other half taken from as `linear` takes (Aumann
// and Maschler, Journal of Economic Theory 1985).

#include "models/policy/allocation/uniform.hpp"

namespace optichain::models::policy {

struct Talmud {
  static constexpr std::string_view title = "Talmud", tag = "talmud",
                                    doc =
                                        "Equal awards up to half of each order; what goes beyond "
                                        "half of all orders, by equal losses (Aumann and Maschler "
                                        "1985).";
  static constexpr AllocationNeeds needs{};
  template <class V>
  void fields(V&) {}
  friend bool operator==(const Talmud&, const Talmud&) = default;

  Awards award(std::int64_t available, std::span<const Claimant> claims) const {
    const std::int64_t lost = sum_of(claims) - available;
    if (available <= lost) return uniform_of_halves(available, claims);
    Awards awards = uniform_of_halves(lost, claims);
    for (std::size_t i = 0; i < awards.size(); ++i) awards[i] = claims[i].pieces - awards[i];
    return awards;
  }

 private:
  /// Uniform awards out of at most half of all claims, nobody more than half of its own. Counted in
  /// half pieces, of which those that are left over make one for the earlier of two.
  static Awards uniform_of_halves(std::int64_t available, std::span<const Claimant> claims) {
    Awards awards = Uniform{}.award(2 * available, claims);
    bool rounds_up = true;
    for (std::int64_t& award : awards) {
      const bool odd = award % 2 != 0;
      award /= 2;
      if (!odd) continue;
      award += rounds_up ? 1 : 0;
      rounds_up = !rounds_up;
    }
    return awards;
  }
};

}  // namespace optichain::models::policy
