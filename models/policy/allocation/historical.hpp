#pragma once
// Turn-and-earn (Cachon and Lariviere, M&SOM 1999).

#include <cmath>

#include "models/policy/allocation/claims.hpp"
#include "sim/base/rule.hpp"

namespace optichain::models::policy {

struct Historical {
  static constexpr std::string_view title = "Historical", tag = "historical",
                                    doc =
                                        "Turn-and-earn: in proportion to what each buyer received "
                                        "in the recent past.";
  static constexpr AllocationNeeds needs{BuyerFact::shipments};
  static constexpr Rewards rewards = Rewards::nobody;
  double memory_weeks = 26;
  template <class V>
  void fields(V& v) {
    v.optional("memory_weeks", memory_weeks, sim::between(1, 520),
               "how far back sales count; older ones fade exponentially");
  }
  friend bool operator==(const Historical&, const Historical&) = default;

  /// The standing is what a buyer received in the recent past: it fades, and shipments add to it.
  void pass(double weeks, std::span<double> standings) const {
    const double fade = std::exp(-weeks / memory_weeks);
    for (double& pieces : standings) pieces *= fade;
  }
  void note_shipped(double pieces, double& standing) const { standing += pieces; }
  Awards award(std::int64_t available, std::span<Claimant> claims) const {
    return fill_by_weight(available, claims, [](const Claimant& c) { return c.standing; });
  }
};

}  // namespace optichain::models::policy
