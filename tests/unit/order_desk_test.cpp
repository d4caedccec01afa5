// An order desk alone: what it allocates and ships, what it means to ship, how long it quotes.
#include "tests/unit/agent_parts.hpp"

namespace optichain::models {
namespace {

const std::string two_buyers = R"(
name: two buyers
start: 2024-01-01
end: 2024-12-29
items: {chip: {}}
sites: {fab: {recipes: {make: {makes: chip}}, sells: {chip: {forecast: constant}}}}
customers:
  alpha: {demand: {chip: {pieces_per_week: 1, from: {fab: {}}}}}
  beta: {demand: {chip: {pieces_per_week: 1, from: {fab: {}}}}}
)";

// A family of two variants, three of `plain` meant for one of `fine`; what one lacks the other may
// replace, and every buyer takes both.
const std::string family = R"(
name: family
start: 2024-01-01
end: 2024-12-29
families: {module: {}}
items: {fine: {family: module}, plain: {family: module}}
sites:
  fab:
    recipes: {fine: {makes: fine}, plain: {makes: plain}}
    sells: {module: {mix: {fine: 1, plain: 3}}}
customers:
  alpha: {demand: {module: {pieces_per_week: 1, from: {fab: {}}}}}
)";

TEST_CASE("Order desk: what is scarce is shared in proportion to open orders") {
  AgentParts parts(two_buyers);
  agents::OrderDesk& desk = parts.desk("fab.chip");
  parts.put("fab.chip", 20);
  parts.order("alpha<fab.chip", 30);
  parts.order("beta<fab.chip", 10);
  CHECK(desk.backlog() == Pieces{40});
  CHECK(desk.unseen() == Pieces{40});

  desk.allocate_and_ship(0);
  CHECK(desk.unseen() == Pieces{0});
  CHECK(desk.last_intake_of(0) == 40);
  CHECK(parts.channel("alpha<fab.chip").not_shipped() == Pieces{15});
  CHECK(parts.channel("beta<fab.chip").not_shipped() == Pieces{5});
  CHECK(parts.on_hand("fab.chip") == 0);
  CHECK(desk.meant(0) == 20);
  CHECK(desk.lacking(0) == 20);
}

TEST_CASE("Order desk: between reviews it ships, and takes note of the orders at the next") {
  AgentParts parts(two_buyers);
  agents::OrderDesk& desk = parts.desk("fab.chip");
  parts.put("fab.chip", 20);
  parts.order("alpha<fab.chip", 8);
  desk.ship_between_reviews();
  CHECK(parts.on_hand("fab.chip") == 12);
  CHECK(desk.last_intake_of(0) == 0);
  parts.order("alpha<fab.chip", 4);
  desk.allocate_and_ship(1);
  CHECK(desk.last_intake_of(0) == 12);
  CHECK(parts.on_hand("fab.chip") == 8);
}

TEST_CASE("Order desk: orders that buyers withdraw are counted at the next review") {
  AgentParts parts(two_buyers);
  agents::OrderDesk& desk = parts.desk("fab.chip");
  parts.order("alpha<fab.chip", 30);
  desk.allocate_and_ship(0);
  CHECK(parts.channel("alpha<fab.chip").withdraw_ordered_before(parts.kernel.now()) == Pieces{30});
  parts.order("beta<fab.chip", 10);
  desk.allocate_and_ship(1);
  CHECK(desk.last_withdrawn() == Pieces{30});
  CHECK(desk.meant(0) == 10);
}

// 20 are owed and 10 a week expected: 30 by the next review. Supply comes at 20 over 2 weeks, 10 a
// week, which is more than was shipped: 3 weeks, of which a quote takes three tenths at a time.
TEST_CASE("Order desk: the lead time quoted is what is owed over the rate of supply") {
  AgentParts parts(two_buyers, 10);
  agents::OrderDesk& desk = parts.desk("fab.chip");
  parts.order("alpha<fab.chip", 20);
  desk.note_supply({.coming = 20, .lead_weeks = 2});
  CHECK(desk.quoted_weeks() == 0);
  desk.allocate_and_ship(1);
  CHECK(desk.quoted_weeks() == doctest::Approx(0.3 * 3));
  desk.allocate_and_ship(1);
  CHECK(desk.quoted_weeks() == doctest::Approx(0.9 + 0.3 * (3 - 0.9)));
}

TEST_CASE("Order desk: orders of a family are meant for its variants by the mix") {
  AgentParts parts(family);
  agents::OrderDesk& desk = parts.desk("fab.module");
  parts.order("alpha<fab.module", 40);
  desk.allocate_and_ship(0);
  CHECK(desk.meant(0) == 10);
  CHECK(desk.meant(1) == 30);
  CHECK(desk.wanted_by_variant(20) == std::vector<double>{15, 45});
  desk.change_meant(std::vector<double>{10, -10});
  CHECK(desk.meant(0) == 20);
  CHECK(desk.meant(1) == 20);
}

// 30 are meant for `plain`, of which there are none, and 10 for `fine`, of which there are 25: 15
// change over, and 25 are shipped.
TEST_CASE("Order desk: what one variant lacks is met with another that has more than it needs") {
  AgentParts parts(family);
  agents::OrderDesk& desk = parts.desk("fab.module");
  parts.put("fab.fine", 25);
  parts.order("alpha<fab.module", 40);
  desk.allocate_and_ship(0);
  CHECK(parts.on_hand("fab.fine") == 0);
  CHECK(desk.backlog() == Pieces{15});
  CHECK(desk.meant(0) == doctest::Approx(0));
  CHECK(desk.meant(1) == doctest::Approx(15));
}

}  // namespace
}  // namespace optichain::models
