// Properties that every policy has on any input.
#include <cmath>
#include <numeric>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "models/policy/allocation/all.hpp"
#include "models/policy/apportion.hpp"
#include "models/policy/replenishment/all.hpp"
#include "models/policy/sharing/all.hpp"
#include "tests/property/each_policy.hpp"

namespace optichain::models::policy {
namespace {

std::int64_t sum(const std::vector<std::int64_t>& v) {
  return std::accumulate(v.begin(), v.end(), std::int64_t{0});
}

std::vector<Claimant> any_claims() {
  std::vector<Claimant> claims;
  const int count = *rc::gen::inRange(1, 8);
  for (int i = 0; i < count; ++i) {
    // some stand alike
    claims.push_back({*rc::gen::inRange<std::int64_t>(0, 2000), 0.1 * *rc::gen::inRange(0, 6)});
  }
  return claims;
}

/// Holds for each policy of a list in turn, so that none is left to luck.
template <class List, class Property>
void check_each_of(Property property) {
  for (const List& policy : one_of_each<List>()) {
    CAPTURE(tag_of(policy));
    CHECK(rc::check([&] { property(policy); }));
  }
}
template <class Property>
void check_each(Property property) {
  check_each_of<AllocationPolicy>(property);
}

std::int64_t asked(const std::vector<Claimant>& claims) {
  return std::accumulate(claims.begin(), claims.end(), std::int64_t{0},
                         [](std::int64_t total, const Claimant& c) { return total + c.pieces; });
}
std::int64_t any_supply(const std::vector<Claimant>& claims) {
  return *rc::gen::inRange<std::int64_t>(0, asked(claims) + 2);
}

TEST_CASE(
    "Apportionment with a memory: nobody ever has much more than a piece too much or too little") {
  CHECK(rc::check([] {
    const auto parties = *rc::gen::inRange<std::size_t>(2, 8);
    std::vector<double> weights, owed(parties, 0), exact(parties, 0);
    for (std::size_t i = 0; i < parties; ++i) weights.push_back(*rc::gen::inRange(1, 1000));
    std::vector<std::int64_t> given(parties, 0);
    for (int split = 0; split < 50; ++split) {
      const auto total = *rc::gen::inRange<std::int64_t>(0, 8);
      const auto parts = apportion(total, weights, owed);
      RC_ASSERT(sum(parts) == total);
      for (std::size_t i = 0; i < parties; ++i) {
        given[i] += parts[i];
        exact[i] += static_cast<double>(total) * weights[i] /
                    std::accumulate(weights.begin(), weights.end(), 0.0);
        const double most = parties <= 3 ? 1 : 1.25;
        RC_ASSERT(std::abs(static_cast<double>(given[i]) - exact[i]) < most);
      }
    }
  }));
}

TEST_CASE(
    "Allocation: nothing over-allocated, nothing left while a claim is open, nobody more than "
    "asked") {
  check_each([](const AllocationPolicy& policy) {
    const auto claims = any_claims();
    const auto available = *rc::gen::inRange<std::int64_t>(0, 6000);
    const auto awards = allocate(policy, available, claims);
    for (std::size_t i = 0; i < claims.size(); ++i) {
      RC_ASSERT(awards[i] >= 0);
      RC_ASSERT(awards[i] <= claims[i].pieces);
    }
    RC_ASSERT(sum(awards) == std::min(available, asked(claims)));
  });
}

TEST_CASE("Allocation: claims beyond counting in floating point are still allocated to the piece") {
  check_each([](const AllocationPolicy& policy) {
    auto claims = any_claims();
    for (Claimant& c : claims) c.pieces *= *rc::gen::inRange<std::int64_t>(0, 500'000'000'000'000);
    const auto available = *rc::gen::inRange<std::int64_t>(0, asked(claims) + 2);
    const auto awards = allocate(policy, available, claims);
    for (std::size_t i = 0; i < claims.size(); ++i) {
      RC_ASSERT(awards[i] >= 0 && awards[i] <= claims[i].pieces);
    }
    RC_ASSERT(sum(awards) == std::min(available, asked(claims)));
  });
}

TEST_CASE("Allocation: the order of the claims decides no more than who of equals gets a piece") {
  check_each([](const AllocationPolicy& policy) {
    const auto claims = any_claims();
    const auto available = any_supply(claims);
    std::vector<std::size_t> order(claims.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = order.size(); i > 1; --i) {
      std::swap(order[i - 1], order[*rc::gen::inRange<std::size_t>(0, i)]);
    }
    std::vector<Claimant> permuted;
    for (const std::size_t i : order) permuted.push_back(claims[i]);
    const auto awards = allocate(policy, available, claims);
    const auto other = allocate(policy, available, permuted);
    for (std::size_t i = 0; i < order.size(); ++i) {
      RC_ASSERT(std::abs(other[i] - awards[order[i]]) <= 1);
    }
  });
}

TEST_CASE("Allocation: more supply never gives anybody less, up to the rounding of a piece") {
  check_each([](const AllocationPolicy& policy) {
    const auto claims = any_claims();
    const auto available = any_supply(claims);
    const auto a = allocate(policy, available, claims);
    const auto b = allocate(policy, available + *rc::gen::inRange<std::int64_t>(0, 500), claims);
    for (std::size_t i = 0; i < a.size(); ++i) RC_ASSERT(b[i] + 1 >= a[i]);
  });
}

TEST_CASE("Allocation: under uniform nobody gains by asking for more") {
  CHECK(rc::check([] {
    auto claims = any_claims();
    const auto available = any_supply(claims);
    const auto honest = allocate(Uniform{}, available, claims);
    const auto who = *rc::gen::inRange<std::size_t>(0, claims.size());
    const std::int64_t need = claims[who].pieces;
    claims[who].pieces += *rc::gen::inRange<std::int64_t>(0, 2000);
    // what counts for the buyer is what it can use
    RC_ASSERT(std::min(allocate(Uniform{}, available, claims)[who], need) <= honest[who]);
  }));
}

TEST_CASE("Allocation: under proportional, linear and Talmud somebody gains by asking for more") {
  // two who need 100 each, of whom the first asks for 300
  const std::vector<Claimant> honest = {{100, 0}, {100, 0}};
  const std::vector<Claimant> inflated = {{300, 0}, {100, 0}};
  CHECK(allocate(Proportional{}, 100, honest)[0] == 50);
  CHECK(allocate(Proportional{}, 100, inflated)[0] == 75);
  CHECK(allocate(Linear{}, 100, inflated)[0] == 100);
  CHECK(allocate(Talmud{}, 110, honest)[0] == 55);
  CHECK(allocate(Talmud{}, 110, inflated)[0] == 60);
  CHECK(allocate(Uniform{}, 100, inflated)[0] == 50);
}

TEST_CASE("Allocation: equal awards and equal losses are duals, Talmud is its own") {
  CHECK(rc::check([] {
    const auto claims = any_claims();
    const auto available = *rc::gen::inRange<std::int64_t>(0, asked(claims) + 1);
    const auto lost = asked(claims) - available;
    const auto linear = allocate(Linear{}, available, claims);
    const auto uniform = allocate(Uniform{}, lost, claims);
    const auto talmud = allocate(Talmud{}, available, claims);
    const auto dual = allocate(Talmud{}, lost, claims);
    for (std::size_t i = 0; i < claims.size(); ++i) {
      RC_ASSERT(linear[i] + uniform[i] == claims[i].pieces);
      RC_ASSERT(std::abs(talmud[i] + dual[i] - claims[i].pieces) <= 1);
    }
  }));
}

TEST_CASE("Allocation: Talmud treats every two claimants as the contested garment does") {
  // Aumann and Maschler 1985: what two of them get together is shared between them so that each
  // concedes what the other alone could not claim, and what is contested is halved.
  CHECK(rc::check([] {
    const auto claims = any_claims();
    const auto available = *rc::gen::inRange<std::int64_t>(0, asked(claims) + 1);
    const auto awards = allocate(Talmud{}, available, claims);
    for (std::size_t i = 0; i < claims.size(); ++i) {
      for (std::size_t j = i + 1; j < claims.size(); ++j) {
        const std::int64_t both = awards[i] + awards[j];
        const std::int64_t to_i = std::max<std::int64_t>(0, both - claims[j].pieces);
        const std::int64_t to_j = std::max<std::int64_t>(0, both - claims[i].pieces);
        const double fair =
            static_cast<double>(to_i) + 0.5 * static_cast<double>(both - to_i - to_j);
        RC_ASSERT(std::fabs(static_cast<double>(awards[i]) - fair) <= 1.5);
      }
    }
  }));
}

TEST_CASE("Apportion: whole parts that sum to the total, each within one of its exact share") {
  CHECK(rc::check([] {
    std::vector<double> weights;
    const int count = *rc::gen::inRange(1, 10);
    for (int i = 0; i < count; ++i) weights.push_back(*rc::gen::inRange(0, 1000) / 7.0);
    const auto total = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000);
    const double all = std::accumulate(weights.begin(), weights.end(), 0.0);
    const auto parts = apportion(total, weights);
    RC_ASSERT(sum(parts) == (all > 0 ? total : 0));
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const double exact = all > 0 ? static_cast<double>(total) * weights[i] / all : 0;
      RC_ASSERT(std::fabs(static_cast<double>(parts[i]) - exact) < 1.0 + 1e-6);
    }
  }));
}

TEST_CASE("Apportion: nobody has more than it can, and over many splits nobody is forgotten") {
  // the first is owed a piece and lacks two thirds of one now, and can have no more than one
  std::vector<double> owed_one{1, -0.5, -0.5};
  const std::vector<std::int64_t> one_each{1, 1, 1};
  CHECK(apportion_within(2, one_each, owed_one, std::vector<double>{0, 0, 1e-7}) ==
        std::vector<std::int64_t>{1, 0, 1});
  CHECK(rc::check([] {
    const auto count = static_cast<std::size_t>(*rc::gen::inRange(1, 6));
    std::vector<double> owed(count, 0), ties;
    for (std::size_t i = 0; i < count; ++i) ties.push_back(1e-6 * *rc::gen::inRange(0, 1000));
    for (int round = 0; round < 30; ++round) {
      std::vector<std::int64_t> most;
      for (std::size_t i = 0; i < count; ++i) {
        most.push_back(*rc::gen::inRange<std::int64_t>(0, 4));
      }
      const auto total = *rc::gen::inRange<std::int64_t>(0, sum(most) + 1);
      const auto parts = apportion_within(total, most, owed, ties);
      RC_ASSERT(sum(parts) == total);
      for (std::size_t i = 0; i < count; ++i) {
        RC_ASSERT(parts[i] >= 0);
        RC_ASSERT(parts[i] <= most[i]);
        RC_ASSERT(std::fabs(owed[i]) <= 1);
      }
    }
    // one of as many as there are, over and over: within two pieces of the same for all
    const std::vector<std::int64_t> same(count, 1);
    std::vector<std::int64_t> had(count, 0);
    for (std::size_t round = 0; round < 20 * count; ++round) {
      const auto parts = apportion_within(1, same, owed, ties);
      for (std::size_t i = 0; i < count; ++i) had[i] += parts[i];
    }
    for (const std::int64_t pieces : had) RC_ASSERT(std::abs(pieces - 20) <= 2);
  }));
}

TEST_CASE("Allocation: policies look at nothing that they do not declare") {
  check_each([](const AllocationPolicy& policy) {
    const auto declared = [&](BuyerFact fact) { return needs(policy).has(fact); };
    const std::vector<BuyerFacts> buyers = {{"a", 0.1}, {"b", 0.3}, {"c", 0}};
    std::vector<BuyerFacts> others = buyers;
    for (BuyerFacts& buyer : others) {
      if (!declared(BuyerFact::name)) buyer.name = "x";
      if (!declared(BuyerFact::premium)) buyer.premium = 0.1 * *rc::gen::inRange(0, 6);
    }
    Allocation one(policy, buyers), other(policy, others);
    for (std::size_t b = 0; b < buyers.size(); ++b) {
      one.note_shipped(b, 10);
      other.note_shipped(b, declared(BuyerFact::shipments) ? 10 : *rc::gen::inRange(0, 100));
      CHECK(one.claim(b, 1).standing == other.claim(b, 1).standing);
    }
  });
}

TEST_CASE("Replenishment: policies look at nothing that they do not declare, and order >= 0") {
  check_each_of<Replenishment>([](const Replenishment& policy) {
    const auto any = [] { return 1.0 * *rc::gen::inRange(0, 500); };
    const auto declared = [&](StockFact fact) { return needs(policy).has(fact); };
    const InventoryState one{any(), any(), any(), any(), any(), any()};
    InventoryState other = one;
    if (!declared(StockFact::lead_time)) other.lead_weeks = any();
    if (!declared(StockFact::review_period)) other.review_weeks = any();
    if (!declared(StockFact::downstream)) other.downstream = any();
    const double rate = any();
    const Forecast forecast(ConstantForecast{}, rate);
    const Forecast changed(ConstantForecast{}, declared(StockFact::forecast) ? rate : any());
    constexpr ReplenishmentNeeds all{StockFact::forecast, StockFact::lead_time,
                                     StockFact::review_period, StockFact::reviews_only,
                                     StockFact::downstream};
    const double quantity = replenishment_quantity<all>(policy, one, forecast);
    RC_ASSERT(quantity >= 0);
    RC_ASSERT(quantity == replenishment_quantity<all>(policy, other, changed));
  });
}

TEST_CASE("Sharing: no resource overdrawn, nobody more than wanted, and a cut is named and tight") {
  check_each_of<SharingRule>([](const SharingRule& rule) {
    std::vector<Want> wants;
    std::vector<Resource> resources;
    std::vector<Use> uses;
    const int n = *rc::gen::inRange(1, 6), m = *rc::gen::inRange(1, 5);
    for (int r = 0; r < m; ++r) {
      resources.push_back({*rc::gen::inRange(0, 5000) / 3.0, *rc::gen::inRange(0, 2) == 1,
                           *rc::gen::inRange(0, 4) == 0});
    }
    for (int i = 0; i < n; ++i) {
      wants.push_back({*rc::gen::inRange<std::int64_t>(0, 1000), 1.0 * *rc::gen::inRange(-5, 20),
                       1.0 * *rc::gen::inRange(0, 4)});
      if (*rc::gen::inRange(0, 2) == 0) {
        wants.back().lot = *rc::gen::inRange<std::int64_t>(1, 100);
        wants.back().pieces -= wants.back().pieces % wants.back().lot;
      }
      for (int r = 0; r < m; ++r) {
        if (*rc::gen::inRange(0, 2) == 0) continue;
        uses.push_back({static_cast<std::size_t>(i), static_cast<std::size_t>(r),
                        *rc::gen::inRange(1, 30) / 4.0});
      }
    }
    const auto grants = share(rule, wants, resources, uses);
    std::vector<double> used(resources.size(), 0), largest(resources.size(), 0);
    for (const Use& u : uses) {
      used[u.resource] += u.per_piece * static_cast<double>(grants[u.want].pieces);
      const double lot = u.per_piece * static_cast<double>(wants[u.want].lot);
      largest[u.resource] = std::max(largest[u.resource], lot);
    }
    for (std::size_t r = 0; r < resources.size(); ++r) {
      const bool overruns = resources[r].may_overrun && !resources[r].holds_whole;
      const double slack = overruns ? largest[r] : 0;
      RC_ASSERT(used[r] <= resources[r].available + slack + 1e-6);
    }
    for (std::size_t i = 0; i < wants.size(); ++i) {
      RC_ASSERT(grants[i].pieces >= 0);
      RC_ASSERT(grants[i].pieces <= wants[i].pieces);
      RC_ASSERT(grants[i].pieces % wants[i].lot == 0);
      const bool cut = grants[i].pieces < wants[i].pieces;
      RC_ASSERT(cut == (grants[i].bound_by != Grant::none));
      if (!cut) continue;
      // some resource that the want needs has no room for a whole further lot of everybody
      bool tight = false;
      for (const Use& u : uses) {
        if (u.want != i) continue;
        const double left = resources[u.resource].available - used[u.resource];
        tight = tight || left < static_cast<double>(wants.size()) * largest[u.resource];
      }
      RC_ASSERT(tight);
    }
  });
}

}  // namespace
}  // namespace optichain::models::policy
