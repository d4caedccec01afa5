#pragma once
// Sharing in layers: what is reserved for agreements first, then the rest by the site's rule.

#include "models/policy/sharing/all.hpp"

namespace optichain::models::policy {

/// Starts of a recipe that agreements come first with.
struct ReservedStarts {
  double soft = 0;   // released to others as far as the recipe does not want them
  double hard = 0;   // kept free even if it does not
  double ahead = 0;  // of these, started before: lots go first as a whole
};

struct LayeredGrants {
  std::vector<Grant> grants;
  std::vector<std::int64_t> first;       // of each want: of these, what went first
  std::vector<double> kept;              // of each resource: reserved, not used, and lost to others
  std::vector<std::int64_t> given_away;  // of each want: what it would have without reservations
                                         // beyond what it has
};

/// Shares `resources` among wants, the reserved part of each want (up to what is wanted) before
/// all others. Hard reservations keep lines from others (resources that may overrun: what is not
/// used there is lost), but not inputs. Requires one entry of `reserved` per want.
LayeredGrants share_in_layers(const SharingRule& rule, std::span<const Want> wants,
                              std::span<const ReservedStarts> reserved,
                              std::span<const Resource> resources, std::span<const Use> uses);

}  // namespace optichain::models::policy
