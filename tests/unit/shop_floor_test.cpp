// A shop floor alone: lots from the inputs they take to the good pieces they leave.
#include "tests/unit/agent_parts.hpp"

namespace optichain::models {
namespace {

// 100 pieces a week in lots of 30, a week from the line to stock, 8 of 10 good.
const std::string maker = R"(
name: maker
start: 2024-01-01
end: 2024-12-29
items: {part: {}, thing: {}}
sites:
  supplier: {sells: {part: {}}, recipes: {make: {makes: part}}}
  maker:
    lines: {bench: {capacity_per_week: 100}}
    recipes:
      make:
        {makes: thing, inputs: {part: 2}, line: bench, lot_pieces: 30, cycle_days: 7, yield: 0.8,
         cost_usd_per_piece: 3}
    sells: {thing: {}}
    buys: {part: {from: {supplier: {}}}}
customers:
  buyer: {demand: {thing: {pieces_per_week: 1, from: {maker: {}}}}}
)";

TEST_CASE("Shop floor: lots take their inputs when they start, and one after the other the line") {
  PlanningParts parts(maker, "maker");
  parts.put("maker.part", 200);
  const auto weeks_on = [&](double weeks) {
    // a minute later, when what is due then is done
    parts.kernel.run_until(parts.kernel.start() + sim::days_to_duration(7 * weeks) +
                           sim::Duration{60});
  };
  parts.floor.start(0, Pieces{70});  // lots of 30, 30 and 10
  CHECK(parts.on_hand("maker.part") == 60);
  CHECK(parts.floor.in_process(0) == Pieces{70});
  CHECK(parts.accounts.cash()[parts.catalog.party(parts.site).index()] == usd(-3 * 70));
  CHECK(parts.lines[0]->queued_jobs() == 3);

  weeks_on(0.3 + 1);
  CHECK(parts.on_hand("maker.thing") == 24);
  weeks_on(0.6 + 1);
  CHECK(parts.on_hand("maker.thing") == 48);
  CHECK(parts.floor.in_process(0) == Pieces{10});
  weeks_on(0.7 + 1);
  CHECK(parts.on_hand("maker.thing") == 56);
  CHECK(parts.floor.in_process(0) == Pieces{0});
}

// 0.3 of a part for a thing and 0.5 for a gadget. After a thing and a gadget 0.8 of a part are
// used, of one that is there; two more things make 0.9 of things, and a gadget a whole part of
// gadgets.
TEST_CASE("Shop floor: what several recipes have used of a part adds up") {
  PlanningParts parts(R"(
name: two users of a part
start: 2024-01-01
end: 2024-12-29
items: {part: {}, thing: {}, gadget: {}}
sites:
  supplier: {sells: {part: {}}, recipes: {make: {makes: part}}}
  maker:
    recipes: {a: {makes: gadget, inputs: {part: 0.5}}, b: {makes: thing, inputs: {part: 0.3}}}
    sells: {thing: {}, gadget: {}}
    buys: {part: {from: {supplier: {}}}}
customers:
  buyer: {demand: {thing: {pieces_per_week: 1, from: {maker: {}}},
                   gadget: {pieces_per_week: 1, from: {maker: {}}}}}
)",
                      "maker");
  const StockId part = parts.stock("maker.part");
  parts.put("maker.part", 2);
  parts.floor.start(0, Pieces{1});
  parts.floor.start(1, Pieces{1});
  CHECK(parts.floor.part_used(part) == doctest::Approx(0.8));
  CHECK(parts.on_hand("maker.part") == 2);
  parts.floor.start(1, Pieces{2});
  CHECK(parts.floor.part_used(part) == doctest::Approx(1.4));
  parts.floor.start(0, Pieces{1});
  CHECK(parts.floor.part_used(part) == doctest::Approx(0.9));
  CHECK(parts.on_hand("maker.part") == 1);
}

}  // namespace
}  // namespace optichain::models
