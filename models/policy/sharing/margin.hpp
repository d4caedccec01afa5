#pragma once
// One want after the other, and those of equal margin together.

#include <cmath>
#include <limits>
#include <numeric>

#include "models/policy/sharing/division.hpp"

namespace optichain::models::policy {

struct ShareByMargin {
  static constexpr std::string_view title = "Share by margin", tag = "margin",
                                    doc =
                                        "The recipe with the highest margin per unit of the "
                                        "scarcest resource first; those with the same margin get "
                                        "the same part of what they want.";
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
    const auto are_equal = [&](std::size_t a, std::size_t b) {
      return value[a] == value[b] ||
             std::abs(value[a] - value[b]) <= 1e-9 * std::abs(value[a]);  // rounding
    };
    for (std::size_t from = 0, to = 0; from < order.size(); from = to) {
      while (to < order.size() && are_equal(order[from], order[to])) ++to;
      const auto equals = std::span(order).subspan(from, to - from);
      if (equals.size() == 1) {
        division.serve_in_order(equals);
      } else {
        division.fill(equals, [](const Want& want) { return static_cast<double>(want.pieces); });
      }
    }
  }
};

}  // namespace optichain::models::policy
