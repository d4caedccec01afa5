#pragma once
// Which recipe gets how much of the lines and inputs that several recipes want: the list of rules.
//
// A rule is a struct in a file of its own, with
//   title, tag, doc, fields()   what it is and how YAML gives it
//   needs                       what it must be told about recipes
//   divide(division)            the rule, where something is short that several want
//   weight_of(recipe)           if it needs names: the weight of the recipe's want
// A new one is a new file, its name here, and a case in tests/unit/policy_test.cpp.

#include <string>
#include <variant>

#include "models/policy/sharing/fixed.hpp"
#include "models/policy/sharing/margin.hpp"
#include "models/policy/sharing/proportional.hpp"

namespace optichain::models::policy {

using SharingRule = std::variant<ShareProportionally, ShareByMargin, ShareFixed>;

/// Grants in the order of the wants, in whole lots, nobody more than wanted, no resource overdrawn
/// (except by less than a piece, or a lot, where it may overrun).
std::vector<Grant> share(const SharingRule& rule, std::span<const Want> wants,
                         std::span<const Resource> resources, std::span<const Use> uses);

/// The weight that a rule gives a recipe of the site; 0 where it looks at no names.
double weight_of(const SharingRule& rule, const std::string& recipe);

}  // namespace optichain::models::policy
