// Shares of few whole pieces: what is kept to over time, worked out by hand.
#include <cmath>
#include <numeric>

#include "tests/model/run_text.hpp"
#include "tests/model/small_worlds.hpp"

namespace optichain::models {
namespace {

const std::string weeks_100 = R"(
start: 2026-01-05
end: 2027-12-05
review_days: 7
)";

double total(const world::Results& r, const std::string& entity, const std::string& measure) {
  const auto values = series(r, entity, measure);
  return std::accumulate(values.begin(), values.end(), 0.0);
}
double ordered(const world::Results& r, const std::string& channel) {
  return total(r, "channels." + channel, "ordered");
}
double started(const world::Results& r, const std::string& recipe) {
  return total(r, "recipes.plant." + recipe, "started");
}

/// 100 weeks of a plant that makes a good on a line and sells it on these terms.
std::string good_of_a_line(const std::string& line, const std::string& terms) {
  return "name: a good of a line" + weeks_100 +
         "items: {good: {}}\nsites:\n  plant:\n    lines: {l: {" + line +
         "}}\n    recipes: {a: {makes: good, line: l}}\n    sells: {good: {" + terms + "}}\n";
}
const std::string in_lots_of_100 =
    "forecast: constant, replenish: {reorder_quantity: {reorder_pieces: -1, quantity_pieces: 100}}";

/// Shares over time are kept to a piece, whatever the parties are called.
void check_shares(double a, double b, double share, double total) {
  CHECK(a + b == total);
  CHECK(std::abs(a - share * total) <= 1);
}

// A third of a tin in each can: one can wanted once.
const std::string one_can = R"(
name: one can
start: 2026-01-05
end: 2026-12-27
review_days: 7
items: {tin: {}, can: {}}
sites:
  mine:
    continuous_review: true
    sells: {tin: {forecast: constant}}
    stocks: {tin: {initial_pieces: 100}}
  plant:
    continuous_review: true
    recipes: {cut: {makes: can, inputs: {tin: 0.3}}}
    buys: {tin: {from: {mine: {}}, replenish: {base_stock: {level_pieces: 0}}, forecast: constant}}
    sells: {can: {forecast: constant, replenish: {base_stock: {level_pieces: 0}}}}
customers:
  public:
    demand:
      can: {pieces_per_week: 1, variation: {trace: {quantities: [1]}}, from: {plant: {}}}
)";

TEST_CASE("Whole pieces: a part of a piece that is needed is bought as a whole one") {
  const auto bought = [](const char* tins_per_can, const std::string& cans = "[1]") {
    const world::Results r = run_text(
        one_can, {std::string("sites.plant.recipes.cut.inputs.tin=") + tins_per_can,
                  "customers.public.demand.can.variation={trace: {quantities: " + cans + "}}"});
    CHECK(metric(r, "customers.public.delivered.all") ==
          metric(r, "customers.public.demanded.all"));
    return ordered(r, "plant<mine.tin");
  };
  CHECK(bought("0.3") == 1);
  CHECK(bought("1.4") == 2);
  CHECK(bought("0.004032258064516129") == 1);  // 1/248
  // what an opened tin has left is used before another is bought: ten cans are three tins
  CHECK(bought("0.3", "[1, 1, 1, 1, 1, 1, 1, 1, 1, 1]") == 3);
  CHECK(bought("1.4", "[1, 1, 1, 1, 1]") == 7);
}

TEST_CASE("Whole pieces: a history in fractions is rounded over time, not review by review") {
  const auto demanded = [](double a_day) {
    std::string quantities = std::to_string(a_day);
    for (int day = 1; day < 28; ++day) quantities += ", " + std::to_string(a_day);
    const world::Results r = run_text(
        R"(
name: fractions in a history
start: 2026-01-05
end: 2026-02-01
review_days: 1
items: {good: {}}
sites:
)" + store_of_good("mine", 1000) +
            R"(
customers:
  public:
    demand:
      good: {pieces_per_week: 2.8, variation: {trace: {quantities: []}}, from: {mine: {}}}
)",
        {"customers.public.demand.good.variation={trace: {quantities: [" + quantities + "]}}"});
    return metric(r, "customers.public.demanded.all");
  };
  CHECK(demanded(0.4) == 11);  // 11.2
  CHECK(demanded(0.6) == 16);  // 16.8
}

const std::string quota = R"(
name: a quota
)" + weeks_100 + R"(
items: {good: {}}
sites:
)" + store_of_good("first", 100000) +
                          store_of_good("second", 100000) + R"(
  shop:
    continuous_review: true
    buys:
      good:
        from: {first: {share: 0.6}, second: {share: 0.4}}
        replenish: {base_stock: {level_pieces: 0}}
        forecast: constant
    sells: {good: {forecast: constant}}
customers:
  public: {demand: {good: {pieces_per_week: 1, from: {shop: {}}}}}
)";

TEST_CASE("Whole pieces: sellers have their shares of orders of single pieces") {
  const auto run = [](int a_week, double share) {
    const world::Results r =
        run_text(quota, {"customers.public.demand.good.pieces_per_week=" + std::to_string(a_week),
                         "sites.shop.buys.good.from.first.share=" + std::to_string(share),
                         "sites.shop.buys.good.from.second.share=" + std::to_string(1 - share)});
    check_shares(ordered(r, "shop<first.good"), ordered(r, "shop<second.good"), share,
                 100.0 * a_week);
  };
  run(1, 0.6);
  run(3, 0.6);
  run(1, 0.5);
  run(1, 0.1);
  run(2, 0.95);
}

TEST_CASE("Whole pieces: a customer's sellers have their shares, too") {
  const world::Results r = run_text(
      quota, {"customers.public.demand.good.from={first: {share: 0.3}, second: {share: 0.7}}"});
  check_shares(ordered(r, "public<first.good"), ordered(r, "public<second.good"), 0.3, 100);
}

TEST_CASE("Whole pieces: each seller delivers whole lots") {
  const world::Results r = run_text(quota, {"customers.public.demand.good.pieces_per_week=100",
                                            "sites.shop.buys.good.replenish={reorder_quantity: "
                                            "{reorder_pieces: -1, quantity_pieces: 100}}"});
  for (const std::string seller : {"first", "second"}) {
    for (const double pieces : series(r, "channels.shop<" + seller + ".good", "ordered")) {
      CHECK(std::fmod(pieces, 100) == 0);
    }
  }
  const double first = ordered(r, "shop<first.good");
  const double second = ordered(r, "shop<second.good");
  CHECK(first + second >= 9900);
  CHECK(std::abs(first - 0.6 * (first + second)) <= 100);
}

// Half of 100 a week each, in lots of 100, and an agreement on 30 a week with one of them: lots
// that cover the agreement are no more than its half.
TEST_CASE(
    "Whole pieces: a seller whose agreement is less than its share of the lots has its share") {
  for (const std::string seller : {"first", "second"}) {
    CAPTURE(seller);
    const world::Results r = run_text(
        quota, {"customers.public.demand.good.pieces_per_week=100", "items.good.price_usd=1",
                "sites.shop.buys.good.from={first: {share: 0.5}, second: {share: 0.5}}",
                "sites.shop.buys.good.replenish={reorder_quantity: "
                "{reorder_pieces: -1, quantity_pieces: 100}}",
                "agreements={x: {seller: " + seller +
                    ", buyer: shop, item: good, from: 2026-01-05, until: 2027-12-05, settled: "
                    "quarter, pieces_per_week: 30, take_or_pay: 1}}"});
    const double first = ordered(r, "shop<first.good"), second = ordered(r, "shop<second.good");
    CHECK(first + second >= 9900);
    CHECK(std::abs(first - second) <= 200);
    CHECK(total(r, "agreements.x", "called") >= 2970);
    CHECK(metric(r, "agreements.x.shortfall_buyer.all") == 0);
  }
}

// One piece a week, and of 100 weeks 60 are agreed with one of two that have half each.
TEST_CASE("Whole pieces: a seller whose agreement is more than its share has its agreement") {
  for (const std::string seller : {"first", "second"}) {
    CAPTURE(seller);
    const world::Results r = run_text(
        quota, {"items.good.price_usd=1",
                "sites.shop.buys.good.from={first: {share: 0.5}, second: {share: 0.5}}",
                "agreements={x: {seller: " + seller +
                    ", buyer: shop, item: good, from: 2026-01-05, until: 2027-12-05, settled: "
                    "quarter, pieces_per_week: 0.6, take_or_pay: 1}}"});
    const double agreed = ordered(r, "shop<" + seller + ".good");
    CHECK(ordered(r, "shop<first.good") + ordered(r, "shop<second.good") == 100);
    CHECK(std::abs(agreed - 60) <= 1);
  }
}

// As many of each as are meant, within a lot: what is lacking of one is met from a lot of the
// other.
TEST_CASE("Whole pieces: lots of a family keep the mix, whatever its buyers take in its stead") {
  const auto check = [](double red, const std::string& spill) {
    CAPTURE(red);
    CAPTURE(spill);
    const world::Results r = run_text(
        R"(
name: lots of a family
)" + weeks_100 +
            R"(
families: {lamp: {}}
items: {red: {family: lamp}, blue: {family: lamp}}
sites:
  plant:
    continuous_review: true
    recipes: {a: {makes: red}, b: {makes: blue}}
    sells:
      lamp:
        forecast: constant
        replenish: {reorder_quantity: {reorder_pieces: -1, quantity_pieces: 100}}
customers: {public: {demand: {lamp: {pieces_per_week: 100, from: {plant: {}}}}}}
)",
        {"sites.plant.sells.lamp.spill=" + spill,
         "sites.plant.sells.lamp.mix={red: " + std::to_string(red) +
             ", blue: " + std::to_string(1 - red) + "}"});
    const double a = started(r, "a"), b = started(r, "b");
    CHECK(a + b >= 9900);
    CHECK(std::abs(a - red * (a + b)) <= 100);
  };
  for (const std::string spill : {"0", "0.5", "1"}) {
    check(0.6, spill);
    check(0.5, spill);
    check(0.1, spill);
  }
}

// Room for 150: 150 at the beginning, 100 are ordered as soon as there is room for them.
TEST_CASE("Whole pieces: a lot that does not fit in is not ordered in part") {
  const world::Results r = run_text(R"(
name: a small store
start: 2026-01-01
end: 2026-03-01
review_days: 1
items: {good: {}}
sites:
)" + store_of_good("mine", 1000000) +
                                    R"(
  shop:
    continuous_review: true
    buys:
      good:
        from: {mine: {}}
        replenish: {reorder_quantity: {reorder_pieces: 60, quantity_pieces: 100}}
        forecast: constant
    sells: {good: {forecast: constant}}
    stocks: {good: {initial_pieces: 150, room_pieces: 150}}
lanes: {way: {from: mine, to: shop, transit_days: 3}}
customers:
  public: {demand: {good: {pieces_per_week: 70, from: {shop: {}}}}}
)");
  double orders = 0;
  for (const double pieces : series(r, "channels.shop<mine.good", "ordered")) {
    CHECK(std::fmod(pieces, 100) == 0);
    orders += pieces > 0 ? 1 : 0;
  }
  // 10 go out each day. At 50 there is room for a lot; it comes three days later at 20, and 120 is
  // down to 50 after seven days more: 59 reviews after the first, one order each ten days from the
  // tenth on.
  CHECK(orders == 6);
}

// Nothing comes for six weeks: after the first half a lot more is ordered with each, which is a
// whole one every other week. With the hundred of the seventh week all of the last order has come:
// of the two lots in excess one is taken for the need of that week, and one cancelled.
TEST_CASE("Whole pieces: who orders lots of 100 orders more, and cancels, in lots of 100") {
  const world::Results r = run_text(R"(
name: more lots than are needed
start: 2026-01-05
end: 2026-03-01
review_days: 7
items: {good: {}}
sites:
  mine:
    recipes:
      make: {makes: good, max_starts_per_week: 0, initial_lots: [{pieces: 100, in_days: 42}]}
    sells: {good: {forecast: constant}}
  shop:
    buys:
      good:
        from: {mine: {}}
        replenish: {reorder_quantity: {reorder_pieces: -1, quantity_pieces: 100}}
        forecast: constant
        over_ordering: {cap: 1.5, sensitivity: 10, memory_weeks: 0.1}
    sells: {good: {forecast: constant}}
customers:
  public: {demand: {good: {pieces_per_week: 100, from: {shop: {}}}}}
)");
  using Weeks = std::vector<double>;
  CHECK(series(r, "channels.shop<mine.good", "ordered") ==
        Weeks{100, 100, 200, 100, 200, 100, 0, 100});
  CHECK(series(r, "channels.shop<mine.good", "cancelled") == Weeks{0, 0, 0, 0, 0, 0, 100, 0});
}

TEST_CASE("Whole pieces: a lot that is made and does not fit in is not started in part") {
  const world::Results r = run_text(R"(
name: a small store of a plant
start: 2026-01-01
end: 2026-03-01
review_days: 1
items: {good: {}}
sites:
  plant:
    continuous_review: true
    recipes: {make: {makes: good, cycle_days: 3}}
    sells:
      good:
        forecast: constant
        replenish: {reorder_quantity: {reorder_pieces: 60, quantity_pieces: 100}}
    stocks: {good: {initial_pieces: 150, room_pieces: 150}}
customers:
  public: {demand: {good: {pieces_per_week: 70, from: {plant: {}}}}}
)");
  for (const double pieces : series(r, "recipes.plant.make", "started")) {
    CHECK(std::fmod(pieces, 100) == 0);
  }
  CHECK(started(r, "make") == 600);
}

TEST_CASE("Whole pieces: a mix of single pieces, and recipes of one item, keep their shares") {
  const std::string mix = R"(
name: a mix of single pieces
)" + weeks_100 + R"(
families: {lamp: {}}
items: {red: {family: lamp}, blue: {family: lamp}}
sites:
  plant:
    continuous_review: true
    recipes: {a: {makes: red}, b: {makes: blue}}
    sells:
      lamp:
        mix: {red: 0.6, blue: 0.4}
        forecast: constant
        replenish: {base_stock: {level_pieces: 0}}
customers:
  public: {demand: {lamp: {pieces_per_week: 1, from: {plant: {}}}}}
)";
  const std::string recipes = R"(
name: shares of single pieces
)" + weeks_100 + R"(
items: {good: {}}
sites:
  plant:
    continuous_review: true
    recipes: {a: {makes: good, share: 0.6}, b: {makes: good, share: 0.4}}
    sells: {good: {forecast: constant, replenish: {base_stock: {level_pieces: 0}}}}
customers:
  public: {demand: {good: {pieces_per_week: 1, from: {plant: {}}}}}
)";
  const auto check = [](const world::Results& r, double share, double total) {
    check_shares(started(r, "a"), started(r, "b"), share, total);
  };
  check(run_text(mix), 0.6, 100);
  check(run_text(recipes), 0.6, 100);
  // a tenth of two a week
  check(run_text(recipes, {"customers.public.demand.good.pieces_per_week=2",
                           "sites.plant.recipes.a.share=0.1", "sites.plant.recipes.b.share=0.9"}),
        0.1, 200);
  check(run_text(mix, {"customers.public.demand.lamp.pieces_per_week=2",
                       "sites.plant.sells.lamp.mix={red: 0.1, blue: 0.9}"}),
        0.1, 200);
}

TEST_CASE("Whole pieces: of single scarce pieces equal buyers have half each, by every rule") {
  const std::string text = good_of_a_line("capacity_per_week: 1", "forecast: constant") + R"(
customers:
  x: {demand: {good: {pieces_per_week: 1, patience_days: 10, from: {plant: {}}}}}
  y: {demand: {good: {pieces_per_week: 1, patience_days: 10, from: {plant: {}}}}}
)";
  for (const std::string rule :
       {"proportional", "uniform", "linear", "talmud", "highest_price", "historical"}) {
    CAPTURE(rule);
    const world::Results r = run_text(text, {"sites.plant.sells.good.allocation=" + rule});
    const double x = metric(r, "customers.x.delivered.all");
    const double y = metric(r, "customers.y.delivered.all");
    CHECK(x + y >= 98);
    CHECK(std::abs(x - y) <= 2);
  }
}

TEST_CASE("Whole pieces: recipes that share a line of one piece a week have half each") {
  const world::Results r = run_text(R"(
name: two recipes on a line
)" + weeks_100 + R"(
items: {red: {}, blue: {}}
sites:
  plant:
    lines: {l: {capacity_per_week: 1}}
    recipes: {a: {makes: red, line: l}, b: {makes: blue, line: l}}
    sells: {red: {forecast: constant}, blue: {forecast: constant}}
customers:
  public: {demand: {red: {pieces_per_week: 1, patience_days: 10, from: {plant: {}}},
                    blue: {pieces_per_week: 1, patience_days: 10, from: {plant: {}}}}}
)");
  const double a = started(r, "a");
  const double b = started(r, "b");
  CHECK(a + b >= 98);
  CHECK(std::abs(a - b) <= 2);
}

// A line of 100 a week, and 100 wanted of each of two products that earn the same.
TEST_CASE("Whole pieces: recipes of the same margin share a line, one of more goes first") {
  const auto run = [](const std::string& price_of_blue) {
    return run_text(R"(
name: two products of a line, by margin
)" + weeks_100 + R"(
items: {red: {price_usd: 1}, blue: {price_usd: 1}}
sites:
  plant:
    sharing: margin
    lines: {l: {capacity_per_week: 100}}
    recipes: {a: {makes: red, line: l}, b: {makes: blue, line: l}}
    sells:
      red: {forecast: constant, replenish: {base_stock: {level_pieces: 0}}}
      blue: {forecast: constant, replenish: {base_stock: {level_pieces: 0}}}
customers:
  public: {demand: {red: {pieces_per_week: 100, patience_days: 10, from: {plant: {}}},
                    blue: {pieces_per_week: 100, patience_days: 10, from: {plant: {}}}}}
)",
                    {"items.blue.price_usd=" + price_of_blue});
  };
  const world::Results equal = run("1");
  CHECK(started(equal, "a") + started(equal, "b") >= 9800);
  CHECK(std::abs(started(equal, "a") - started(equal, "b")) <= 2);
  CHECK(started(run("2"), "b") >= 9800);
}

// The same without patience: each wants ten at every review, so that only what it is owed says
// whose turn it is. And of half a piece a week with three wanted of one for each of the other: a
// piece is started every other week, three of four for the first.
TEST_CASE(
    "Whole pieces: recipes that always want the same of a line take turns by what they want") {
  const auto check = [](const char* capacity, int level_a, double share, double total) {
    const world::Results r = run_text(
        R"(
name: turns on a line
)" + weeks_100 +
            R"(
items: {red: {}, blue: {}}
sites:
  plant:
    lines: {l: {}}
    recipes: {a: {makes: red, line: l}, b: {makes: blue, line: l}}
    sells:
      red: {forecast: constant}
      blue: {forecast: constant, replenish: {base_stock: {level_pieces: 10}}}
customers:
  public: {demand: {red: {pieces_per_week: 1, patience_days: 0, from: {plant: {}}},
                    blue: {pieces_per_week: 1, patience_days: 0, from: {plant: {}}}}}
)",
        {std::string("sites.plant.lines.l.capacity_per_week=") + capacity,
         "sites.plant.sells.red.replenish={base_stock: {level_pieces: " + std::to_string(level_a) +
             "}}"});
    check_shares(started(r, "a"), started(r, "b"), share, total);
  };
  check("1", 10, 0.5, 100);
  check("0.5", 30, 0.75, 50);
}

// One piece a week, which both have agreed on with the same priority; what is not there at once is
// lost, so that the claims are the same every week.
TEST_CASE("Whole pieces: of single pieces agreed with two buyers each has half") {
  const std::string without_patience =
      "demand.chip={pieces_per_week: 1, patience_days: 0, from: {fab: {}}}";
  const world::Results r = run_text(
      agreed,
      {"end=2024-12-29", "sites.fab.lines.wafers.capacity_per_week=1",
       "sites.fab.stocks.chip.initial_pieces=1", "customers.alpha." + without_patience,
       "customers.beta." + without_patience,
       "agreements={first: {seller: fab, buyer: alpha, item: chip, from: 2024-01-01, until: "
       "2024-12-29, settled: week, pieces_per_week: 1, reservation: soft}, second: {seller: "
       "fab, buyer: beta, item: chip, from: 2024-01-01, until: 2024-12-29, settled: week, "
       "pieces_per_week: 1, reservation: soft}}"});
  check_shares(metric(r, "customers.alpha.delivered.all"),
               metric(r, "customers.beta.delivered.all"), 0.5, 52);
}

// A line that does 60 a week and 100 are wanted each week in lots of 100: it is given a lot as soon
// as it is free of the last before the review ends, so that what is started is what it does, to a
// lot: 6000 in 100 weeks.
TEST_CASE("Whole pieces: a lot is started as a whole where a line or a limit allows a part of it") {
  const std::string text = good_of_a_line("capacity_per_week: 60", in_lots_of_100) + R"(
customers:
  public: {demand: {good: {pieces_per_week: 100, from: {plant: {}}}}}
)";
  const std::string limit = "sites.plant.recipes.a={makes: good, max_starts_per_week: 60}";
  const auto check = [&](const std::vector<std::string>& changes, double lot) {
    const world::Results r = run_text(text, changes);
    for (const double pieces : series(r, "recipes.plant.a", "started")) {
      CHECK(std::fmod(pieces, lot) == 0);
    }
    CHECK(started(r, "a") >= 6000 - lot);
    CHECK(started(r, "a") <= 6000 + lot);
  };
  check({}, 100);
  check({limit}, 100);
  check({limit, "sites.plant.continuous_review=true"}, 100);
  // 100 good ones at a yield of 0.8
  check({"sites.plant.recipes.a.yield=0.8"}, 125);
  // of two on the line each is given whole ones
  const world::Results r = run_text(text, {"sites.plant.recipes.b={makes: good, line: l}"});
  for (const std::string recipe : {"a", "b"}) {
    for (const double pieces : series(r, "recipes.plant." + recipe, "started")) {
      CHECK(std::fmod(pieces, 100) == 0);
    }
  }
  check_shares(started(r, "a") / 100, started(r, "b") / 100, 0.5, 60);
}

// Lots of 100 of red and of blue on a line that does one of them a week, and an agreement on one
// piece of red a week: a lot that goes first for it is ahead of it for 99 weeks.
TEST_CASE("Whole pieces: a lot that goes first for an agreement is ahead of what is reserved") {
  const world::Results r = run_text(R"(
name: lots of an agreement
)" + weeks_100 + R"(
items: {red: {price_usd: 1}, blue: {price_usd: 1}}
sites:
  plant:
    lines: {l: {capacity_per_week: 100}}
    recipes: {a: {makes: red, line: l}, b: {makes: blue, line: l}}
    sells:
      red: &lots
        forecast: constant
        replenish: {reorder_quantity: {reorder_pieces: -1, quantity_pieces: 100}}
      blue: *lots
customers:
  x: {demand: {red: {pieces_per_week: 100, from: {plant: {}}}}}
  y: {demand: {blue: {pieces_per_week: 100, from: {plant: {}}}}}
agreements:
  lta:
    {seller: plant, buyer: x, item: red, from: 2026-01-05, until: 2027-12-05, settled: week,
     pieces_per_week: 1, reservation: soft}
)");
  CHECK(started(r, "a") + started(r, "b") == 10000);
  check_shares(started(r, "a") / 100, started(r, "b") / 100, 0.5, 100);
}

// Two of a family are made in the stead of one that has no oil, one a week of the two that are
// wanted: half of it each.
TEST_CASE("Whole pieces: who makes less in another's stead than its part is owed the rest") {
  const world::Results r = run_text(R"(
name: in the stead of one
)" + weeks_100 + R"(
families: {lamp: {}}
items: {oil: {}, fine: {family: lamp}, red: {family: lamp}, blue: {family: lamp}}
sites:
  mine: {sells: {oil: {forecast: constant}}, recipes: {dig: {makes: oil, max_starts_per_week: 0}}}
  plant:
    lines: {l: {capacity_per_week: 1}}
    recipes:
      f: {makes: fine, inputs: {oil: 1}}
      a: {makes: red, line: l}
      b: {makes: blue, line: l}
    buys: {oil: {from: {mine: {}}, forecast: constant}}
    sells:
      lamp:
        mix: {fine: 1, red: 0, blue: 0}
        spill: 1
        forecast: constant
        replenish: {base_stock: {level_pieces: 0}}
customers:
  public: {demand: {lamp: {pieces_per_week: 2, from: {plant: {}}}}}
)");
  CHECK(started(r, "a") + started(r, "b") == 100);
  check_shares(started(r, "a"), started(r, "b"), 0.5, 100);
}

// A tenth of what is sold is red, 100 are kept and 10 wanted: 11 of red are lacking. Of the other
// variant, which cannot be made yet, none is made as red unless buyers accept red in its stead.
TEST_CASE("Whole pieces: what cannot be made is made as another variant only if that is accepted") {
  const std::string text = R"(
name: a variant to come
)" + weeks_100 + R"(
families: {lamp: {}}
items: {fine: {family: lamp}, red: {family: lamp}}
sites:
  plant:
    recipes: {f: {makes: fine, from: 2026-07-01}, a: {makes: red}}
    sells:
      lamp:
        mix: {fine: 0.9, red: 0.1}
        forecast: constant
        replenish: {base_stock: {level_pieces: 100}}
customers:
  public: {demand: {lamp: {pieces_per_week: 10, from: {plant: {}}}}}
)";
  const auto first_week = [&](const char* spill) {
    return series(run_text(text, {std::string("sites.plant.sells.lamp.spill=") + spill}),
                  "recipes.plant.a", "started")
        .front();
  };
  CHECK(first_week("0") == 11);
  CHECK(first_week("1") == 110);  // 10 to sell and 100 to keep
}

// 7 tins are all that fits, and 100 cans take 7: what 100 times 0.07 is not, counted in binary.
TEST_CASE("Whole pieces: a lot that takes all that fits is started") {
  const world::Results r = run_text(R"(
name: all that fits
)" + weeks_100 + R"(
items: {tin: {}, can: {}}
sites:
  mine:
    sells: {tin: {forecast: constant}}
    stocks: {tin: {initial_pieces: 1000}}
  plant:
    recipes: {a: {makes: can, inputs: {tin: 0.07}}}
    buys:
      tin: {from: {mine: {}}, replenish: {base_stock: {level_pieces: 1000}}, forecast: constant}
    sells:
      can:
        forecast: constant
        replenish: {reorder_quantity: {reorder_pieces: -1, quantity_pieces: 100}}
    stocks: {tin: {room_pieces: 7}}
customers:
  public: {demand: {can: {pieces_per_week: 100, from: {plant: {}}}}}
)");
  CHECK(started(r, "a") >= 9800);  // a lot a week, but for the way of the first tins
}

// 50 tins a week come for cans in lots of 100.
TEST_CASE("Whole pieces: a lot whose inputs are there in part waits for all of them") {
  const std::string text = R"(
name: a lot waits for its inputs
start: 2026-01-05
end: 2026-03-29
review_days: 7
items: {tin: {}, can: {}}
sites:
  mine:
    recipes: {dig: {makes: tin, max_starts_per_week: 50}}
    sells: {tin: {forecast: constant, replenish: {base_stock: {level_pieces: 0}}}}
  plant:
    recipes: {cut: {makes: can, inputs: {tin: 1}}}
    buys: {tin: {from: {mine: {}}, replenish: {base_stock: {level_pieces: 0}}, forecast: constant}}
    sells:
      can:
        forecast: constant
        replenish: {reorder_quantity: {reorder_pieces: -1, quantity_pieces: 100}}
customers:
  public:
    demand:
      can: {pieces_per_week: 1, variation: {trace: {quantities: [100]}}, from: {plant: {}}}
)";
  const world::Results r = run_text(text);
  double lots = 0;
  for (const double pieces : series(r, "recipes.plant.cut", "started")) {
    CHECK(std::fmod(pieces, 100) == 0);
    lots += pieces / 100;
  }
  CHECK(lots == 1);
  CHECK(metric(r, "customers.public.delivered.all") == 100);
}

// At most 150 in process, and 7 days for a lot: one is in, and 50 do not let in a part of another.
TEST_CASE("Whole pieces: constant work in process lets in whole lots, and no more than it holds") {
  const std::string line = "capacity_per_week: 1000, release: {conwip: {pieces: 150}}";
  const world::Results r = run_text(good_of_a_line(line, in_lots_of_100) + R"(
customers:
  public: {demand: {good: {pieces_per_week: 100, from: {plant: {}}}}}
)",
                                    {"sites.plant.recipes.a.cycle_days=13"});
  for (const double pieces : series(r, "recipes.plant.a", "started")) {
    CHECK(std::fmod(pieces, 100) == 0);
  }
  for (const double pieces : series(r, "recipes.plant.a", "in_process")) CHECK(pieces <= 150);
  CHECK(started(r, "a") == 5000);  // every other week
}

// Two recipes of half each, and lots of 10 good pieces: a starts 10 for one, b 20 at a yield of a
// half. There is room for 25: for one lot of either, and not for two, whatever that of the other
// takes.
TEST_CASE("Whole pieces: lots of recipes of different yields fit into a room as they are started") {
  const world::Results r = run_text(R"(
name: two yields and a room
)" + weeks_100 + R"(
items: {good: {}}
sites:
  plant:
    recipes:
      a: {makes: good, cycle_days: 6}
      b: {makes: good, cycle_days: 6, yield: 0.5}
    sells:
      good:
        forecast: constant
        replenish: {reorder_quantity: {reorder_pieces: -1, quantity_pieces: 10}}
    stocks: {good: {room_pieces: 25}}
customers:
  public: {demand: {good: {pieces_per_week: 20, from: {plant: {}}}}}
)");
  const auto a = series(r, "recipes.plant.a", "started");
  const auto b = series(r, "recipes.plant.b", "started");
  for (std::size_t w = 0; w < a.size(); ++w) {
    CHECK(std::fmod(a[w], 10) == 0);
    CHECK(std::fmod(b[w], 20) == 0);
    CHECK(a[w] + b[w] <= 25);
  }
  // good ones, half each
  CHECK(std::abs(started(r, "a") - 0.5 * started(r, "b")) <= 20);
  CHECK(started(r, "a") + 0.5 * started(r, "b") >= 990);
}

// A family keeps 100 and sells 10 a week: each week the 5 of each variant that were sold.
TEST_CASE("Whole pieces: a family that keeps more than it sells soon makes what was sold") {
  for (const std::string keeps :
       {"{base_stock: {level_pieces: 100}}", "{order_up_to: {safety_weeks: 9}}"}) {
    CAPTURE(keeps);
    const world::Results r = run_text(R"(
name: a family with much in stock
)" + weeks_100 + R"(
families: {lamp: {}}
items: {red: {family: lamp}, blue: {family: lamp}}
sites:
  plant:
    recipes: {a: {makes: red}, b: {makes: blue}}
    sells: {lamp: {mix: {red: 0.5, blue: 0.5}, forecast: constant}}
    stocks: {red: {initial_pieces: 50}, blue: {initial_pieces: 50}}
customers:
  public: {demand: {lamp: {pieces_per_week: 10, from: {plant: {}}}}}
)",
                                      {"sites.plant.sells.lamp.replenish=" + keeps});
    for (const std::string recipe : {"a", "b"}) {
      for (const double pieces : series(r, "recipes.plant." + recipe, "started")) {
        CHECK(pieces == 5);
      }
    }
  }
}

// What is meant for `fine`, which cannot be made for want of its input, is made as one of two
// others: a piece a week, by turns.
TEST_CASE("Whole pieces: what is made in the stead of a variant is made of the others by turns") {
  const auto run = [](const std::string& replenish, int a_week) {
    return run_text(
        R"(
name: two instead of one
)" + weeks_100 +
            R"(
families: {lamp: {}}
items: {oil: {}, fine: {family: lamp}, red: {family: lamp}, blue: {family: lamp}}
sites:
  mine: {sells: {oil: {forecast: constant}}, recipes: {dig: {makes: oil, max_starts_per_week: 0}}}
  plant:
    continuous_review: true
    recipes:
      f: {makes: fine, inputs: {oil: 1}}
      a: {makes: red}
      b: {makes: blue}
    buys: {oil: {from: {mine: {}}, forecast: constant}}
    sells: {lamp: {mix: {fine: 1, red: 0, blue: 0}, spill: 1, forecast: constant}}
customers:
  public: {demand: {lamp: {from: {plant: {}}}}}
)",
        {"sites.plant.sells.lamp.replenish=" + replenish,
         "customers.public.demand.lamp.pieces_per_week=" + std::to_string(a_week)});
  };
  const world::Results pieces = run("{base_stock: {level_pieces: 0}}", 1);
  check_shares(started(pieces, "a"), started(pieces, "b"), 0.5, 100);
  const auto a = series(pieces, "recipes.plant.a", "started");
  const auto b = series(pieces, "recipes.plant.b", "started");
  for (std::size_t w = 0; w < a.size(); ++w) CHECK(a[w] + b[w] == 1);  // no half of a piece waits
  const world::Results lots =
      run("{reorder_quantity: {reorder_pieces: -1, quantity_pieces: 10}}", 10);
  check_shares(started(lots, "a") / 10, started(lots, "b") / 10, 0.5, 100);
}

}  // namespace
}  // namespace optichain::models
