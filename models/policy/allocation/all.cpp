#include "models/policy/allocation/all.hpp"

#include "sim/base/check.hpp"

namespace optichain::models::policy {

Awards award(const AllocationPolicy& policy, std::int64_t available, std::span<Claimant> claims) {
  OPTICHAIN_CHECK(available >= 0, "cannot allocate {} pieces", available);
  // The common case: enough for all, so that no policy has anything to decide.
  if (available >= sum_of(claims)) {
    Awards awards;
    awards.reserve(claims.size());
    for (const Claimant& c : claims) awards.push_back(c.pieces);
    return awards;
  }
  return std::visit([&](const auto& p) { return p.award(available, claims); }, policy);
}

Allocation::Allocation(const AllocationPolicy& policy, std::span<const BuyerFacts> buyers)
    : policy_(policy),
      watches_shipments_(needs(policy).has(BuyerFact::shipments)),
      standings_(buyers.size(), 0),
      owed_(buyers.size(), 0) {
  for (const BuyerFacts& buyer : buyers) ties_.push_back(buyer.tie);
  const auto begin = [&]<class Policy>(const Policy& p) {
    if constexpr (Policy::needs.has(BuyerFact::name) || Policy::needs.has(BuyerFact::premium)) {
      for (std::size_t b = 0; b < buyers.size(); ++b) standings_[b] = p.standing(buyers[b]);
    }
  };
  std::visit(begin, policy_);
}

bool Allocation::rewards_orders(std::size_t buyer) const {
  const Rewards rewards =
      std::visit([](const auto& p) { return std::decay_t<decltype(p)>::rewards; }, policy_);
  if (rewards == Rewards::nobody) return false;
  for (std::size_t other = 0; other < standings_.size(); ++other) {
    if (other == buyer) continue;
    if (rewards == Rewards::all || standings_[other] == standings_[buyer]) return true;
  }
  return false;
}

void Allocation::pass(double weeks) {
  const auto pass_by = [&]<class Policy>(const Policy& p) {
    if constexpr (Policy::needs.has(BuyerFact::shipments)) p.pass(weeks, standings_);
  };
  std::visit(pass_by, policy_);
}

void Allocation::add_shipped(std::size_t buyer, double pieces) {
  const auto note = [&]<class Policy>(const Policy& p) {
    if constexpr (Policy::needs.has(BuyerFact::shipments))
      p.note_shipped(pieces, standings_[buyer]);
  };
  std::visit(note, policy_);
}

}  // namespace optichain::models::policy
