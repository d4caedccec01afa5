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

}  // namespace
}  // namespace optichain::models
