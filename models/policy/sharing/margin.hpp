#pragma once
// One want after the other.

#include <limits>
#include <numeric>

#include "models/policy/sharing/division.hpp"

namespace optichain::models::policy {

struct ShareByMargin {
  static constexpr std::string_view title = "Share by margin", tag = "margin",
                                    doc =
                                        "The recipe with the highest margin per unit of the "
                                        "scarcest resource first.";
  static constexpr SharingNeeds needs{RecipeFact::margin};
  template <class V>
  void fields(V&) {}
  friend bool operator==(const ShareByMargin&, const ShareByMargin&) = default;

  /// Who does not need the scarcest resource goes before all.
  void divide(Division& division) const {
    const auto wants = division.wants();
    std::vector<double> need(wants.size(), 0);
    for (const Use& u : division.uses()) {
      if (u.resource == division.scarcest()) need[u.want] += u.per_piece;
    }
    std::vector<double> value(wants.size());
    for (std::size_t i = 0; i < wants.size(); ++i) {
      value[i] =
          need[i] > 0 ? wants[i].margin_usd / need[i] : std::numeric_limits<double>::infinity();
    }
    std::vector<std::size_t> order(wants.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return value[a] > value[b]; });
    division.serve_in_order(order);
  }
};

}  // namespace optichain::models::policy
