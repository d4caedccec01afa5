// Limits in time act when they are due, and nothing that is wanted leaves the books: tiny worlds
// worked out by hand.
#include <numeric>

#include "tests/model/run_text.hpp"
#include "tests/model/small_worlds.hpp"

namespace optichain::models {
namespace {

/// demanded = shipped + backlog + withdrawn, of a product whose customers order what they need.
void check_that_all_is_accounted_for(const world::Results& r, const std::string& customer) {
  const auto of = [&](const char* measure) {
    return metric(r, "customers." + customer + "." + measure + ".all");
  };
  // nothing is under way at the end of these worlds
  CHECK(of("demanded") == of("delivered") + of("backlog") + of("withdrawn"));
}

// --- nobody to buy from --------------------------------------------------------------------------

// One piece a day is wanted from 1 January on; the only seller sells from 1 February on.
const std::string closed_in_january = R"(
name: nobody to buy from in January
start: 2026-01-01
end: 2026-03-31
review_days: 1
items: {good: {price_usd: 2}}
sites:
)" + store_of_good("first", 1000) + R"(
customers:
  public:
    demand: {good: {pieces_per_week: 7, value_usd_per_piece: 10, from: {first: {from: 2026-02-01}}}}
)";
const std::string of_public = "customers.public.demand.good.";

TEST_CASE("Limits: what is wanted while nobody sells waits, and is ordered when somebody does") {
  const world::Results r = run_text(closed_in_january);
  CHECK(metric(r, "customers.public.demanded.all") == 90);
  CHECK(metric(r, "customers.public.delivered.all") == 90);
  CHECK(metric(r, "customers.public.backlog.all") == 0);
  check_that_all_is_accounted_for(r, "public");
  // at the ends of 1 and of 31 January 1 and 31 wait; on 1 February all are there
  const auto backlog = series(r, "demands.public.good", "backlog");
  CHECK(backlog.at(0) == 1);
  CHECK(backlog.at(30) == 31);
  CHECK(backlog.at(31) == 0);
  // the piece of 1 January waits for 31 days, that of 31 January for 1
  CHECK(metric(r, "customers.public.lead_time.all") == doctest::Approx(31 * 32 / 2.0 / 90));
}

TEST_CASE("Limits: nobody sells until the end, and all that is wanted is owed") {
  const world::Results r = run_text(closed_in_january, {"end=2026-01-31"});
  CHECK(metric(r, "customers.public.delivered.all") == 0);
  CHECK(metric(r, "customers.public.backlog.all") == 31);
  CHECK(metric(r, "customers.public.waiting_value.all") == 310);
  check_that_all_is_accounted_for(r, "public");
  // of what lacks, all is for want of a seller
  CHECK(metric(r, "causes.qualification.good.unmet.all") == 31);
}

TEST_CASE("Limits: a customer gives up what it could order from nobody for too long") {
  // what was wanted until 21 January has waited for 10 days when January ends
  const world::Results r =
      run_text(closed_in_january, {"end=2026-01-31", of_public + "patience_days=10"});
  CHECK(metric(r, "customers.public.withdrawn.all") == 21);
  CHECK(metric(r, "customers.public.backlog.all") == 10);
  CHECK(metric(r, "customers.public.lost_value.all") == 210);
  const auto given_up = series(r, "demands.public.good", "given_up");
  CHECK(std::accumulate(given_up.begin(), given_up.end(), 0.0) == 21);
  CHECK(metric(r, "causes.qualification.good.unmet.all") == 31);
  check_that_all_is_accounted_for(r, "public");
  // and without patience at once
  const world::Results lost = run_text(closed_in_january, {of_public + "patience_days=0"});
  CHECK(metric(lost, "customers.public.withdrawn.all") == 31);
  CHECK(metric(lost, "customers.public.delivered.all") == 59);
  check_that_all_is_accounted_for(lost, "public");
}

TEST_CASE("Limits: what waits for a seller is needed, and only what is needed waits") {
  // Nobody sells from the 15th on for a fortnight. Who over-orders has ordered no more than it
  // needs, because all was shipped, and goes on where it was.
  const world::Results r =
      run_text(closed_in_january,
               {of_public + "from.first={}", of_public + "over_ordering={}",
                "programs={control: {export_control: {from: 2026-01-15, until: 2026-01-28}}}"});
  CHECK(metric(r, "customers.public.delivered.all") == 90);
  CHECK(series(r, "demands.public.good", "backlog").at(27) == 14);
  check_that_all_is_accounted_for(r, "public");
}

// All orders between two reviews count in the fill rate. Nothing comes: of 100 a week that were
// ordered and shipped before, a factor e is forgotten in the first week, in which n more are
// ordered. The fill rate is 1 / (1 + e n / 100), about 0.27; with 0.35 or less, as for any n above
// 70, two are ordered for each that is wanted, or more.
TEST_CASE("Limits: who over-orders and orders at random sees all its orders") {
  const world::Results r = run_text(
      closed_in_january, {"end=2026-01-21", "review_days=7", of_public + "pieces_per_week=100",
                          of_public + "from.first={}", "sites.first.stocks.good.initial_pieces=0",
                          of_public + "variation={poisson_process: {pieces_per_order: 1}}",
                          of_public + "over_ordering={cap: 10, sensitivity: 1, memory_weeks: 1}"});
  const auto ordered = series(r, "channels.public<first.good", "ordered");
  const auto demanded = series(r, "demands.public.good", "demanded");
  REQUIRE(ordered.size() == 3);  // the weeks from the 1st, 8th and 15th on
  CHECK(ordered.at(0) == demanded.at(0));
  CHECK(ordered.at(1) >= 2 * demanded.at(1));
}

// --- patience ------------------------------------------------------------------------------------

// 100 are wanted on 5 January, once, of a shop that has 60; 40 more come on the 15th. The customer
// looks at its orders every 28 days.
const std::string short_of_40 = R"(
name: patience between reviews
start: 2026-01-05
end: 2026-03-01
review_days: 1
items: {good: {price_usd: 2}}
sites:
)" + store_of_good("mine", 0) + R"(
  shop:
    continuous_review: true
    buys:
      good:
        from: {mine: {initial_shipments: [{pieces: 40, in_days: 10}]}}
        replenish: {base_stock: {level_pieces: 0}}
        forecast: constant
    sells: {good: {forecast: constant}}
    stocks: {good: {initial_pieces: 60}}
customers:
  public:
    review_days: 28
    demand:
      good:
        pieces_per_week: 1
        patience_days: 3
        variation: {trace: {quantities: [100]}}
        from: {shop: {}}
)";

/// What is given up of orders at the shop, so many days after 5 January.
double withdrawn_on_day(const world::Results& r, std::size_t day) {
  const auto withdrawn = series(r, "channels.public<shop.good", "withdrawn");
  return withdrawn.empty() ? 0 : withdrawn.at(day);
}

TEST_CASE("Limits: patience ends when it is due, not at the customer's next review") {
  const world::Results r = run_text(short_of_40);
  CHECK(metric(r, "customers.public.delivered.all") == 60);
  CHECK(metric(r, "customers.public.withdrawn.all") == 40);
  CHECK(withdrawn_on_day(r, 3) == 40);
  check_that_all_is_accounted_for(r, "public");
}

TEST_CASE("Limits: what comes at the instant at which patience ends is still in time") {
  const world::Results r = run_text(short_of_40, {of_public + "patience_days=10"});
  CHECK(metric(r, "customers.public.delivered.all") == 100);
  const world::Results late = run_text(short_of_40, {of_public + "patience_days=9.99"});
  CHECK(metric(late, "customers.public.delivered.all") == 60);
}

TEST_CASE("Limits: an order that reaches the seller after patience has ended is lost there") {
  // it takes two days, and what is in stock when it is there is shipped at once
  for (const char* days : {"0", "1"}) {
    const world::Results r = run_text(short_of_40, {of_public + "patience_days=" + days,
                                                    of_public + "from.shop.order_delay_days=2"});
    CHECK(metric(r, "customers.public.delivered.all") == 60);
    CHECK(withdrawn_on_day(r, 2) == 40);
  }
}

TEST_CASE("Limits: orders from before the simulation are given up like others") {
  // 80 are to reach the shop on the 6th; patience counts from the 5th on
  const world::Results r =
      run_text(short_of_40, {of_public + "from.shop.initial_orders=[{pieces: 80, in_days: 1}]",
                             of_public + "variation.trace.quantities=[0]"});
  CHECK(metric(r, "customers.public.delivered.all") == 60);
  CHECK(withdrawn_on_day(r, 3) == 20);
}

TEST_CASE("Limits: who waits for a seller first has that much less patience with it") {
  // wanted on 1 January, ordered on 1 February of a seller that has nothing, given up on the 10th
  const world::Results r =
      run_text(closed_in_january,
               {of_public + "patience_days=40", of_public + "variation={trace: {quantities: [5]}}",
                "sites.first.stocks.good.initial_pieces=0"});
  const auto withdrawn = series(r, "channels.public<first.good", "withdrawn");
  CHECK(withdrawn.at(40) == 5);
  check_that_all_is_accounted_for(r, "public");
}

// --- dates ---------------------------------------------------------------------------------------

// Ten are ordered on 5 January and reach the mine, which has them, on the 6th. From then until the
// 9th they may not be shipped. Reviews are every 28 days, but the mine acts at any time.
const std::string controlled = R"(
name: a control that ends between reviews
start: 2026-01-05
end: 2026-04-05
review_days: 28
items: {good: {}}
sites:
)" + store_of_good("mine", 100) +
                               R"(
programs:
  control: {export_control: {from: 2026-01-06, until: 2026-01-09, sites: [mine]}}
customers:
  public:
    review_days: 90
    demand:
      good:
        pieces_per_week: 1
        variation: {trace: {quantities: [10]}}
        from: {mine: {order_delay_days: 1}}
)";

TEST_CASE("Limits: what a control held up is shipped when it ends") {
  const world::Results r = run_text(controlled);
  CHECK(metric(r, "customers.public.delivered.all") == 10);
  CHECK(metric(r, "customers.public.lead_time.all") == 5);  // shipped on the 10th
}

TEST_CASE("Limits: who may not order while a control holds orders when it ends") {
  const world::Results r = run_text(controlled, {"programs.control.export_control.from=2026-01-05",
                                                 of_public + "from.mine.order_delay_days=0"});
  CHECK(metric(r, "customers.public.lead_time.all") == 5);  // ordered and shipped on the 10th
}

TEST_CASE("Limits: a source, a variant and a recipe are used from their first instant on") {
  const std::vector<std::string> no_control{"programs={}",
                                            of_public + "from.mine.order_delay_days=0"};
  const auto lead_time = [&](std::vector<std::string> changes) {
    changes.insert(changes.begin(), no_control.begin(), no_control.end());
    return metric(run_text(controlled, changes), "customers.public.lead_time.all");
  };
  CHECK(lead_time({}) == 0);
  CHECK(lead_time({of_public + "from.mine={from: 2026-01-17}"}) == 12);
  CHECK(lead_time({of_public + "from.mine={share: {steps: {2026-01-05: 0, 2026-01-18: 1}}}"}) ==
        13);
  // nothing is there, and it may be made from the 15th on, in two days
  CHECK(lead_time({"sites.mine.stocks.good.initial_pieces=0",
                   "sites.mine.recipes={make: {makes: good, from: 2026-01-15, cycle_days: 2}}"}) ==
        12);
}

TEST_CASE("Limits: what is qualified is used at the instant at which it is") {
  const auto lead_time = [&](const std::string& of) {
    return metric(run_text(controlled, {"programs={}", of_public + "from.mine.order_delay_days=0",
                                        "sites.mine.stocks.good.initial_pieces=0",
                                        "sites.mine.recipes={make: {makes: good}}",
                                        "qualifications={test: {" + of +
                                            ", start: 2026-01-05, duration_days: 9}}"}),
                  "customers.public.lead_time.all");
  };
  CHECK(lead_time("buyer: public, seller: mine, of: good") == 9);
  CHECK(lead_time("buyer: mine, recipe: make") == 9);
}

TEST_CASE("Limits: a site orders elsewhere at the instant at which a seller gives up its orders") {
  // the shop keeps nothing and orders what it owes, all from the mine, which has nothing and leaves
  // on the 12th; the other has it
  const world::Results r = run_text(R"(
name: an exit between reviews
start: 2026-01-05
end: 2026-04-05
review_days: 28
items: {good: {}}
sites:
  mine: {sells: {good: {forecast: constant}}, recipes: {make: {makes: good, from: 2027-01-01}}}
)" + store_of_good("other", 100) + R"(
  shop:
    continuous_review: true
    buys:
      good:
        from: {mine: {}, other: {share: 0.000001}}
        replenish: {base_stock: {level_pieces: 0}}
        forecast: constant
    sells: {good: {forecast: constant}}
programs:
  leaves: {exit: {site: mine, date: 2026-01-12, honours_orders: false}}
customers:
  public:
    review_days: 90
    demand:
      good: {pieces_per_week: 1, variation: {trace: {quantities: [10]}}, from: {shop: {}}}
)");
  CHECK(metric(r, "customers.public.delivered.all") == 10);
  CHECK(metric(r, "customers.public.lead_time.all") == 7);
}

TEST_CASE("Limits: an order that patience ends on its way is filled at once or withdrawn") {
  // it reaches the seller on day 5, and patience has ended on day 3: of a hundred the seller has 60
  const world::Results r = run_text(R"(
name: slower than patience
start: 2026-01-05
end: 2026-03-01
review_days: 1
items: {good: {}}
sites:
)" + store_of_good("first", 60) + R"(
customers:
  public:
    review_days: 365
    demand:
      good:
        pieces_per_week: 1
        patience_days: 3
        variation: {trace: {quantities: [100]}}
        from: {first: {order_delay_days: 5}}
)");
  CHECK(metric(r, "customers.public.delivered.all") == 60);
  CHECK(metric(r, "customers.public.withdrawn.all") == 40);
  check_that_all_is_accounted_for(r, "public");
}

// --- echelons ------------------------------------------------------------------------------------

// A product takes two parts. The assembler keeps 50 products, and nobody buys for the first weeks.
const std::string assembled = R"(
name: echelon through a bill of materials
start: 2026-01-05
end: 2026-03-01
review_days: 7
items: {ore: {}, part: {}, product: {}}
sites:
  mine:
    continuous_review: true
    sells: {ore: {forecast: constant}}
    stocks: {ore: {initial_pieces: 1000000}}
  maker:
    recipes: {make: {makes: part, inputs: {ore: 1}}}
    buys: {ore: {from: {mine: {}}, replenish: {base_stock: {level_pieces: 0}}, forecast: constant}}
    sells: {part: {forecast: constant, replenish: {echelon_base_stock: {level_pieces: 100}}}}
  assembler:
    recipes: {assemble: {makes: product, inputs: {part: 2}}}
    buys:
      part: {from: {maker: {}}, replenish: {base_stock: {level_pieces: 0}}, forecast: constant}
    sells: {product: {forecast: constant, replenish: {base_stock: {level_pieces: 50}}}}
    stocks: {product: {initial_pieces: 50}}
customers:
  public:
    demand:
      product:
        pieces_per_week: 1
        variation: {trace: {quantities: [0, 0, 0, 0]}}
        from: {assembler: {}}
)";

TEST_CASE("Limits: an echelon counts what is in products") {
  const auto made = [&](const std::vector<std::string>& changes) {
    return metric(run_text(assembled, changes), "recipes.maker.make.started.all");
  };
  CHECK(made({}) == 0);  // 50 products have 100 parts in them
  CHECK(made({"sites.maker.sells.part.replenish.echelon_base_stock.level_pieces=130"}) == 30);
  // three are owed to customers, and six parts lack of 100
  CHECK(made({"sites.assembler.stocks.product.initial_pieces=50",
              "customers.public.demand.product.variation.trace.quantities=[3, 0, 0, 0]"}) == 6);
  // 20 products in process have 40 parts in them
  CHECK(made({"sites.assembler.stocks.product.initial_pieces=30",
              "sites.assembler.recipes.assemble={makes: product, inputs: {part: 2}, initial_lots: "
              "[{pieces: 20, in_days: 365}], cycle_days: 365}"}) == 0);
}

TEST_CASE("Limits: an echelon that cannot be counted is refused") {
  CHECK_THROWS_WITH(
      run_text(assembled, {"sites.assembler.recipes.other={makes: product, inputs: {part: 3}}"}),
      doctest::Contains("pieces of assembler.product have more or less in them"));
}

// The plant has 40 and the shop 20; ten are wanted a week. The echelon position of the plant is 50
// when the public has bought, so that it makes ten, and what the shop keeps is no matter.
const std::string two_stages = R"(
name: echelon of what is made
start: 2026-01-05
end: 2026-03-01
review_days: 7
items: {good: {}}
sites:
  plant:
    recipes: {make: {makes: good}}
    sells: {good: {forecast: constant, replenish: {echelon_base_stock: {level_pieces: 60}}}}
    stocks: {good: {initial_pieces: 40}}
  shop:
    buys:
      good: {from: {plant: {}}, replenish: {base_stock: {level_pieces: 20}}, forecast: constant}
    sells: {good: {forecast: constant}}
    stocks: {good: {initial_pieces: 20}}
customers:
  public: {demand: {good: {pieces_per_week: 10, from: {shop: {}}}}}
)";

TEST_CASE("Limits: the maker of an item keeps its echelon at the level") {
  const world::Results r = run_text(two_stages);
  CHECK(series(r, "recipes.plant.make", "started") == std::vector<double>(8, 10));
  // it has 50 until the shop's order of the week is shipped, at its next review
  CHECK(series(r, "stocks.plant.good", "on_hand").at(1) == 50);
  CHECK(metric(r, "customers.public.delivered.all") == 80);
}

// Ten a week come to a stage that brings its position up to five at each review, at once: after the
// orders of a week it has shipped what it made the week before, ten, and owes five.
TEST_CASE("Limits: a single stage under an echelon level owes what the level lacks, and no more") {
  std::string one_stage = two_stages;
  const std::size_t shop = one_stage.find("  shop:"), customers = one_stage.find("customers:");
  one_stage.erase(shop, customers - shop);
  const world::Results r = run_text(
      one_stage, {of_public + "from={plant: {}}", "sites.plant.stocks.good.initial_pieces=5",
                  "sites.plant.sells.good.replenish.echelon_base_stock.level_pieces=5"});
  CHECK(series(r, "demands.public.good", "backlog") == std::vector<double>(8, 5));
}

// --- disruptions ---------------------------------------------------------------------------------

// Two shops of one depot: each of their customers wants four every Monday, and each shop orders
// them at once. From Monday the 8th to Wednesday something of the first shop pauses.
const std::string two_shops = R"(
name: two shops
start: 2024-01-01
end: 2024-01-28
review_days: 1
items: {good: {}}
sites:
)" + store_of_good("depot", 1000) +
                              R"(
  first:
    continuous_review: true
    buys:
      good: {from: {depot: {}}, replenish: {base_stock: {level_pieces: 0}}, forecast: constant}
    sells: {good: {forecast: constant}}
  second:
    continuous_review: true
    buys:
      good: {from: {depot: {}}, replenish: {base_stock: {level_pieces: 0}}, forecast: constant}
    sells: {good: {forecast: constant}}
customers:
  alpha: {review_days: 7, demand: {good: {pieces_per_week: 4, from: {first: {}}}}}
  beta: {review_days: 7, demand: {good: {pieces_per_week: 4, from: {second: {}}}}}
)";

TEST_CASE("Limits: a disruption pauses what is shipped to one buyer, and others are served") {
  struct Waits {
    double alpha, beta;
  };
  const auto waits = [](const std::string& what) {
    const world::Results r =
        run_text(two_shops, {"programs={strike: {disruption: {" + what +
                             ", when: {dated: {from: 2024-01-08, days: 3}}}}}"});
    CHECK(metric(r, "programs.strike.days_down.all") == doctest::Approx(3));
    CHECK(metric(r, "customers.alpha.delivered.all") == 16);
    CHECK(metric(r, "customers.beta.delivered.all") == 16);
    return Waits{metric(r, "customers.alpha.lead_time.all"),
                 metric(r, "customers.beta.lead_time.all")};
  };
  // one of four orders waits for three days
  for (const char* what :
       {"site: first, pauses: supply", "site: first, pauses: supply, sellers: [depot]",
        "site: depot, pauses: shipments, buyers: [first]", "site: first, pauses: orders",
        "site: first, pauses: shipments", "site: first, pauses: shipments, buyers: [alpha]"}) {
    INFO(what);
    const Waits found = waits(what);
    CHECK(found.alpha == doctest::Approx(3.0 / 4));
    CHECK(found.beta == 0);
  }
  const Waits both = waits("site: depot, pauses: shipments");
  CHECK(both.alpha == doctest::Approx(3.0 / 4));
  CHECK(both.beta == doctest::Approx(3.0 / 4));
}

}  // namespace
}  // namespace optichain::models
