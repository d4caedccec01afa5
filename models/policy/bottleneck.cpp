#include "models/policy/bottleneck.hpp"

namespace optichain::models::policy {

std::vector<std::size_t> find_bottlenecks(std::span<const Grant> plan, std::span<const Use> uses,
                                          std::span<const double> weeks) {
  std::vector<std::size_t> bottlenecks(plan.size(), Grant::none);
  for (const Use& use : uses) {
    std::size_t& longest = bottlenecks[use.want];
    const bool is_cut = use.resource == plan[use.want].bound_by;
    if (longest == Grant::none || weeks[use.resource] > weeks[longest] ||
        (weeks[use.resource] == weeks[longest] && is_cut)) {
      longest = use.resource;
    }
  }
  return bottlenecks;
}

}  // namespace optichain::models::policy
