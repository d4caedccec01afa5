// Held against the simulation: no run beats the capacity bound.
#include "models/network/capacity_bound.hpp"
#include "models/run/replicate.hpp"
#include "tests/model/run_text.hpp"

namespace optichain::models {
namespace {

// Everything that makes a bound difficult to keep, and nothing left to luck: a warm-up, initial
// lots, orders and shipments, ramps, an outage, a yield that rises and one that is learnt, limits
// of recipes with and without a line, dates of qualification, two families on one line, inputs in
// parts of a piece, customers who wait and customers who do not.
const char* const hard_chain = R"(
name: Hard chain
start: 2026-02-15
end: 2027-08-20
warm_up_days: 45
families: {small: {}, big: {}}
items:
  s: {family: small, price_usd: {2026: 300, 2027-06: 200}}
  b: {family: big, price_usd: 900}
  b_lite: {family: big, price_usd: 800}
  laser: {}
  wafer: {}
  dsp: {}
lanes:
  usual: {transit_days: 6}
  home: {from: maker, to: any, transit_days: 2}
sites:
  foundry:
    recipes: {pull: {makes: wafer, max_starts_per_week: 6}}
    sells: {wafer: {}}
  laser_fab:
    review_offset_days: 3
    lines:
      epitaxy:
        capacity_per_week: {2026-01-20: 500, 2027-01-01: 900}
        outages: {fire: {from: 2026-09-01, until: 2026-10-10, left: 0.1}}
    recipes:
      grow:
        makes: laser
        inputs: {wafer: 0.01}
        line: epitaxy
        cycle_days: 20
        yield: {2026-01-01: 0.5, 2027-06-01: 0.8}
        initial_lots: [{pieces: 400, in_days: 12}, {pieces: 300, in_days: 30}]
    buys: {wafer: {from: {foundry: {}}}}
    sells: {laser: {}}
  dsp_fab:
    review_days: 14
    recipes:
      etch:
        makes: dsp
        max_starts_per_week: {2026-01-01: 250, 2027-01-01: 500}
        cycle_days: 30
        yield: 0.9
        yield_learning: {initial: 0.4, halving_weeks: 20}
    sells: {dsp: {}}
    stocks: {dsp: {initial_pieces: 700}}
  maker:
    sharing: margin
    lines: {assembly: {capacity_per_week: {2026-01-01: 350, 2027-01-01: 600}}}
    recipes:
      make_s: {makes: s, inputs: {laser: 1}, line: assembly, cycle_days: 5}
      make_b:
        makes: b
        inputs: {laser: 2, dsp: 1}
        line: assembly
        line_use_per_piece: 1.5
        max_starts_per_week: 120
        cycle_days: 5
        yield: 0.95
      make_lite: {makes: b_lite, inputs: {laser: 1, dsp: 1}, line: assembly, from: 2026-06-01}
    buys:
      laser: {from: {laser_fab: {initial_shipments: [{pieces: 250, in_days: 4}]}}}
      dsp: {from: {dsp_fab: {}}}
    sells: {small: {}, big: {}}
    stocks: {s: {initial_pieces: 100}}
customers:
  patient:
    demand:
      small:
        pieces_per_week: {2026-01-01: 100, 2027-06-01: 250}
        from: {maker: {initial_orders: [{pieces: 50, in_days: 3}]}}
      big:
        pieces_per_week: 90
        from: {maker: {}}
        accepts: {b: 2026-01-01, b_lite: 2026-07-01}
  hasty:
    review_days: 5
    demand:
      small: {pieces_per_week: 80, from: {maker: {}}, patience_days: 20}
      big: {pieces_per_week: 70, from: {maker: {from: 2026-04-01}}, patience_days: 40}
)";

/// Holds a measure of the market, from the start to the end of each year, against the bound.
/// Returns how near the run comes to the bound of the whole.
double share_of_bound(const std::vector<std::string>& changes, network::BoundOptions::Weight weight,
                      const std::string& measure, sim::RunSeed seed = {1, 0}) {
  const scenario::LoadedScenario loaded =
      scenario::scenario_from_text(hard_chain, "test.yaml", changes);
  const Catalog catalog(loaded.scenario);
  const network::CapacityBound best =
      network::capacity_bound(catalog, state::Realisation(catalog, seed),
                              network::FlowGraph(catalog), {.weight = weight, .demand = {}});
  const world::Results run = run_loaded(loaded, seed);
  double cumulated = 0;
  for (const auto& year : best.years) {
    cumulated += metric(run, "market." + measure + "." + year.year);
    CAPTURE(year.year);
    CHECK(cumulated <= year.most * (1 + 1e-9));
  }
  MESSAGE("simulated " << cumulated << ", at best " << best.total);
  return cumulated / best.total;
}

TEST_CASE("Bound: no run delivers more pieces or earns more than the linear program") {
  CHECK(share_of_bound({}, network::BoundOptions::Weight::pieces, "shipped") > 0.6);
  CHECK(share_of_bound({}, network::BoundOptions::Weight::usd, "revenue") > 0.6);
}

TEST_CASE("Bound: prices that scarcity raises to the ceiling earn no more than the bound says") {
  // From the second week on small sells at three times its curve; big loses a third a year.
  CHECK(
      share_of_bound({"items.s.market={normal_cover_weeks: 0.01, sensitivity: 10, "
                      "adjustment_weeks: 0, ceiling: 3}",
                      "items.b.erosion={per_year: 0.33}", "items.b_lite.erosion={per_year: 0.33}"},
                     network::BoundOptions::Weight::usd, "revenue") > 0.5);
}

TEST_CASE("Bound: whatever is scarce, no run beats it by being quick") {
  const auto pieces = network::BoundOptions::Weight::pieces;
  const std::vector<std::string> quick = {"review_days=1",
                                          "lanes=~",
                                          "sites.laser_fab.recipes.grow.cycle_days=0",
                                          "sites.maker.recipes.make_s.cycle_days=0",
                                          "sites.maker.recipes.make_b.cycle_days=0",
                                          "sites.dsp_fab.recipes.etch.cycle_days=0"};
  const auto quick_with = [&](std::initializer_list<std::string> changes) {
    std::vector<std::string> all = quick;
    all.insert(all.end(), changes);
    return all;
  };
  CHECK(share_of_bound(quick, pieces, "shipped") > 0.6);
  CHECK(share_of_bound(quick_with({"sites.foundry.recipes.pull.max_starts_per_week=3"}), pieces,
                       "shipped") > 0.6);
  CHECK(share_of_bound(quick_with({"sites.maker.lines.assembly.capacity_per_week=200"}), pieces,
                       "shipped") > 0.6);
  CHECK(share_of_bound(quick_with({"sites.laser_fab.recipes.grow.yield=0.3", "warm_up_days=120"}),
                       pieces, "shipped") > 0.6);
}

TEST_CASE("Bound: a run with its own draws does not beat the bound of those draws") {
  const std::string drawn =
      "sites.laser_fab.recipes.grow.yield={curve: 0.9, factor: {uniform: {low: 0.5, high: 1}}}";
  for (std::uint64_t replication = 0; replication < 5; ++replication) {
    CHECK(share_of_bound({drawn}, network::BoundOptions::Weight::pieces, "shipped",
                         {.seed = 7, .replication = replication}) > 0.6);
  }
}

// A shop that has what is wanted, and a plant that stands still. Everybody acts on one day a week.
const char* const shop = R"(
name: Shop
start: 2026-01-01
end: 2026-12-31
review_days: 7
items: {x: {}}
sites:
  shop: {buys: {x: {from: {plant: {}}}}, sells: {x: {}}, stocks: {x: {initial_pieces: 10000}}}
  plant:
    recipes: {make: {makes: x, max_starts_per_week: 0}}
    sells: {x: {}}
customers:
  walk_in: {demand: {x: {pieces_per_week: 7, from: {shop: {}}}}}
)";

struct Shipped {
  double pieces, bound, ratio, given_mix;
};
Shipped shipped_of_bound(const std::vector<std::string>& changes, const char* world = shop) {
  const scenario::LoadedScenario loaded = scenario::scenario_from_text(world, "test.yaml", changes);
  const auto bound = run::bound_if_known(Catalog(loaded.scenario), 1, nullptr);
  REQUIRE(bound);
  world::Results results = run_loaded(loaded);
  run::add_bound(results, *bound);
  return {metric(results, "market.shipped.all"), bound->pieces,
          metric(results, "market.bound_ratio.all"), bound->given_mix.value_or(-1)};
}

TEST_CASE("Bound: a shop that ships everything ships all of it, however long it warmed up") {
  // Of whole weeks of warm-up the first order that counts is that of the first day; there are 53
  // in 365 days. After 90 days, 6 more than 12 weeks, it is that of the second day: 52.
  for (const auto& [days, orders] :
       std::vector<std::pair<int, int>>{{0, 53}, {364, 53}, {728, 53}, {90, 52}}) {
    CAPTURE(days);
    const Shipped s = shipped_of_bound({fmt::format("warm_up_days={}", days)});
    CHECK(s.pieces == orders * 7);
    CHECK(s.bound == doctest::Approx(orders * 7));
    CHECK(s.ratio == doctest::Approx(1));
  }
}

TEST_CASE(
    "Bound: no run delivers more from its own start on, and foresight of the warm-up is worth "
    "more") {
  for (const int days : {45, 120, 300}) {
    CAPTURE(days);
    const std::string warm_up = fmt::format("warm_up_days={}", days);
    const Shipped s = shipped_of_bound({warm_up}, hard_chain);
    CHECK(s.ratio <= 1 + 1e-9);
    CHECK(s.ratio > 0.6);
    const scenario::LoadedScenario loaded =
        scenario::scenario_from_text(hard_chain, "test.yaml", {warm_up});
    const Catalog catalog(loaded.scenario);
    const auto all =
        network::capacity_bound(catalog, state::Realisation(catalog), network::FlowGraph(catalog));
    CHECK(s.bound <= all.total * (1 + 1e-9));
  }
}

TEST_CASE("Bound: of a stock that cannot be made good what the warm-up leaves counts") {
  // 70 a week are wanted, 3710 in the 53 weeks that count. Of 1000 pieces the ten weeks of the
  // warm-up take 700; foresight has the other 300.
  const Shipped s = shipped_of_bound({"warm_up_days=70", "sites.shop.stocks.x.initial_pieces=1000",
                                      "customers.walk_in.demand.x.pieces_per_week=70"});
  CHECK(s.pieces == 300);
  CHECK(s.bound == doctest::Approx(300));
}

TEST_CASE("Bound: goods on their way and orders that are open when the warm-up ends count") {
  // Ten weeks want 70 each, and find 100: 600 are owed at the start. Ten days later come 1000.
  // From the start on 7 a week are wanted, 371 in all.
  const Shipped s = shipped_of_bound(
      {"warm_up_days=70", "sites.shop.stocks.x.initial_pieces=100",
       "sites.shop.buys.x.from.plant.initial_shipments=[{pieces: 1000, in_days: 80}]",
       "customers.walk_in.demand.x.pieces_per_week={steps: {2025-01-01: 70, 2026-01-01: 7}}"});
  CHECK(s.pieces == 971);
  CHECK(s.bound == doctest::Approx(971));
  // what is still on its way when all is over is of no use, but the bound lets it come at once
  const Shipped late = shipped_of_bound(
      {"warm_up_days=70", "sites.shop.stocks.x.initial_pieces=100",
       "sites.shop.buys.x.from.plant.initial_shipments=[{pieces: 500, in_days: 80}]"});
  CHECK(late.bound == doctest::Approx(371));
}

TEST_CASE("Bound: lots in process at the end of the warm-up count with their yield") {
  // 2000 pieces of yield 0.5 are in process at the start, all there is.
  const Shipped s =
      shipped_of_bound({"warm_up_days=70", "sites.shop.stocks.x.initial_pieces=0",
                        "sites.plant.recipes.make.yield=0.5",
                        "sites.plant.recipes.make.initial_lots=[{pieces: 2000, in_days: 100}]",
                        "customers.walk_in.demand.x.pieces_per_week=70"});
  CHECK(s.bound == doctest::Approx(1000));
}

// --- with the mixes in force ---------------------------------------------------------------------

// 100 wanted once, of two variants alike; for plain there are pieces enough, for fancy none.
const char* const two_variants = R"(
name: Two variants
start: 2026-01-01
end: 2026-12-31
review_days: 7
families: {lamp: {}}
items:
  plain: {family: lamp}
  fancy: {family: lamp}
sites:
  plant:
    recipes:
      make_plain: {makes: plain, max_starts_per_week: 0}
      make_fancy: {makes: fancy, max_starts_per_week: 0}
    sells: {lamp: {mix: {plain: 50, fancy: 50}, spill: 0}}
    stocks: {plain: {initial_pieces: 1000}, fancy: {initial_pieces: 0}}
customers:
  buyer:
    demand:
      lamp: {pieces_per_week: 1, from: {plant: {}}, variation: {trace: {quantities: [100]}}}
)";

TEST_CASE(
    "Bound: with a given mix, orders for a variant that there is not are not met by another") {
  const Shipped s = shipped_of_bound({}, two_variants);
  CHECK(s.bound == doctest::Approx(100));     // all as plain ones
  CHECK(s.given_mix == doctest::Approx(50));  // half of them is meant for fancy ones
  CHECK(s.pieces == 50);
  // 20 fancy ones meet 20 of the 50 orders for them
  const Shipped some =
      shipped_of_bound({"sites.plant.stocks.fancy.initial_pieces=20"}, two_variants);
  CHECK(some.given_mix == doctest::Approx(70));
  CHECK(some.pieces == 70);
  // who takes nothing else gets plain ones throughout
  const std::string plain_only = "customers.buyer.demand.lamp.accepts={plain: 2026-01-01}";
  CHECK(shipped_of_bound({plain_only}, two_variants).given_mix == doctest::Approx(100));
  // a run whose orders change over leaves the mix
  const Shipped spilt = shipped_of_bound({"sites.plant.sells.lamp.spill=1"}, two_variants);
  CHECK(spilt.given_mix == doctest::Approx(50));
  CHECK(spilt.pieces == 100);
}

TEST_CASE("Bound: a mix that moves holds for the orders of its time") {
  // 100 in the first week of the year, while half are meant for plain ones, and 100 in the first of
  // July, when it is all by then: 150 can be plain. A mix within a quarter counts with its highest.
  const std::vector<std::string> twice = {
      "sites.plant.sells.lamp.mix={plain: {steps: {2026-01-01: 50, 2026-07-01: 100}}, "
      "fancy: {steps: {2026-01-01: 50, 2026-07-01: 0}}}",
      "customers.buyer.demand.lamp.variation={trace: {quantities: [100, 0, 0, 0, 0, 0, 0, 0, 0, 0, "
      "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100]}}"};
  const Shipped s = shipped_of_bound(twice, two_variants);
  CHECK(s.bound == doctest::Approx(200));
  CHECK(s.given_mix == doctest::Approx(150));
  CHECK(s.pieces == 150);
}

TEST_CASE("Bound: a migration with a date moves the mix, one that responds frees it") {
  const auto migrating = [](const std::string& law) {
    return shipped_of_bound({"migrations.more={of: lamp, to: [plain], share: " + law + "}"},
                            two_variants);
  };
  // 80 of 100 are meant for plain ones
  CHECK(migrating("{given: {share: 0.8}}").given_mix == doctest::Approx(80));
  CHECK(migrating("{responsive: {}}").given_mix == -1);  // nothing is held
}

TEST_CASE("Bound: where no order is split by a mix there is none for it") {
  CHECK(shipped_of_bound({}).given_mix == -1);
  CHECK(shipped_of_bound({"sites.plant.recipes.make_fancy=~", "items.fancy=~",
                          "sites.plant.stocks.fancy=~", "sites.plant.sells.lamp.mix=~"},
                         two_variants)
            .given_mix == -1);
}

TEST_CASE("Bound: a chain that keeps to its mixes delivers no more than they allow") {
  for (const int days : {0, 120}) {
    CAPTURE(days);
    const std::string warm_up = fmt::format("warm_up_days={}", days);
    const Shipped s = shipped_of_bound({warm_up, "sites.maker.sells.big.spill=0"}, hard_chain);
    CHECK(s.pieces <= s.given_mix + 1);
    CHECK(s.given_mix <= s.bound * (1 + 1e-9));
  }
}

}  // namespace
}  // namespace optichain::models
