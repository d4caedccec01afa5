// What random worlds are made of.
#include "tests/property/random_world.hpp"

#include <map>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "models/policy/allocation/all.hpp"
#include "models/policy/forecast/all.hpp"
#include "models/policy/replenishment/all.hpp"
#include "models/policy/sharing/all.hpp"
#include "tests/property/each_policy.hpp"

namespace optichain::models {
namespace {

/// The words that choose a policy, by the key that it is chosen for.
using Chosen = std::map<std::string, std::set<std::string>>;

void add_chosen(const sim::Node& node, Chosen& chosen) {
  for (const sim::Node& item : node.items()) add_chosen(item, chosen);
  for (const auto& entry : node.entries()) {
    const sim::Node& value = entry.value;
    if (value.is_scalar()) chosen[entry.key].insert(value.text());
    if (value.entries().size() == 1) chosen[entry.key].insert(value.entries().front().key);
    add_chosen(value, chosen);
  }
}

template <class List>
void expect_each(const Chosen& chosen, const std::string& key) {
  for (const List& policy : one_of_each<List>()) {
    const std::string tag(policy::tag_of(policy));
    CHECK_MESSAGE(chosen.at(key).contains(tag), key << ": " << tag << " is in no random world");
  }
}

TEST_CASE("Random worlds: every policy of every list is in some") {
  Chosen chosen;
  for (std::uint64_t seed = 0; seed < 100; ++seed) add_chosen(random_world(seed), chosen);
  expect_each<policy::AllocationPolicy>(chosen, "allocation");
  expect_each<policy::Replenishment>(chosen, "replenish");
  expect_each<policy::ForecastMethod>(chosen, "forecast");
  expect_each<policy::SharingRule>(chosen, "sharing");
  CHECK(chosen.at("initial").contains("steady"));
}

}  // namespace
}  // namespace optichain::models
