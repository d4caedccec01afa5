#include "models/policy/layers.hpp"

#include <algorithm>
#include <cmath>

#include "sim/base/quantity.hpp"

namespace optichain::models::policy {

LayeredGrants share_in_layers(const SharingRule& rule, std::span<const Want> wants,
                              std::span<const ReservedStarts> reserved,
                              std::span<const Resource> resources, std::span<const Use> uses) {
  std::vector<Want> first(wants.begin(), wants.end());
  for (std::size_t w = 0; w < wants.size(); ++w) {
    // no more than the line can do, which may be far less than what an agreement says
    const double due = reserved[w].soft + reserved[w].hard - reserved[w].ahead;
    const double most = std::floor(std::max(0.0, due) + 1e-9);
    if (most >= static_cast<double>(wants[w].pieces)) continue;
    // a lot that is reserved in part goes first as a whole, and is ahead of what is reserved
    const std::int64_t lot = wants[w].lot;
    first[w].pieces = std::min(wants[w].pieces, (sim::to_whole(most) + lot - 1) / lot * lot);
  }
  LayeredGrants result;
  result.grants = share(rule, first, resources, uses);
  for (const Grant& grant : result.grants) result.first.push_back(grant.pieces);
  result.kept.assign(resources.size(), 0);

  std::vector<Resource> left(resources.begin(), resources.end());
  for (const Use& use : uses) {
    const auto granted = static_cast<double>(result.grants[use.want].pieces);
    left[use.resource].available -= use.per_piece * granted;
    if (!resources[use.resource].may_overrun) continue;
    const double unused = reserved[use.want].hard - reserved[use.want].ahead - granted;
    if (unused > 0) result.kept[use.resource] += use.per_piece * unused;
  }
  for (std::size_t r = 0; r < left.size(); ++r) {
    result.kept[r] = std::clamp(result.kept[r], 0.0, std::max(0.0, left[r].available));
    left[r].available -= result.kept[r];
  }

  std::vector<Want> second(wants.begin(), wants.end());
  for (std::size_t w = 0; w < wants.size(); ++w) second[w].pieces -= result.grants[w].pieces;
  const std::vector<Grant> rest = share(rule, second, left, uses);
  const std::vector<Grant> without = share(rule, wants, resources, uses);
  for (std::size_t w = 0; w < wants.size(); ++w) {
    result.grants[w] = {result.grants[w].pieces + rest[w].pieces, rest[w].bound_by,
                        result.grants[w].level + rest[w].level};
    result.given_away.push_back(
        std::max<std::int64_t>(0, without[w].pieces - result.grants[w].pieces));
  }
  return result;
}

}  // namespace optichain::models::policy
