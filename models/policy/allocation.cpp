#include "models/policy/allocation.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

#include "models/policy/apportion.hpp"
#include "sim/base/check.hpp"

namespace optichain::models::policy {
namespace {

using Awards = std::vector<std::int64_t>;

std::int64_t sum_of(std::span<const Claimant> claims) {
  return std::accumulate(claims.begin(), claims.end(), std::int64_t{0},
                         [](std::int64_t sum, const Claimant& c) { return sum + c.pieces; });
}

/// Shares out what is left among claims with a weight, in proportion to it. Who is covered by its
/// part is given its claim in full; once nobody is, the parts are given.
std::int64_t give_by_weight(std::int64_t left, std::span<const Claimant> claims,
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
  const Awards parts = apportion(left, weights);
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const std::int64_t given = std::min(parts[i], claims[i].pieces - awards[i]);
    awards[i] += given;
    left -= given;
  }
  return left;
}

/// Gives in proportion to weights, nobody more than claimed; what is cut off goes to the others.
/// Claims without weight share, in proportion to what they ask, what the others leave.
Awards fill_by_weight(std::int64_t available, std::span<const Claimant> claims,
                      const std::function<double(const Claimant&)>& weight_of) {
  Awards awards(claims.size(), 0);
  std::vector<double> weights(claims.size(), 0);
  std::int64_t left = std::min(available, sum_of(claims));
  bool by_claim = false;
  while (left > 0) {
    for (std::size_t i = 0; i < claims.size(); ++i) {
      const std::int64_t open = claims[i].pieces - awards[i];
      weights[i] = open == 0 ? 0 : by_claim ? static_cast<double>(open) : weight_of(claims[i]);
    }
    const std::int64_t before = left;
    left = give_by_weight(left, claims, weights, awards);
    by_claim = left == before;  // nobody with a weight is left
  }
  return awards;
}

Awards proportional(std::int64_t available, std::span<const Claimant> claims) {
  return fill_by_weight(available, claims,
                        [](const Claimant& c) { return static_cast<double>(c.pieces); });
}

Awards uniform(std::int64_t available, std::span<const Claimant> claims) {
  return fill_by_weight(available, claims, [](const Claimant&) { return 1.0; });
}

/// What is lost is shared as `uniform` shares what there is.
Awards linear(std::int64_t available, std::span<const Claimant> claims) {
  Awards awards = uniform(sum_of(claims) - available, claims);
  for (std::size_t i = 0; i < awards.size(); ++i) awards[i] = claims[i].pieces - awards[i];
  return awards;
}

/// Uniform awards out of at most half of all claims, nobody more than half of its own. Counted in
/// half pieces, of which those that are left over make one for the earlier of two.
Awards uniform_of_halves(std::int64_t available, std::span<const Claimant> claims) {
  Awards awards = uniform(2 * available, claims);
  bool rounds_up = true;
  for (std::int64_t& award : awards) {
    const bool odd = award % 2 != 0;
    award /= 2;
    if (!odd) continue;
    award += rounds_up ? 1 : 0;
    rounds_up = !rounds_up;
  }
  return awards;
}

Awards talmud(std::int64_t available, std::span<const Claimant> claims) {
  const std::int64_t lost = sum_of(claims) - available;
  if (available <= lost) return uniform_of_halves(available, claims);
  Awards awards = uniform_of_halves(lost, claims);
  for (std::size_t i = 0; i < awards.size(); ++i) awards[i] = claims[i].pieces - awards[i];
  return awards;
}

/// Serves classes of equal key one after the other, each proportionally.
template <class Key>
Awards by_class(std::int64_t available, std::span<const Claimant> claims, Key key) {
  std::vector<std::size_t> order(claims.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return key(claims[a]) < key(claims[b]); });
  Awards awards(claims.size(), 0);
  for (std::size_t begin = 0; begin < order.size() && available > 0;) {
    std::size_t end = begin;
    std::vector<Claimant> members;
    while (end < order.size() && !(key(claims[order[begin]]) < key(claims[order[end]]))) {
      members.push_back(claims[order[end++]]);
    }
    const Awards parts = proportional(available, members);
    for (std::size_t i = begin; i < end; ++i) {
      awards[order[i]] = parts[i - begin];
      available -= parts[i - begin];
    }
    begin = end;
  }
  return awards;
}

}  // namespace

std::vector<std::int64_t> allocate(const AllocationPolicy& policy, std::int64_t available,
                                   std::span<const Claimant> claims) {
  OPTICHAIN_CHECK(available >= 0, "cannot allocate {} pieces", available);
  // The common case: enough for all, so that no policy has anything to decide.
  if (available >= sum_of(claims)) {
    Awards awards;
    for (const Claimant& c : claims) awards.push_back(c.pieces);
    return awards;
  }
  struct Visitor {
    std::int64_t available;
    std::span<const Claimant> claims;
    Awards operator()(const Proportional&) const { return proportional(available, claims); }
    Awards operator()(const Uniform&) const { return uniform(available, claims); }
    Awards operator()(const Linear&) const { return linear(available, claims); }
    Awards operator()(const Talmud&) const { return talmud(available, claims); }
    Awards operator()(const Priority&) const {
      return by_class(available, claims, [](const Claimant& c) { return c.rank; });
    }
    Awards operator()(const HighestPrice&) const {
      return by_class(available, claims, [](const Claimant& c) { return -c.premium; });
    }
    Awards operator()(const Historical&) const {
      return fill_by_weight(available, claims, [](const Claimant& c) { return c.history; });
    }
  };
  return std::visit(Visitor{available, claims}, policy);
}

}  // namespace optichain::models::policy
