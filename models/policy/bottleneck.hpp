#pragma once
// What production really waits for. A pure function.

#include <span>
#include <vector>

#include "models/policy/sharing/wants.hpp"

namespace optichain::models::policy {

/// The bottleneck of each want: of all resources that it uses, the one that takes longest to
/// provide for everything that is wanted of it (Goldratt and Cox 1984), because without it the
/// others are no help. What happens to be used up at this review may be another resource, since
/// deliveries come in lots; it decides among equals. `weeks` says for each resource how long it
/// takes; of a want that uses nothing, Grant::none.
std::vector<std::size_t> find_bottlenecks(std::span<const Grant> plan, std::span<const Use> uses,
                                          std::span<const double> weeks);

}  // namespace optichain::models::policy
