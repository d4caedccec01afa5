#pragma once
// All wants together, each at the speed of what is wanted.

#include "models/policy/sharing/division.hpp"

namespace optichain::models::policy {

struct ShareProportionally {
  static constexpr std::string_view title = "Share proportionally", tag = "proportional",
                                    doc = "Every recipe gets the same part of what it wants.";
  static constexpr SharingNeeds needs{};
  template <class V>
  void fields(V&) {}
  friend bool operator==(const ShareProportionally&, const ShareProportionally&) = default;

  void divide(Division& division) const {
    division.fill([](const Want& want) { return static_cast<double>(want.pieces); });
  }
};

}  // namespace optichain::models::policy
