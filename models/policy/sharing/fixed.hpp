#pragma once
// All wants together, at the speed of given weights.

#include <map>
#include <string>

#include "models/policy/sharing/division.hpp"
#include "sim/base/rule.hpp"

namespace optichain::models::policy {

struct ShareFixed {
  static constexpr std::string_view title = "Share fixed", tag = "fixed",
                                    doc =
                                        "Recipes fill up in the ratio of fixed shares; what one "
                                        "does not want goes to the others.";
  static constexpr SharingNeeds needs{RecipeFact::name};
  std::map<std::string, double> shares;
  template <class V>
  void fields(V& v) {
    v.required("shares", shares, sim::not_negative,
               "weight of each recipe; those not named take what the others leave");
  }
  friend bool operator==(const ShareFixed&, const ShareFixed&) = default;

  double weight_of(const std::string& recipe) const {
    const auto share = shares.find(recipe);
    return share == shares.end() ? 0 : share->second;
  }
  void divide(Division& division) const {
    division.fill([](const Want& want) { return want.weight; });
  }
};

}  // namespace optichain::models::policy
