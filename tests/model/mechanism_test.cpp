// One tiny network per mechanism; every expectation is worked out by hand in the comment above it.
#include "tests/model/run_text.hpp"
#include "tests/model/small_worlds.hpp"

namespace optichain::models {
namespace {

// A plant that makes chips from wafers of a supplier with endless stock, for one customer who wants
// 100 a week. Everything takes no time unless a test says so. 10 weeks from Monday 2024-01-01.
const std::string plant = R"(
name: plant
start: 2024-01-01
end: 2024-03-10
items: {wafer: {price_usd: 10}, chip: {price_usd: 50}}
sites:
  foundry:
    sells: {wafer: {}}
    stocks: {wafer: {initial_pieces: 1000000}}
  plant:
    lines: {etch: {capacity_per_week: 1000}}
    recipes:
      make: {makes: chip, inputs: {wafer: 2}, line: etch, cycle_days: 3}
    sells: {chip: {forecast: constant, replenish: {order_up_to: {safety_weeks: 0}}}}
    buys:
      wafer: {from: {foundry: {}}, forecast: constant, replenish: {order_up_to: {safety_weeks: 1}}}
    stocks: {wafer: {initial_pieces: 400}, chip: {initial_pieces: 100}}
customers:
  buyer: {demand: {chip: {pieces_per_week: 100, from: {plant: {}}}}}
)";

TEST_CASE("Mechanism: a plant in balance delivers what is wanted, and the books say how") {
  const world::Results r = run_text(plant);
  CHECK(metric(r, "customers.buyer.demanded.all") == 1000);
  CHECK(metric(r, "customers.buyer.delivered.all") == 1000);
  CHECK(metric(r, "customers.buyer.fill_rate.all") == 1);
  // Every chip sold at 50, two wafers of 10 in each chip that was started.
  CHECK(metric(r, "customers.buyer.spend.all") == 50'000);
  CHECK(metric(r, "sites.plant.sales.all") == 50'000);
  const double wafers = metric(r, "items.wafer.shipped.all");
  CHECK(metric(r, "sites.plant.purchases.all") == 10 * wafers);
  CHECK(metric(r, "sites.foundry.sales.all") == 10 * wafers);
  // needed: two wafers a chip
  CHECK(metric(r, "items.wafer.needed.all") == 2000);
  CHECK(metric(r, "items.chip.needed.all") == 1000);
}

TEST_CASE("Mechanism: a line of 60 a week delivers its capacity and says it was the line") {
  const world::Results r = run_text(plant, {"sites.plant.lines.etch.capacity_per_week=60"});
  // Review on Monday, line and cycle (3 days) after it: the lot of week 1 is done a week later and
  // is shipped at the review of week 3 at the latest; in 10 weeks 100 from stock and 60 in each of
  // 8 weeks (the lots started in weeks 1 to 8).
  CHECK(metric(r, "customers.buyer.delivered.all") == 100 + 8 * 60);
  CHECK(metric(r, "recipes.plant.make.started.all") == 600);
  CHECK(metric(r, "lines.plant.etch.utilisation.all") == doctest::Approx(1).epsilon(1e-6));
  CHECK(metric(r, "lines.plant.etch.lost_to_line.all") > 0);
  CHECK(metric(r, "recipes.plant.make.lost_to.wafer.all") == 0);
  CHECK(metric(r, "customers.buyer.backlog.all") == 1000 - 580);
}

TEST_CASE("Mechanism: an input that runs out stops the line and is named") {
  // 400 wafers at hand and none to be had: 200 chips from them and 100 from stock.
  const world::Results r = run_text(plant, {"sites.foundry.stocks.wafer.initial_pieces=0"});
  CHECK(metric(r, "customers.buyer.delivered.all") == 300);
  CHECK(metric(r, "recipes.plant.make.lost_to.wafer.all") > 0);
  CHECK(metric(r, "recipes.plant.make.lost_to.line_etch.all") == 0);
  CHECK(metric(r, "items.wafer.supplied.all") == 0);
  CHECK(metric(r, "items.wafer.shortage_true.all") == 1);
  CHECK(metric(r, "items.wafer.shortage_apparent.all") == 1);
}

TEST_CASE("Mechanism: a yield of a half scraps half and starts twice as much") {
  const world::Results r = run_text(plant, {"sites.plant.recipes.make.yield=0.5"});
  CHECK(metric(r, "customers.buyer.delivered.all") == 1000);
  const double started = metric(r, "recipes.plant.make.started.all");
  const double produced = metric(r, "recipes.plant.make.produced.all");
  const double scrap = metric(r, "recipes.plant.make.scrap.all");
  CHECK(produced == scrap);
  // the lot of the last review is not out of its cycle of 3 days and the line before the end
  CHECK(started >= produced + scrap);
  CHECK(metric(r, "items.wafer.needed.all") == 4000);
}

TEST_CASE("Mechanism: an outage of two weeks costs two weeks of output") {
  const std::vector<std::string> tight = {"sites.plant.lines.etch.capacity_per_week=60"};
  auto stopped = tight;
  stopped.push_back("sites.plant.lines.etch.outages={fire: {from: 2024-01-15, until: 2024-01-28}}");
  const double without = metric(run_text(plant, tight), "customers.buyer.delivered.all");
  const double with = metric(run_text(plant, stopped), "customers.buyer.delivered.all");
  CHECK(without - with == 120);
}

// 20 days. Two pieces are wanted on the first day and one on the eleventh; one can be shipped after
// two days, one after four.
const char* const waiting_customer = R"(
name: waiting
start: 2026-01-01
end: 2026-01-20
review_days: 1
items: {lamp: {}}
sites:
  plant:
    recipes:
      make:
        makes: lamp
        max_starts_per_week: 0
        initial_lots: [{pieces: 1, in_days: 2}, {pieces: 1, in_days: 4}]
    sells: {lamp: {}}
customers:
  buyer:
    demand:
      lamp:
        pieces_per_week: 1
        from: {plant: {}}
        variation: {trace: {quantities: [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]}}
)";

TEST_CASE("Mechanism: who still waits counts in the lead time, as far as it has waited") {
  // waits of 2 and 4 days, and 10 at the end: 16 piece days over 2 pieces shipped
  const world::Results r = run_text(waiting_customer);
  CHECK(metric(r, "customers.buyer.waited.all") == 16);
  CHECK(metric(r, "customers.buyer.lead_time.all") == 8);
  CHECK(metric(r, "items.lamp.lead_time.all") == 8);
  CHECK(metric(r, "customers.buyer.backlog.all") == 1);
  // on the way for another day: three and five days, and 10 of who is not shipped
  CHECK(metric(run_text(waiting_customer, {"lanes.way={transit_days: 1}"}),
               "customers.buyer.lead_time.all") == (3 + 5 + 10) / 2.0);
  // who gives up after six days waited until then
  CHECK(metric(run_text(waiting_customer, {"customers.buyer.demand.lamp.patience_days=6"}),
               "customers.buyer.lead_time.all") == (2 + 4 + 6) / 2.0);
  // nothing is shipped: what two have waited for 20 days and one for 10, in the mean
  CHECK(metric(run_text(waiting_customer, {"sites.plant.recipes.make.initial_lots=[]"}),
               "customers.buyer.lead_time.all") == doctest::Approx(50 / 3.0));
  // and nobody may be ordered from until the eighth day: 7 days each, one ships when it is ordered
  const world::Results late =
      run_text(waiting_customer, {"customers.buyer.demand.lamp.from.plant.from=2026-01-08"});
  CHECK(metric(late, "customers.buyer.lead_time.all") == (7 + 7 + 10) / 2.0);
}

TEST_CASE("Mechanism: transit and order delay add up to the lead time of the customer") {
  // Orders take 7 days to reach the plant, goods 14 days to arrive; stock is there.
  const world::Results r =
      run_text(plant, {"lanes={to_buyer: {from: plant, to: buyer, transit_days: 14}}",
                       "customers.buyer.demand.chip.from.plant.order_delay_days=7",
                       "sites.plant.stocks.chip.initial_pieces=5000"});
  // nine orders are shipped, and the tenth is in the mail for a week at the end
  CHECK(metric(r, "customers.buyer.lead_time.all") == doctest::Approx((9 * 21 + 7) / 9.0));
  // ordered in weeks 1 to 10, received three weeks later: weeks 1 to 7
  CHECK(metric(r, "customers.buyer.delivered.all") == 700);
}

TEST_CASE("Mechanism: a customer withdraws what takes longer than its patience") {
  // Nothing is ever made; orders of 100 a week are given up after 21 days. At the end the orders of
  // the last three weeks are open.
  const world::Results r = run_text(plant, {"sites.plant.lines.etch.capacity_per_week=0",
                                            "sites.plant.stocks.chip.initial_pieces=0",
                                            "customers.buyer.demand.chip.patience_days=21"});
  CHECK(metric(r, "customers.buyer.delivered.all") == 0);
  CHECK(metric(r, "customers.buyer.withdrawn.all") == 700);
  CHECK(metric(r, "customers.buyer.backlog.all") == 300);
}

TEST_CASE("Mechanism: holding and backlog are charged at each review, freight by the piece") {
  const world::Results r = run_text(
      plant, {"sites.plant.stocks.chip={initial_pieces: 5000, holding_usd_per_piece_week: 0.25}",
              "lanes={to_buyer: {from: plant, to: buyer, freight_usd_per_piece: 1.5}}"});
  // stock after the review of week n: 5000 - 100 n, for n = 1 to 10; nothing is made meanwhile
  CHECK(metric(r, "sites.plant.holding_cost.all") == doctest::Approx(0.25 * (50'000 - 100 * 55)));
  CHECK(metric(r, "sites.plant.freight_cost.all") == 1500);
}

TEST_CASE("Mechanism: warm-up is simulated and does not count") {
  // With 70 days of warm-up, the line of 60 has run for ten weeks when counting begins.
  const world::Results r =
      run_text(plant, {"warm_up_days=70", "sites.plant.lines.etch.capacity_per_week=60"});
  CHECK(metric(r, "customers.buyer.demanded.all") == 1000);
  CHECK(metric(r, "customers.buyer.delivered.all") == 600);
  CHECK(r.weeks.size() == 10);
}

TEST_CASE("Mechanism: quarters add up to the year and the year to all") {
  const world::Results r = run_text(plant, {"end=2025-06-30"});
  double quarters = 0;
  for (const char* q : {"2024Q1", "2024Q2", "2024Q3", "2024Q4"}) {
    quarters += metric(r, std::string("customers.buyer.delivered.") + q);
  }
  CHECK(quarters == metric(r, "customers.buyer.delivered.2024"));
  CHECK(metric(r, "customers.buyer.delivered.2024") + metric(r, "customers.buyer.delivered.2025") ==
        metric(r, "customers.buyer.delivered.all"));
}

// --- sharing of supply --------------------------------------------------------------------------

// A maker with 60 pieces a week for two buyers who want 40 and 80.
const std::string two_buyers = R"(
name: two buyers
start: 2024-01-01
end: 2024-12-29
items: {chip: {}}
sites:
  maker:
    lines: {etch: {capacity_per_week: 60}}
    recipes: {make: {makes: chip, line: etch}}
    sells: {chip: {forecast: constant}}
customers:
  large: {demand: {chip: {pieces_per_week: 80, from: {maker: {}}, patience_days: 7}}}
  small: {demand: {chip: {pieces_per_week: 40, from: {maker: {}}, patience_days: 7}}}
)";

// Lots of week n are shipped at the review of week n + 1, against orders of both weeks; what is
// left of the older ones is withdrawn then. So in 52 weeks 51 lots of 60 are shared out by the
// policy.
struct Split {
  double large, small;
};
Split split(const std::string& policy) {
  const world::Results r = run_text(two_buyers, {"sites.maker.sells.chip.allocation=" + policy});
  const Split s{metric(r, "customers.large.delivered.all"),
                metric(r, "customers.small.delivered.all")};
  CHECK(s.large + s.small == 51 * 60);
  return s;
}

TEST_CASE("Mechanism: the seller's policy decides who gets the 60 pieces a week") {
  CHECK(split("proportional").large == doctest::Approx(51 * 40).epsilon(0.01));
  CHECK(split("uniform").small == doctest::Approx(51 * 30).epsilon(0.01));
  CHECK(split("{priority: {buyers: [large]}}").small == doctest::Approx(0).epsilon(0.01));
  // the small one first: all that it wants, that of the first week at the end of its patience
  CHECK(split("{priority: {buyers: [small, large]}}").small == 52 * 40);
}

TEST_CASE("Mechanism: who pays a premium is served first, and pays it") {
  const world::Results r =
      run_text(two_buyers,
               {"sites.maker.sells.chip.allocation=highest_price",
                "customers.small.demand.chip.from.maker.premium=0.1", "items.chip.price_usd=10"});
  const double small = metric(r, "customers.small.delivered.all");
  CHECK(small == 52 * 40);
  CHECK(metric(r, "customers.small.spend.all") == doctest::Approx(11 * small));
}

TEST_CASE("Mechanism: a buyer turns to the seller who can deliver") {
  // The second owes 52 weeks; with elasticity the orders move to the first, without it they do not.
  const std::vector<std::string> slow = {"sites.second.lines={l: {capacity_per_week: 5}}",
                                         "sites.second.recipes.make.line=l"};
  auto elastic = slow;
  elastic.push_back("customers.buyer.demand.chip.lead_time_elasticity=2");
  const double fixed = metric(run_text(two_sellers, slow), "customers.buyer.fill_rate.all");
  const double moving = metric(run_text(two_sellers, elastic), "customers.buyer.fill_rate.all");
  CHECK(fixed < 0.6);
  CHECK(moving > 0.9);
}

// --- recipes that compete -----------------------------------------------------------------------

TEST_CASE("Mechanism: on a shared line the product with the higher margin goes first") {
  // 100 of work a week; `good` earns 20 on 2 units of work, `plain` 8 on 1: good has 10 a unit.
  const std::string yaml = R"(
name: shared line
start: 2024-01-01
end: 2024-12-29
items: {good: {price_usd: 20}, plain: {price_usd: 8}}
sites:
  maker:
    sharing: margin
    lines: {fab: {capacity_per_week: 100}}
    recipes:
      make_good: {makes: good, line: fab, line_use_per_piece: 2}
      make_plain: {makes: plain, line: fab}
    sells: {good: {forecast: constant}, plain: {forecast: constant}}
customers:
  a: {demand: {good: {pieces_per_week: 30, from: {maker: {}}}}}
  b: {demand: {plain: {pieces_per_week: 90, from: {maker: {}}}}}
)";
  const world::Results r = run_text(yaml);
  // good: all of 30 a week; plain: what is left of the line, which is never idle
  CHECK(metric(r, "customers.a.fill_rate.all") > 0.97);
  CHECK(2 * metric(r, "recipes.maker.make_good.started.all") +
            metric(r, "recipes.maker.make_plain.started.all") ==
        52 * 100);
  // plain is 40 of 100 a week and goes onto the line before the 60 of good: the lot of the last
  // week is done and waits for the next review
  CHECK(metric(r, "customers.b.delivered.all") ==
        metric(r, "recipes.maker.make_plain.produced.all") - 40);
  CHECK(metric(r, "customers.b.fill_rate.all") < 0.45);
  // reversed by price
  const world::Results other = run_text(yaml, {"items.plain.price_usd=30"});
  CHECK(metric(other, "customers.b.fill_rate.all") > 0.97);
}

TEST_CASE("Mechanism: a recipe's own limit holds it to its ramp") {
  const world::Results r = run_text(plant, {"sites.plant.recipes.make.max_starts_per_week=45.5",
                                            "sites.plant.stocks.wafer.initial_pieces=4000"});
  CHECK(metric(r, "recipes.plant.make.started.all") == 455);
  CHECK(metric(r, "recipes.plant.make.lost_to.own_limit.all") > 0);
}

// --- families -----------------------------------------------------------------------------------

// A maker of one family in two variants, half and half; `red` needs dye, of which there is 20 a
// week.
const std::string family = R"(
name: family
start: 2024-01-01
end: 2024-12-29
families: {cloth: {gbps_per_piece: 800}}
items:
  red: {family: cloth, technology: dyed}
  white: {family: cloth}
  dye: {}
sites:
  dyer:
    lines: {l: {capacity_per_week: 20}}
    recipes: {mix: {makes: dye, line: l}}
    sells: {dye: {}}
  maker:
    recipes: {make_red: {makes: red, inputs: {dye: 1}}, make_white: {makes: white}}
    sells: {cloth: {mix: {red: 1, white: 1}}}
    buys: {dye: {from: {dyer: {}}}}
customers:
  tailor: {demand: {cloth: {pieces_per_week: 100, from: {maker: {}}}}}
)";

TEST_CASE("Mechanism: what one variant cannot supply is made as another that is accepted") {
  const world::Results r = run_text(family);
  CHECK(metric(r, "families.cloth.fill_rate.all") > 0.95);
  CHECK(metric(r, "families.cloth.share.red.all") == doctest::Approx(0.2).epsilon(0.1));
  CHECK(metric(r, "families.cloth.technology.dyed.all") ==
        metric(r, "families.cloth.share.red.all"));
  // half of the demand was meant to be red, so the dye is short by what the mix intended
  CHECK(metric(r, "items.dye.shortage_true.all") == doctest::Approx(0.6).epsilon(0.1));
}

TEST_CASE("Mechanism: without spill the family waits for its short variant") {
  // 20 a week for want of dye, and the 50 that are meant to be white
  const world::Results r = run_text(family, {"sites.maker.sells.cloth.spill=0"});
  CHECK(metric(r, "families.cloth.fill_rate.all") == doctest::Approx(0.7).epsilon(0.05));
}

TEST_CASE("Mechanism: a customer gets only variants it has qualified, from the date on") {
  const world::Results only_red =
      run_text(family, {"customers.tailor.demand.cloth.accepts={red: 2024-01-01}"});
  CHECK(metric(only_red, "families.cloth.share.white.all") == 0);
  CHECK(metric(only_red, "customers.tailor.fill_rate.all") == doctest::Approx(0.2).epsilon(0.05));

  const world::Results later = run_text(
      family, {"customers.tailor.demand.cloth.accepts={red: 2024-01-01, white: 2024-07-01}"});
  CHECK(metric(later, "families.cloth.share.white.2024Q2") == 0);
  CHECK(metric(later, "families.cloth.share.white.2024Q4") > 0.5);
  // 32 ports of 800 Gb/s carry 25.6 Tb/s
  CHECK(metric(only_red, "families.cloth.bandwidth.all") ==
        doctest::Approx(25.6 / 32 * metric(only_red, "families.cloth.shipped.all")));
}

TEST_CASE("Mechanism: yields that are learnt by experience start low and end near their limit") {
  const world::Results r = run_text(
      plant, {"end=2025-12-28",
              "sites.plant.recipes.make.yield_learning={initial: 0.25, halving_pieces: 500}",
              "sites.plant.recipes.make.yield=0.9"});
  const double first =
      metric(r, "recipes.plant.make.produced.2024") /
      (metric(r, "recipes.plant.make.produced.2024") + metric(r, "recipes.plant.make.scrap.2024"));
  const double second =
      metric(r, "recipes.plant.make.produced.2025") /
      (metric(r, "recipes.plant.make.produced.2025") + metric(r, "recipes.plant.make.scrap.2025"));
  CHECK(first < 0.87);
  CHECK(second == doctest::Approx(0.9).epsilon(0.001));
}

TEST_CASE("Mechanism: Poisson demand has the mean and the variance of its law") {
  const world::Results r =
      run_text(plant, {"end=2027-12-26", "customers.buyer.demand.chip.variation=poisson",
                       "customers.buyer.demand.chip.pieces_per_week=25"});
  const auto weekly = series(r, "demands.buyer.chip", "demanded");
  REQUIRE(weekly.size() == 208);
  double mean = 0, variance = 0;
  for (const double x : weekly) mean += x / 208;
  for (const double x : weekly)
    variance += (static_cast<double>(x) - mean) * (static_cast<double>(x) - mean) / 207;
  // standard errors: mean 5 / sqrt(208) = 0.35, variance about 25 sqrt(2 / 207) = 2.5
  CHECK(std::abs(mean - 25) < 4 * 0.35);
  CHECK(std::abs(variance - 25) < 4 * 2.5);
}

TEST_CASE("Mechanism: a line far too fast for its work breaks no law") {
  // 1e12 a week are 1.7 million a second; 50 years of it are 2.6e15, where numbers are 0.5 apart.
  // The first lot, of 0.1 units of work, is done before any capacity has come together.
  const world::Results r = run_text(plant, {"sites.plant.lines.etch.capacity_per_week=1e12",
                                            "sites.plant.recipes.make.line_use_per_piece=1e-3",
                                            "sites.plant.stocks.chip.initial_pieces=0"});
  CHECK(metric(r, "recipes.plant.make.started.all") > 0);
  CHECK(metric(r, "customers.buyer.delivered.all") > 0);
}

TEST_CASE("Mechanism: two variants bought from one seller are counted one by one") {
  // A dealer keeps 30 of red and 10 of white, orders them weekly from a dyer who has plenty, and
  // sells nothing: it orders 30 and 10 once. Red costs 2, white 5.
  const world::Results r = run_text(R"(
name: dealer
start: 2024-01-01
end: 2024-01-28
families: {cloth: {}}
items: {red: {family: cloth, price_usd: 2}, white: {family: cloth, price_usd: 5}}
sites:
  dyer:
    sells: {cloth: {}}
    stocks: {red: {initial_pieces: 100}, white: {initial_pieces: 100}}
  dealer:
    sells: {cloth: {}}
    buys:
      red: {from: {dyer: {}}, replenish: {base_stock: {level_pieces: 30}}}
      white: {from: {dyer: {}}, replenish: {base_stock: {level_pieces: 10}}}
customers:
  tailor: {demand: {cloth: {pieces_per_week: 0, from: {dealer: {}}}}}
)");
  CHECK(metric(r, "items.red.ordered.all") == 30);
  CHECK(metric(r, "items.white.ordered.all") == 10);
  CHECK(metric(r, "items.red.price.all") == 2);
  CHECK(metric(r, "items.white.price.all") == 5);
  CHECK(metric(r, "sites.dyer.sales.all") == 30 * 2 + 10 * 5);
}

TEST_CASE("Mechanism: what is owed at the end of a quarter is what is owed then") {
  // Nothing is made and nothing there; 14 a week, ordered daily as 2, and looked at every 40 days.
  // The first quarter of 2024 has 91 days; from April 1 to May 31 there are 61 more.
  const world::Results r =
      run_text(plant, {"end=2024-05-31", "review_days=40", "customers.buyer.review_days=1",
                       "customers.buyer.demand.chip.pieces_per_week=14", "sites.plant.stocks=~",
                       "sites.plant.lines.etch.capacity_per_week=0"});
  CHECK(metric(r, "customers.buyer.backlog.2024Q1") == 2 * 91);
  CHECK(metric(r, "customers.buyer.backlog.2024Q2") == 2 * (91 + 61));
  CHECK(metric(r, "customers.buyer.backlog.all") == 2 * (91 + 61));
}

// --- what must not matter -----------------------------------------------------------------------

TEST_CASE("Mechanism: the same seed gives the same run, another seed another") {
  const std::vector<std::string> random = {
      "sites.plant.recipes.make.cycle_days={triangular: {low: 1, mode: 3, high: 9}}",
      "customers.buyer.demand.chip.variation=poisson"};
  const auto loaded = scenario::scenario_from_text(plant, "test.yaml", random);
  const world::Results a = run_loaded(loaded, {7, 3});
  CHECK(metric(a, "customers.buyer.delivered.all") > 0);
  CHECK(world::pack(run_loaded(loaded, {7, 3})) == world::pack(a));
  const std::string other_replication = run_loaded(loaded, {7, 4}).fingerprint;
  const std::string other_seed = run_loaded(loaded, {8, 3}).fingerprint;
  CHECK(a.fingerprint.size() == 16);
  CHECK(other_replication != a.fingerprint);
  CHECK(other_seed != a.fingerprint);
  CHECK(other_seed != other_replication);
}

TEST_CASE("Mechanism: a site with nothing to do lets the others go on") {
  const world::Results r = run_text(plant, {"sites.idle={description: only a name}",
                                            "sites.store={stocks: {chip: {initial_pieces: 5}}}"});
  CHECK(metric(r, "customers.buyer.delivered.all") == 1000);
}

TEST_CASE("Mechanism: what tails without end draw ends a run neither early nor late") {
  // A lognormal law of mean 30,000 days and a thousand times that spread draws spans beyond any
  // calendar; what it delays does not come in these ten weeks.
  const world::Results r =
      run_text(plant, {"sites.plant.recipes.make.cycle_days={lognormal: {mean: 30000, sd: 3e7}}",
                       "lanes={all: {transit_days: {lognormal: {mean: 30000, sd: 3e7}}}}"});
  CHECK(metric(r, "customers.buyer.demanded.all") == 1000);
  CHECK(metric(r, "customers.buyer.delivered.all") <= 1000);
}

TEST_CASE("Mechanism: Poisson demand has no largest mean") {
  // 1e12 a week for ten weeks at one order: the standard deviation is the root of the mean.
  const world::Results r =
      run_text(plant, {"customers.buyer.demand.chip.pieces_per_week=1e12", "review_days=70",
                       "customers.buyer.demand.chip.variation=poisson"});
  CHECK(std::abs(metric(r, "customers.buyer.demanded.all") - 1e13) < 5 * std::sqrt(1e13));
}

}  // namespace
}  // namespace optichain::models
