#pragma once
// Who pays most goes first.

#include "models/policy/allocation/claims.hpp"

namespace optichain::models::policy {

struct HighestPrice {
  static constexpr std::string_view title = "Highest price", tag = "highest_price",
                                    doc =
                                        "Buyers with the highest premium first; equals share in "
                                        "proportion to their orders.";
  static constexpr AllocationNeeds needs{BuyerFact::premium};
  static constexpr Rewards rewards = Rewards::equals;
  template <class V>
  void fields(V&) {}
  friend bool operator==(const HighestPrice&, const HighestPrice&) = default;

  /// The premium.
  double standing(const BuyerFacts& buyer) const { return buyer.premium; }
  Awards award(std::int64_t available, std::span<Claimant> claims) const {
    return fill_by_class(available, claims, [](const Claimant& c) { return -c.standing; });
  }
};

}  // namespace optichain::models::policy
