#pragma once
// Claims on what is scarce, and the ways to share it out that several policies have in common.

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <string_view>
#include <vector>

#include "models/policy/needs.hpp"

namespace optichain::models::policy {

/// What a seller may be asked about a buyer.
enum class BuyerFact {
  name,
  premium,   // paid on top of the price
  shipments  // what it is shipped, as time goes by
};
using AllocationNeeds = Needs<BuyerFact>;

/// Whom a rule gives more to if they ask for more than they can get (Cachon and Lariviere 1999):
/// nobody; every buyer that has others beside it; or who has equals, by its standing.
enum class Rewards { nobody, all, equals };

/// A buyer as the seller describes it when they begin.
struct BuyerFacts {
  std::string_view name;
  double premium = 0;
  double tie = 0;  // who is first of those that stand alike (see drawn_tie)
};

/// One buyer's open orders, how it stands by the measure of the policy, and the part of a piece
/// that it had less than its share of scarce pieces before (less than 0: more), which awards carry
/// on.
struct Claimant {
  std::int64_t pieces = 0;
  double standing = 0;
  double owed = 0;
  double tie = 0;  // who is first of those owed the same

  /// By which those are compared who cannot all have a whole piece.
  double lacks() const { return owed + tie; }
};

/// In the order of the claims.
using Awards = std::vector<std::int64_t>;

std::int64_t sum_of(std::span<const Claimant> claims);

/// One round of fill_by_weight; returns what is left.
std::int64_t give_by_weight(std::int64_t left, std::span<Claimant> claims,
                            std::span<const double> weights, Awards& awards);

/// Gives in proportion to weights, nobody more than claimed; what is cut off goes to the others.
/// Claims without weight share, in proportion to what they ask, what the others leave.
template <class Weight>
Awards fill_by_weight(std::int64_t available, std::span<Claimant> claims, Weight weight_of) {
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

/// What is left of the claims after losses. Who is owed a part of a piece is to lose that less.
template <class Losses>
Awards claims_less(std::span<Claimant> claims, Losses losses_of) {
  const auto change_sides = [&] {
    for (Claimant& claim : claims) {
      claim.owed = -claim.owed;
      claim.tie = -claim.tie;
    }
  };
  change_sides();
  Awards awards = losses_of(claims);
  for (std::size_t i = 0; i < claims.size(); ++i) awards[i] = claims[i].pieces - awards[i];
  change_sides();
  return awards;
}

/// Serves classes of equal key one after the other, lowest first, each in proportion to its claims.
template <class Key>
Awards fill_by_class(std::int64_t available, std::span<Claimant> claims, Key key) {
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
    const Awards parts = fill_by_weight(
        available, members, [](const Claimant& c) { return static_cast<double>(c.pieces); });
    for (std::size_t i = begin; i < end; ++i) {
      awards[order[i]] = parts[i - begin];
      claims[order[i]].owed = members[i - begin].owed;
      available -= parts[i - begin];
    }
    begin = end;
  }
  return awards;
}

}  // namespace optichain::models::policy
