// Inventory theory and queues in tiny worlds worked out by hand; the published cases are run by
// scripts/reference.
#include <cmath>
#include <numeric>

#include "tests/model/run_text.hpp"

namespace optichain::models {
namespace {

// The public wants 4 on the Mondays 1, 8, 15 and 22 January. The shop has 10; as soon as it is down
// to 3 it orders up to 10, which takes two days. Levels are recorded at the end of every midnight.
const std::string shop = R"(
name: shop
start: 2024-01-01
end: 2024-01-28
review_days: 1
items: {good: {}}
sites:
  mine:
    continuous_review: true
    sells: {good: {}}
    stocks: {good: {initial_pieces: 1000000}}
  shop:
    continuous_review: true
    buys: {good: {from: {mine: {}}, replenish: {min_max: {min_pieces: 3, max_pieces: 10}}}}
    sells: {good: {}}
    stocks: {good: {initial_pieces: 10}}
lanes: {way: {from: mine, to: shop, transit_days: 2}}
customers:
  public: {review_days: 7, demand: {good: {pieces_per_week: 4, from: {shop: {}}}}}
)";

const std::string ordered = "channels.shop<mine.good";

/// The days of January 2024 on which something was counted, and how much.
std::vector<std::pair<std::size_t, double>> days(const world::Results& r, const std::string& entity,
                                                 const std::string& measure) {
  std::vector<std::pair<std::size_t, double>> found;
  const auto values = series(r, entity, measure);
  for (std::size_t d = 0; d < values.size(); ++d) {
    if (values[d] != 0) found.emplace_back(d + 1, values[d]);
  }
  return found;
}
using Days = std::vector<std::pair<std::size_t, double>>;

TEST_CASE("Inventory: (s,S) orders up to S as soon as the position is at s or below") {
  const world::Results r = run_text(shop);
  CHECK(days(r, ordered, "ordered") == Days{{8, 8}, {22, 8}});
  CHECK(days(r, ordered, "received") == Days{{10, 8}, {24, 8}});
  CHECK(series(r, "stocks.shop.good", "on_hand") ==
        std::vector<double>{6, 6, 6, 6, 6, 6, 6, 2, 2, 10, 10, 10, 10, 10,
                            6, 6, 6, 6, 6, 6, 6, 2, 2, 10, 10, 10, 10, 10});
}

TEST_CASE("Inventory: (r,Q) orders whole lots, as many as bring the position above r") {
  const auto policy = [](int r, int q) {
    return "sites.shop.buys.good.replenish={reorder_quantity: {reorder_pieces: " +
           std::to_string(r) + ", quantity_pieces: " + std::to_string(q) + "}}";
  };
  // 6; on the 8th 2, one lot: 7; on the 15th 3, one lot: 8; on the 22nd 4
  CHECK(days(run_text(shop, {policy(3, 5)}), ordered, "ordered") == Days{{8, 5}, {15, 5}});
  // lots of 2: 6; on the 8th 2 + 2 = 4; on the 15th 0 + 4 = 4; on the 22nd the same
  CHECK(days(run_text(shop, {policy(3, 2)}), ordered, "ordered") == Days{{8, 2}, {15, 4}, {22, 4}});
}

TEST_CASE("Inventory: an order has a fixed cost, and so has a shipment") {
  const world::Results r = run_text(
      shop, {"sites.shop.buys.good.from.mine.order_usd=7", "lanes.way.freight_usd_per_shipment=3"});
  CHECK(metric(r, "sites.shop.ordering_cost.all") == doctest::Approx(14));
  CHECK(metric(r, "outside.ordering_cost.all") == doctest::Approx(14));
  CHECK(metric(r, "sites.mine.freight_cost.all") == doctest::Approx(6));
  CHECK(metric(r, "sites.shop.cost_per_period.all") == doctest::Approx(14.0 / 28));
}

TEST_CASE("Inventory: stock is charged at reviews, or integrated") {
  const std::string rate = "sites.shop.stocks.good.holding_usd_per_piece_week=7";  // 1 a day
  const std::string weekly = "sites.shop.review_days=7";
  // after the reviews of the Mondays 6, 2, 6 and 2 are left
  CHECK(metric(run_text(shop, {rate, weekly}), "sites.shop.holding_cost.all") ==
        doctest::Approx(7 * (6 + 2 + 6 + 2)));
  // 6 for 7 days, 2 for 2 days, 10 for 5 days, and again
  CHECK(metric(run_text(shop, {rate, weekly, "sites.shop.charged=continuously"}),
               "sites.shop.holding_cost.all") == doctest::Approx(2 * (42 + 4 + 50)));
}

TEST_CASE("Inventory: goods in transit and orders not shipped are charged the same way") {
  const std::string transit = "sites.mine.sells.good.in_transit_usd_per_piece_week=7";
  // twice 8 pieces for two days
  CHECK(metric(run_text(shop, {transit, "sites.mine.charged=continuously"}),
               "sites.mine.in_transit_cost.all") == doctest::Approx(32));
  // a mine that reviews at noon sees each of them on two days
  CHECK(metric(run_text(shop, {transit, "sites.mine.review_offset_days=0.5"}),
               "sites.mine.in_transit_cost.all") == doctest::Approx(32));
  // nothing comes: 2 are owed from the 8th, 6 from the 15th, 10 from the 22nd
  const world::Results r =
      run_text(shop, {"sites.shop.stocks.good.initial_pieces=6", "lanes.way.transit_days=60",
                      "sites.shop.charged=continuously",
                      "sites.shop.sells.good.backlog_usd_per_piece_week=7"});
  CHECK(metric(r, "sites.shop.backlog_cost.all") == doctest::Approx(7 * (2 + 6 + 10)));
}

TEST_CASE("Inventory: without patience what is not in stock is lost at once") {
  const world::Results r =
      run_text(shop, {"sites.shop.stocks.good.initial_pieces=6", "lanes.way.transit_days=60",
                      "customers.public.demand.good.patience_days=0"});
  CHECK(metric(r, "customers.public.delivered.all") == 6);
  CHECK(metric(r, "customers.public.withdrawn.all") == 10);
  CHECK(days(r, "channels.public<shop.good", "withdrawn") == Days{{8, 2}, {15, 4}, {22, 4}});
}

TEST_CASE("Inventory: demand is read off a list, and nothing is wanted after it") {
  const world::Results r =
      run_text(shop, {"customers.public.demand.good.variation={trace: {quantities: [3, 0, 2.5], "
                      "pieces_per_unit: 2}}"});
  CHECK(days(r, "demands.public.good", "demanded") == Days{{1, 6}, {15, 5}});
}

TEST_CASE("Inventory: a Poisson process orders at its rate, in orders of its size") {
  const world::Results r = run_text(
      shop, {"end=2033-12-31", "review_days=364", "customers.public.demand.good.pieces_per_week=12",
             "customers.public.demand.good.variation={poisson_process: {pieces_per_order: 3}}"});
  // 4 orders a week for 521.86 weeks, and the square root of that
  const double orders = metric(r, "customers.public.demanded.all") / 3;
  CHECK(orders == std::floor(orders));
  CHECK(std::abs(orders - 2087.4) < 4 * 45.7);
}

TEST_CASE("Inventory: what is disrupted stands still and then goes on") {
  const auto received = [](const std::string& site, const std::string& activity,
                           const std::string& from) {
    const world::Results r =
        run_text(shop, {"programs={strike: {disruption: {site: " + site + ", pauses: " + activity +
                        ", when: {dated: {from: " + from + ", days: 3}}}}}"});
    CHECK(metric(r, "programs.strike.days_down.all") == doctest::Approx(3));
    return days(r, ordered, "received").front().first;
  };
  CHECK(received("shop", "orders", "2024-01-08") == 13);     // ordered on the 11th
  CHECK(received("mine", "shipments", "2024-01-08") == 13);  // shipped on the 11th
  CHECK(received("shop", "transit", "2024-01-09") == 13);    // two days on the way, three still
  CHECK(received("shop", "receipts", "2024-01-09") == 12);   // at the door from the 10th
}

TEST_CASE("Inventory: a disruption comes again and again, and by chance as often as it should") {
  const auto down = [](const std::string& when) {
    const world::Results r = run_text(
        shop,
        {"end=2043-12-31", "review_days=364",
         "programs={strike: {disruption: {site: shop, pauses: orders, when: " + when + "}}}"});
    return metric(r, "programs.strike.days_down.all") / 7305;
  };
  CHECK(down("{dated: {from: 2024-01-01, days: 2, every_days: 8}}") ==
        doctest::Approx(0.25).epsilon(0.001));
  // a cycle has 25 good days and 4 bad ones on average, and there are 252 cycles
  CHECK(std::abs(down("{markov: {starts: 0.04, ends: 0.25, every_days: 1}}") - 4.0 / 29) < 0.04);
}

TEST_CASE("Inventory: an echelon counts what buyers keep and what customers are owed") {
  const std::string depot = R"({review_days: 1, sells: {good: {}},
    buys: {good: {from: {mine: {}}, replenish: {echelon_base_stock: {level_pieces: 20}}}},
    stocks: {good: {initial_pieces: 10}}})";
  std::string two_stages = shop;
  two_stages.replace(two_stages.find("from: {mine: {}}"), 16, "from: {depot: {}}");
  two_stages.replace(two_stages.find("from: mine, to: shop"), 20, "from: any, to: shop");
  const world::Results r = run_text(two_stages, {"sites.depot=" + depot});
  // the public takes 4 from the shop, which orders nothing; the depot does
  CHECK(days(r, "channels.depot<mine.good", "ordered") == Days{{1, 4}, {8, 4}, {15, 4}, {22, 4}});
  CHECK(days(r, "channels.shop<depot.good", "ordered") == Days{{8, 8}, {22, 8}});

  // who makes the item counts what it has sold alike
  const std::string maker = R"({review_days: 1, recipes: {make: {makes: good}},
    sells: {good: {replenish: {echelon_base_stock: {level_pieces: 20}}}},
    stocks: {good: {initial_pieces: 10}}})";
  const world::Results made = run_text(two_stages, {"sites.depot=" + maker});
  CHECK(days(made, "stocks.depot.good", "produced") == Days{{1, 4}, {8, 4}, {15, 4}, {22, 4}});
  CHECK(days(made, "channels.shop<depot.good", "ordered") == Days{{8, 8}, {22, 8}});
}

// --- lines ---------------------------------------------------------------------------------------

/// Two machines in a row, exponential with mean one hour, and always something to do for the first.
const std::string machines = R"(
name: machines
start: 2024-01-01
end: 2024-12-29
review_days: 28
items: {part: {}, product: {}}
sites:
  first:
    continuous_review: true
    lines: {machine: {capacity_per_week: 168, release: push}}
    recipes: {cut: {makes: part, line: machine, work_factor: {exponential: {mean: 1}}}}
    sells: {part: {}}
    stocks: {part: {room_pieces: 1}}
  second:
    continuous_review: true
    lines: {machine: {capacity_per_week: 168, release: {conwip: {pieces: 1}}}}
    recipes:
      drill:
        {makes: product, inputs: {part: 1}, line: machine, work_factor: {exponential: {mean: 1}}}
    buys: {part: {from: {first: {}}, replenish: {base_stock: {level_pieces: 100000}}}}
    sells: {product: {replenish: {base_stock: {level_pieces: 100000}}}}
    stocks: {part: {room_pieces: 2}}
customers:
  public: {demand: {product: {pieces_per_week: 1, from: {second: {}}}}}
)";

// Between two exponential machines with equal rates, a buffer of b places and blocking after
// service, the pieces past the first machine are a birth-and-death chain on 0 ... b + 2 with equal
// probabilities (Buzacott and Shanthikumar, Stochastic Models of Manufacturing Systems, 1993,
// chapter 4): the throughput is (b + 2) / (b + 3).
TEST_CASE("Buffers: two machines with a buffer of two make 0.8 pieces an hour, with none 2/3") {
  const double hours = 364 * 24;
  const auto rate = [&](const std::vector<std::string>& changes) {
    return metric(run_text(machines, changes), "recipes.second.drill.produced.all") / hours;
  };
  const double error = std::sqrt(1 / hours);  // of a Poisson stream, and these are more regular
  CHECK(std::abs(rate({}) - 0.8) < 4 * error);
  // one place for the buyer to order with: it is taken into work at once if the machine is free
  CHECK(std::abs(rate({"sites.second.stocks.part.room_pieces=1"}) - 0.75) < 4 * error);
}

// What is made in no time behind a buffer of 2 pieces meets an order 2 pieces at a time, all at
// once: 50 pieces in 26 turns, the first of which only starts. Of an order for 1,000 on 8 January a
// hundred turns ship 198 and leave 2 in stock, which the review of the next day ships before it
// starts the next; its hundred turns ship 200 and leave 2 again. So it goes at the reviews of 16,
// 23 and 30 January, and the last one ships what is left: 1,000 - 198 - 3 x 202.
TEST_CASE("Buffers: what passes in no time does so a hundred times at an instant") {
  const world::Results r = run_text(R"(
name: no time
start: 2024-01-01
end: 2024-02-04
items: {good: {}}
sites:
  maker:
    review_offset_days: 1
    continuous_review: true
    recipes: {make: {makes: good}}
    sells: {good: {replenish: {base_stock: {level_pieces: 0}}}}
    stocks: {good: {room_pieces: 2}}
customers:
  public:
    demand:
      good: {pieces_per_week: 1, variation: {trace: {quantities: [50, 1000]}}, from: {maker: {}}}
)");
  CHECK(series(r, "channels.public<maker.good", "shipped") ==
        std::vector<double>{50, 198 + 202, 202, 202, 1000 - 198 - 3 * 202});
  CHECK(metric(r, "customers.public.delivered.all") == 1050);
}

// Three jobs go round between a machine (mean one hour) and a rest of four hours: the machine
// repair model, busy for 1 - p0, 1 / p0 = sum of 3! / (3 - n)! (1/4)^n = 2.21875 (Gross and Harris
// 1985, section 2.7).
TEST_CASE("CONWIP: work in process is constant, and throughput that of the machine repair model") {
  const world::Results r =
      run_text(machines, {"sites.first.lines.machine.release={conwip: {pieces: 3}}",
                          "sites.first.stocks.part.room_pieces=1000000",
                          "sites.first.recipes.cut.lot_pieces=1",
                          "sites.first.sells.part.replenish={base_stock: "
                          "{level_pieces: 1000000}}",
                          "sites.first.recipes.cut.cycle_days={exponential: {mean: "
                          "0.16666666666666667}}"});
  const double hours = 364 * 24;
  CHECK(metric(r, "recipes.first.cut.in_process.all") == doctest::Approx(3).epsilon(1e-6));
  CHECK(std::abs(metric(r, "recipes.first.cut.produced.all") / hours - (1 - 1 / 2.21875)) <
        4 * std::sqrt(1 / hours));
}

}  // namespace
}  // namespace optichain::models
