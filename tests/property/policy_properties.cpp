// Properties that every policy has on any input.
#include <cmath>
#include <numeric>

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "models/policy/allocation.hpp"
#include "models/policy/apportion.hpp"
#include "models/policy/sharing.hpp"

namespace optichain::models {
namespace {

std::int64_t sum(const std::vector<std::int64_t>& v) {
  return std::accumulate(v.begin(), v.end(), std::int64_t{0});
}

std::vector<Claim> any_claims() {
  std::vector<Claim> claims;
  const int count = *rc::gen::inRange(1, 8);
  for (int i = 0; i < count; ++i) {
    claims.push_back({*rc::gen::inRange<std::int64_t>(0, 2000),
                      static_cast<double>(*rc::gen::inRange(0, 50)), 0.1 * *rc::gen::inRange(0, 4),
                      *rc::gen::inRange(0, 3)});
  }
  return claims;
}

AllocationPolicy any_policy() {
  switch (*rc::gen::inRange(0, 5)) {
    case 0:
      return Proportional{};
    case 1:
      return Priority{};
    case 2:
      return Uniform{};
    case 3:
      return Historical{};
    default:
      return HighestPrice{};
  }
}

TEST_CASE(
    "Allocation: nothing over-allocated, nothing left while a claim is open, nobody more than "
    "asked") {
  CHECK(rc::check([] {
    const auto claims = any_claims();
    const auto available = *rc::gen::inRange<std::int64_t>(0, 6000);
    const auto awards = allocate(any_policy(), available, claims);
    std::int64_t asked = 0;
    for (std::size_t i = 0; i < claims.size(); ++i) {
      RC_ASSERT(awards[i] >= 0);
      RC_ASSERT(awards[i] <= claims[i].pieces);
      asked += claims[i].pieces;
    }
    RC_ASSERT(sum(awards) == std::min(available, asked));
  }));
}

TEST_CASE(
    "Allocation: under uniform nobody gains by asking for more, under proportional somebody does") {
  CHECK(rc::check([] {
    auto claims = any_claims();
    const auto available = *rc::gen::inRange<std::int64_t>(0, 6000);
    const auto honest = allocate(Uniform{}, available, claims);
    const auto who =
        static_cast<std::size_t>(*rc::gen::inRange<int>(0, static_cast<int>(claims.size())));
    const std::int64_t need = claims[who].pieces;
    claims[who].pieces += *rc::gen::inRange<std::int64_t>(0, 2000);
    const auto inflated = allocate(Uniform{}, available, claims);
    // what counts for the buyer is what it can use; a piece may move by rounding
    RC_ASSERT(std::min(inflated[who], need) <= honest[who] + 1);
  }));
  const std::vector<Claim> honest = {{100, 0, 0, 0}, {100, 0, 0, 0}};
  const std::vector<Claim> inflated = {{300, 0, 0, 0}, {100, 0, 0, 0}};
  CHECK(allocate(Proportional{}, 100, inflated)[0] > allocate(Proportional{}, 100, honest)[0]);
}

TEST_CASE("Allocation: more supply never gives anybody less, up to the rounding of a piece") {
  CHECK(rc::check([] {
    const auto claims = any_claims();
    const auto policy = any_policy();
    const auto available = *rc::gen::inRange<std::int64_t>(0, 6000);
    const auto more = available + *rc::gen::inRange<std::int64_t>(0, 500);
    const auto a = allocate(policy, available, claims);
    const auto b = allocate(policy, more, claims);
    const auto rounding = static_cast<std::int64_t>(claims.size());
    for (std::size_t i = 0; i < a.size(); ++i) RC_ASSERT(b[i] + rounding >= a[i]);
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

SharingRule any_rule() {
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      return ShareProportionally{};
    case 1:
      return ShareByMargin{};
    default:
      return ShareFixed{};
  }
}

TEST_CASE("Sharing: no resource overdrawn, nobody more than wanted, and a cut is named and tight") {
  CHECK(rc::check([] {
    std::vector<Want> wants;
    std::vector<Resource> resources;
    std::vector<Use> uses;
    const int n = *rc::gen::inRange(1, 6), m = *rc::gen::inRange(1, 5);
    for (int r = 0; r < m; ++r) {
      resources.push_back({*rc::gen::inRange(0, 5000) / 3.0, *rc::gen::inRange(0, 2) == 1});
    }
    for (int i = 0; i < n; ++i) {
      wants.push_back({*rc::gen::inRange<std::int64_t>(0, 1000), 1.0 * *rc::gen::inRange(-5, 20),
                       1.0 * *rc::gen::inRange(0, 4)});
      for (int r = 0; r < m; ++r) {
        if (*rc::gen::inRange(0, 2) == 0) continue;
        uses.push_back({static_cast<std::size_t>(i), static_cast<std::size_t>(r),
                        *rc::gen::inRange(1, 30) / 4.0});
      }
    }
    const auto grants = share(any_rule(), wants, resources, uses);
    std::vector<double> used(resources.size(), 0), largest(resources.size(), 0);
    for (const Use& u : uses) {
      used[u.resource] += u.per_piece * static_cast<double>(grants[u.want].pieces);
      largest[u.resource] = std::max(largest[u.resource], u.per_piece);
    }
    for (std::size_t r = 0; r < resources.size(); ++r) {
      const double slack = resources[r].may_overrun ? largest[r] : 0;
      RC_ASSERT(used[r] <= resources[r].available + slack + 1e-6);
    }
    for (std::size_t i = 0; i < wants.size(); ++i) {
      RC_ASSERT(grants[i].pieces >= 0);
      RC_ASSERT(grants[i].pieces <= wants[i].pieces);
      const bool cut = grants[i].pieces < wants[i].pieces;
      RC_ASSERT(cut == (grants[i].bound_by != Grant::none));
      if (!cut) continue;
      // some resource that the want needs has no room for a whole further piece of everybody
      bool tight = false;
      for (const Use& u : uses) {
        if (u.want != i) continue;
        const double left = resources[u.resource].available - used[u.resource];
        tight = tight || left < static_cast<double>(wants.size()) * largest[u.resource];
      }
      RC_ASSERT(tight);
    }
  }));
}

}  // namespace
}  // namespace optichain::models
