#include "models/policy/allocation/claims.hpp"

#include "models/policy/apportion.hpp"

namespace optichain::models::policy {

std::int64_t sum_of(std::span<const Claimant> claims) {
  return std::accumulate(claims.begin(), claims.end(), std::int64_t{0},
                         [](std::int64_t sum, const Claimant& c) { return sum + c.pieces; });
}

/// Shares out what is left among claims with a weight, in proportion to it. Who is covered by its
/// part is given its claim in full; once nobody is, the parts are given.
std::int64_t give_by_weight(std::int64_t left, std::span<Claimant> claims,
                            std::span<const double> weights, Awards& awards) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (!(sum > 0)) return left;
  const double part = static_cast<double>(left) / sum;
  const std::int64_t before = left;
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const std::int64_t open = claims[i].pieces - awards[i];
    if (weights[i] <= 0 || static_cast<double>(open) > part * weights[i]) continue;
    const std::int64_t given = std::min(left, open);
    awards[i] += given;
    left -= given;
  }
  if (left < before) return left;
  static thread_local std::vector<double> owed, ties;  // kept for their memory
  owed.clear();
  ties.clear();
  for (const Claimant& claim : claims) {
    owed.push_back(claim.owed);
    ties.push_back(claim.tie);
  }
  const Awards parts = apportion(left, weights, owed, ties);
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const std::int64_t open = claims[i].pieces - awards[i];
    const std::int64_t given = std::min(parts[i], open);
    awards[i] += given;
    left -= given;
    // who has all that it asked for is owed nothing
    claims[i].owed = given < open ? owed[i] : std::min(owed[i], 0.0);
  }
  return left;
}

}  // namespace optichain::models::policy
