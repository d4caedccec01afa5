// What is on its way has room under every rule, and among what is alike the first by name has no
// more than the others: tiny worlds worked out by hand.
#include <numeric>

#include "tests/model/run_text.hpp"

namespace optichain::models {
namespace {

double total(const world::Results& r, const std::string& entity, const std::string& measure) {
  const auto values = series(r, entity, measure);
  return std::accumulate(values.begin(), values.end(), 0.0);
}

// --- rooms ---------------------------------------------------------------------------------------

// A shop with room for 20 orders of a mine that has nothing until May; 100 a week are wanted.
const std::string full_shop = R"(
name: a shop with little room
start: 2026-01-05
end: 2026-04-05
review_days: 7
items: {good: {price_usd: 1}}
sites:
  mine: {sells: {good: {forecast: constant}}, recipes: {make: {makes: good, from: 2026-05-01}}}
  shop:
    buys:
      good: {from: {mine: {}}, replenish: {base_stock: {level_pieces: 15}}, forecast: constant}
    sells: {good: {forecast: constant}}
    stocks: {good: {room_pieces: 20}}
customers:
  public: {demand: {good: {pieces_per_week: 100, from: {shop: {}}}}}
)";

TEST_CASE("Rooms: who over-orders orders no more than there is room for") {
  const std::string over = "sites.shop.buys.good.over_ordering={cap: 3, sensitivity: 1}";
  const world::Results r = run_text(full_shop, {over});
  CHECK(total(r, "channels.shop<mine.good", "ordered") == 20);
  // with room for 1,000 the need of 115 is ordered in the first week, and much more later
  const world::Results free =
      run_text(full_shop, {over, "sites.shop.stocks.good.room_pieces=1000"});
  CHECK(series(free, "channels.shop<mine.good", "ordered").at(0) == 115);
  CHECK(total(free, "channels.shop<mine.good", "ordered") == 1000);
}

TEST_CASE("Rooms: an initial stock in weeks has room beside what is on its way") {
  // three weeks are 300 pieces; of the room for 250 100 are on their way
  const std::vector<std::string> in_weeks = {
      "sites.shop.stocks.good={initial_weeks: 3, room_pieces: 250}",
      "sites.shop.buys.good.from.mine={initial_shipments: [{pieces: 60, in_days: 50}], "
      "initial_orders: [{pieces: 40, in_days: 50}]}",
      "customers.public.review_days=90", "customers.public.review_offset_days=80"};
  const world::Results r = run_text(full_shop, in_weeks);
  CHECK(series(r, "stocks.shop.good", "on_hand").at(0) == 150);
}

// Of a family of two variants the first cannot be made for want of its input, and the other takes
// over: it has room for ten.
TEST_CASE("Rooms: what takes over for another variant has room") {
  const std::string world = R"(
name: a variant takes over
start: 2026-01-05
end: 2026-02-01
review_days: 7
families: {good: {}}
items: {ore: {}, left: {family: good}, right: {family: good}}
sites:
  mine: {sells: {ore: {forecast: constant}}, recipes: {dig: {makes: ore, from: 2026-05-01}}}
  plant:
    recipes:
      left: {makes: left, inputs: {ore: 1}, cycle_days: 60}
      right: {makes: right, cycle_days: 60}
    buys: {ore: {from: {mine: {}}, forecast: constant}}
    sells:
      good:
        mix: {left: 1, right: 0.001}
        forecast: constant
        replenish: {base_stock: {level_pieces: 0}}
    stocks: {right: {room_pieces: 1000}}
customers:
  public: {demand: {good: {pieces_per_week: 100, from: {plant: {}}}}}
)";
  CHECK(total(run_text(world), "recipes.plant.right", "started") > 100);
  CHECK(total(run_text(world, {"sites.plant.stocks.right.room_pieces=10"}), "recipes.plant.right",
              "started") == 10);
}

// --- turns ---------------------------------------------------------------------------------------

// Two products are made of one line, which does 20 pieces a week; each Monday ten are wanted of
// both, and of each in one lot. Who is first on the line is done after half the week.
const std::string two_of_a_line = R"(
name: two products of a line
start: 2026-01-05
end: 2026-03-01
review_days: 7
items: {red: {}, blue: {}}
sites:
  plant:
    lines: {line: {capacity_per_week: 20}}
    continuous_review: true
    recipes:
      red: {makes: red, line: line}
      blue: {makes: blue, line: line}
    sells:
      red: {forecast: constant, replenish: {base_stock: {level_pieces: 0}}}
      blue: {forecast: constant, replenish: {base_stock: {level_pieces: 0}}}
customers:
  public:
    demand:
      red: {pieces_per_week: 10, from: {plant: {}}}
      blue: {pieces_per_week: 10, from: {plant: {}}}
)";
double wait_for(const world::Results& r, const std::string& item) {
  return total(r, "channels.public<plant." + item, "lead_time") /
         total(r, "channels.public<plant." + item, "shipped");
}

TEST_CASE("Turns: lots of equal work that start at one instant are first on the line by turns") {
  // In eight weeks each is first in four, half a week, and second in four, a week; the last lot
  // that is second is done when the scenario has ended.
  const world::Results r = run_text(two_of_a_line);
  const double red = total(r, "channels.public<plant.red", "shipped"),
               blue = total(r, "channels.public<plant.blue", "shipped");
  CHECK(std::min(red, blue) == 70);
  CHECK(std::max(red, blue) == 80);
  CHECK(wait_for(r, red > blue ? "red" : "blue") == doctest::Approx((4 * 3.5 + 4 * 7) / 8));
  CHECK(wait_for(r, red > blue ? "blue" : "red") == doctest::Approx((4 * 3.5 + 3 * 7) / 7));
}

TEST_CASE("Turns: of lots that start at one instant the one of least work goes first") {
  // ten of blue and five of red, whose work is done after a quarter of a week; and the names the
  // other way round
  for (const std::string few : {"red", "blue"}) {
    const std::string many = few == "red" ? "blue" : "red";
    const world::Results r =
        run_text(two_of_a_line, {"customers.public.demand." + few + ".pieces_per_week=5"});
    CHECK(wait_for(r, few) == doctest::Approx(7 / 4.0));
    CHECK(wait_for(r, many) == doctest::Approx(7 * 3 / 4.0));
  }
}

TEST_CASE("Turns: what waits for two inputs that are not there waits for both alike") {
  const world::Results r = run_text(R"(
name: nothing of two inputs
start: 2026-01-05
end: 2026-01-25
review_days: 7
items: {ore: {}, salt: {}, good: {}}
sites:
  mine:
    recipes: {dig: {makes: ore, from: 2027-01-01}, cook: {makes: salt, from: 2027-01-01}}
    sells: {ore: {forecast: constant}, salt: {forecast: constant}}
  plant:
    recipes: {make: {makes: good, inputs: {ore: 1, salt: 2}}}
    buys:
      ore: {from: {mine: {}}, forecast: constant}
      salt: {from: {mine: {}}, forecast: constant}
    sells: {good: {forecast: constant, replenish: {base_stock: {level_pieces: 0}}}}
customers:
  public: {demand: {good: {pieces_per_week: 9, from: {plant: {}}}}}
)");
  // 27 wait: nine more each week, of which one by turns
  CHECK(total(r, "recipes.plant.make", "lost_to.ore") +
            total(r, "recipes.plant.make", "lost_to.salt") ==
        27);
  CHECK(std::abs(total(r, "recipes.plant.make", "lost_to.ore") -
                 total(r, "recipes.plant.make", "lost_to.salt")) == 1);
}

}  // namespace
}  // namespace optichain::models
