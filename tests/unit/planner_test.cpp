// A planner alone: what it starts, what it asks of inputs, what it says stood in the way.
#include "tests/unit/agent_parts.hpp"

namespace optichain::models {
namespace {

// A thing takes two parts, and 8 of 10 are good. 100 are kept.
std::string maker(double capacity) {
  return R"(
name: maker
start: 2024-01-01
end: 2024-12-29
items: {part: {price_usd: 2}, thing: {price_usd: 10}}
sites:
  supplier: {sells: {part: {}}, recipes: {make: {makes: part}}}
  maker:
    lines: {bench: {capacity_per_week: )" +
         std::to_string(capacity) + R"(}}
    recipes:
      make:
        {makes: thing, inputs: {part: 2}, line: bench, cycle_days: 14, yield: 0.8,
         cost_usd_per_piece: 1}
    sells: {thing: {replenish: {base_stock: {level_pieces: 100}}}}
    buys: {part: {from: {supplier: {}}}}
customers:
  buyer: {demand: {thing: {pieces_per_week: 1, from: {maker: {}}}}}
)";
}

// 80 lack of 100: 100 starts at a yield of 0.8. 120 parts are enough for 60.
TEST_CASE("Planner: starts what lacks as far as there are inputs, and says what waits for them") {
  PlanningParts parts(maker(200), "maker");
  parts.put("maker.thing", 20);
  parts.put("maker.part", 120);
  parts.planner.note_outlook(parts.stock("maker.part"), {.lead_weeks = 3});
  CHECK(parts.planner.plan_and_start(1).empty());
  CHECK(parts.floor.in_process(0) == Pieces{60});
  CHECK(parts.on_hand("maker.part") == 0);

  const auto& need = parts.planner.need(parts.stock("maker.part"));
  CHECK(need.new_use == 0);
  CHECK(need.waiting == 80);
  CHECK(need.line_waiting == 0);
  // more parts take three weeks, what is wanted of the line half a week
  const auto& wait = parts.planner.wait(0);
  CHECK(wait.cause == agents::Planner::Cause::input);
  CHECK(wait.index == parts.stock("maker.part").index());
  CHECK(wait.good_pieces == doctest::Approx(40 * 0.8));

  // two weeks of cycle time, and 60 in the queue of a line that does 200 a week
  const auto supply = parts.planner.supply_of(parts.desk("maker.thing"));
  CHECK(supply.coming == doctest::Approx(60 * 0.8));
  CHECK(supply.lead_weeks == doctest::Approx(2 + 0.3));
}

TEST_CASE("Planner: what a line does not allow waits for the line, and needs its inputs later") {
  PlanningParts parts(maker(50), "maker");
  parts.put("maker.thing", 20);
  parts.put("maker.part", 1000);
  parts.planner.plan_and_start(1);
  CHECK(parts.floor.in_process(0) == Pieces{50});
  const auto& need = parts.planner.need(parts.stock("maker.part"));
  CHECK(need.waiting == 0);
  CHECK(need.line_waiting == 100);
  CHECK(need.line_room == 100);
  CHECK(parts.planner.wait(0).cause == agents::Planner::Cause::line);
  CHECK(parts.planner.wait(0).good_pieces == doctest::Approx(50 * 0.8));
}

// 8 USD for the good part of a thing, less two parts at 2 and 1 for the work.
TEST_CASE("Planner: a line's margin per work is that of its best recipe") {
  PlanningParts parts(maker(50), "maker");
  CHECK(*parts.planner.margin_per_work(LineId{0}) == doctest::Approx(8 - 4 - 1));
}

TEST_CASE("Planner: what its buyer found is there for the next plan") {
  PlanningParts parts(maker(50), "maker");
  const StockId part = parts.stock("maker.part");
  CHECK(parts.planner.outlook(part).lead_weeks == 0);
  parts.planner.note_outlook(part, {.lead_weeks = 3, .lacking = 7});
  CHECK(parts.planner.outlook(part).lead_weeks == 3);
  CHECK(parts.planner.outlook(part).lacking == 7);
}

// 40 are ordered, 20 meant for each variant. `fine` has no input: `plain` is started in its stead,
// and the planner says so; the desk changes nothing until it is told.
TEST_CASE("Planner: what a variant cannot supply is made as another, and handed to the desk") {
  PlanningParts parts(R"(
name: family
start: 2024-01-01
end: 2024-12-29
families: {module: {}}
items: {lens: {}, fine: {family: module}, plain: {family: module}}
sites:
  supplier: {sells: {lens: {}}, recipes: {make: {makes: lens}}}
  maker:
    recipes: {fine: {makes: fine, inputs: {lens: 1}}, plain: {makes: plain}}
    sells: {module: {replenish: {base_stock: {level_pieces: 0}}}}
    buys: {lens: {from: {supplier: {}}}}
customers:
  buyer: {demand: {module: {pieces_per_week: 1, from: {maker: {}}}}}
)",
                      "maker");
  agents::OrderDesk& desk = parts.desk("maker.module");
  parts.order("buyer<maker.module", 40);
  desk.allocate_and_ship(0);
  CHECK(desk.meant(0) == 20);

  const auto takeovers = parts.planner.plan_and_start(1);
  CHECK(parts.floor.in_process(0) == Pieces{0});
  CHECK(parts.floor.in_process(1) == Pieces{40});
  REQUIRE(takeovers.size() == 1);
  CHECK(takeovers[0].desk == 0);
  CHECK(takeovers[0].change == std::vector<double>{-20, 20});
  CHECK(desk.meant(0) == 20);
  desk.change_meant(takeovers[0].change);
  CHECK(desk.meant(0) == 0);
  CHECK(desk.meant(1) == 40);
  CHECK(parts.planner.wait(0).good_pieces == doctest::Approx(0));  // nothing waits any more
}

// Of the tin that is there the first can uses 0.4: the other 0.6 are enough for one more.
TEST_CASE("Planner: of a piece on hand what is used already makes nothing more") {
  PlanningParts parts(R"(
name: two fifths of a tin
start: 2024-01-01
end: 2024-12-29
items: {tin: {}, can: {}}
sites:
  supplier: {sells: {tin: {}}, recipes: {make: {makes: tin}}}
  maker:
    recipes: {make: {makes: can, inputs: {tin: 0.4}, cycle_days: 14}}
    sells: {can: {replenish: {base_stock: {level_pieces: 100}}}}
    buys: {tin: {from: {supplier: {}}}}
customers:
  buyer: {demand: {can: {pieces_per_week: 1, from: {maker: {}}}}}
)",
                      "maker");
  parts.put("maker.tin", 1);
  parts.floor.start(0, Pieces{1});
  parts.planner.plan_and_start(1);
  CHECK(parts.floor.in_process(0) == Pieces{2});
}

}  // namespace
}  // namespace optichain::models
