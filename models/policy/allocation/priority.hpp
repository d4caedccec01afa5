#pragma once
// Ranked buyers, one after the other.

#include "models/policy/allocation/claims.hpp"
#include "sim/base/fields.hpp"

namespace optichain::models::policy {

struct Priority {
  static constexpr std::string_view title = "Priority", tag = "priority",
                                    doc =
                                        "Ranked buyers first, each in full; the others share what "
                                        "is left in proportion to their orders.";
  static constexpr AllocationNeeds needs{BuyerFact::name};
  static constexpr Rewards rewards = Rewards::equals;
  std::vector<sim::Name> buyers;
  template <class V>
  void fields(V& v) {
    v.required("buyers", buyers, "buyers from first to last");
  }
  friend bool operator==(const Priority&, const Priority&) = default;

  /// The rank: lower first.
  double standing(const BuyerFacts& buyer) const {
    const auto found = std::find_if(buyers.begin(), buyers.end(),
                                    [&](const sim::Name& b) { return b.text == buyer.name; });
    return static_cast<double>(found - buyers.begin());
  }
  Awards award(std::int64_t available, std::span<Claimant> claims) const {
    return fill_by_class(available, claims, [](const Claimant& c) { return c.standing; });
  }
};

}  // namespace optichain::models::policy
