#include "models/policy/allocation.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

#include "models/policy/apportion.hpp"
#include "sim/base/check.hpp"

namespace optichain::models {
namespace {

using Awards = std::vector<std::int64_t>;

std::int64_t sum_of(std::span<const Claim> claims) {
  return std::accumulate(claims.begin(), claims.end(), std::int64_t{0},
                         [](std::int64_t sum, const Claim& c) { return sum + c.pieces; });
}

/// Gives in proportion to weights, nobody more than claimed; what is cut off goes round again.
/// Claims without weight share, in proportion to what they ask, what the others leave.
Awards fill_by_weight(std::int64_t available, std::span<const Claim> claims,
                      const std::function<double(const Claim&)>& weight_of) {
  Awards awards(claims.size(), 0);
  std::int64_t left = std::min(available, sum_of(claims));
  bool by_claim = false;
  while (left > 0) {
    std::vector<double> weights(claims.size(), 0);
    for (std::size_t i = 0; i < claims.size(); ++i) {
      const std::int64_t open = claims[i].pieces - awards[i];
      if (open > 0) weights[i] = by_claim ? static_cast<double>(open) : weight_of(claims[i]);
    }
    const Awards parts = apportion(left, weights);
    std::int64_t given = 0;
    for (std::size_t i = 0; i < claims.size(); ++i) {
      const std::int64_t part = std::min(parts[i], claims[i].pieces - awards[i]);
      awards[i] += part;
      given += part;
    }
    left -= given;
    by_claim = given == 0;  // nobody with a weight is left
  }
  return awards;
}

Awards proportional(std::int64_t available, std::span<const Claim> claims) {
  return fill_by_weight(available, claims,
                        [](const Claim& c) { return static_cast<double>(c.pieces); });
}

Awards uniform(std::int64_t available, std::span<const Claim> claims) {
  return fill_by_weight(available, claims, [](const Claim&) { return 1.0; });
}

/// Serves classes of equal key one after the other, each proportionally.
template <class Key>
Awards by_class(std::int64_t available, std::span<const Claim> claims, Key key) {
  std::vector<std::size_t> order(claims.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return key(claims[a]) < key(claims[b]); });
  Awards awards(claims.size(), 0);
  for (std::size_t begin = 0; begin < order.size() && available > 0;) {
    std::size_t end = begin;
    std::vector<Claim> members;
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
                                   std::span<const Claim> claims) {
  OPTICHAIN_CHECK(available >= 0, "cannot allocate {} pieces", available);
  // The common case: enough for all, so that no policy has anything to decide.
  if (available >= sum_of(claims)) {
    Awards awards;
    for (const Claim& c : claims) awards.push_back(c.pieces);
    return awards;
  }
  struct Visitor {
    std::int64_t available;
    std::span<const Claim> claims;
    Awards operator()(const Proportional&) const { return proportional(available, claims); }
    Awards operator()(const Uniform&) const { return uniform(available, claims); }
    Awards operator()(const Priority&) const {
      return by_class(available, claims, [](const Claim& c) { return c.rank; });
    }
    Awards operator()(const HighestPrice&) const {
      return by_class(available, claims, [](const Claim& c) { return -c.premium; });
    }
    Awards operator()(const Historical&) const {
      return fill_by_weight(available, claims, [](const Claim& c) { return c.history; });
    }
  };
  return std::visit(Visitor{available, claims}, policy);
}

}  // namespace optichain::models
