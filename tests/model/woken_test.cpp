// Who waits for a condition acts when it turns, also where pieces are let through one by one and
// where agreements begin and end: tiny worlds worked out by hand. What is looked at are the lead
// times of customers, in days, of sites that act at any time and review every four weeks.
#include <numeric>

#include "models/network/capacity_bound.hpp"
#include "tests/model/run_text.hpp"

namespace optichain::models {
namespace {

// Ten are wanted on Monday, 5 January, of a mine that has them.
const std::string ten_of_a_mine = R"(
name: ten pieces of a mine
start: 2026-01-05
end: 2026-04-05
review_days: 28
items: {good: {price_usd: 1}}
sites:
  mine:
    continuous_review: true
    sells: {good: {forecast: constant}}
    stocks: {good: {initial_pieces: 100}}
customers:
  public:
    review_days: 90
    demand:
      good:
        pieces_per_week: 1
        variation: {trace: {quantities: [10]}}
        from: {mine: {}}
)";
const std::string of_public = "customers.public.demand.good.";

double of(const world::Results& r, const std::string& measure) {
  return metric(r, "customers.public." + measure + ".all");
}

/// How long the ten wait, on average; all must come.
double mean_wait(const std::string& world, const std::vector<std::string>& changes) {
  const world::Results r = run_text(world, changes);
  CHECK(of(r, "delivered") == of(r, "demanded"));
  return of(r, "lead_time");
}

// --- quotas --------------------------------------------------------------------------------------

// 7 a week for four weeks, all shipped at once. Then half as many a week may be shipped, one every
// two days, and ten are ordered on the day on which that begins: they go on days 2, 4 ... 20 after
// it, and of all 38 pieces the mean wait is 110 / 38 days.
const std::vector<std::string> one_every_two_days = {
    "customers.public.review_days=7", of_public + "variation.trace.quantities=[7, 7, 7, 7, 10]",
    "programs={control: {export_control: {from: 2026-02-02, effect: {quota: {left: 0.5, "
    "base_weeks: 4}}}}}"};

TEST_CASE("Woken: pieces that a quota lets through one by one are shipped one by one") {
  CHECK(mean_wait(ten_of_a_mine, one_every_two_days) == doctest::Approx(110.0 / 38));
}

TEST_CASE("Woken: a piece that a quota lets through waits for stock, and goes when it comes") {
  // 28 are there before the control; the ten are made at the first review under it, in five days.
  // Two pieces have been let through by then, and go on day 5; the others as before: 5 + 5 + 6 + 8
  // + ... + 20.
  auto changes = one_every_two_days;
  changes.insert(changes.end(),
                 {"sites.mine.stocks.good.initial_pieces=28",
                  "sites.mine.recipes={make: {makes: good, cycle_days: 5, from: "
                  "2026-02-02}}",
                  "sites.mine.sells.good.replenish={base_stock: {level_pieces: 0}}"});
  CHECK(mean_wait(ten_of_a_mine, changes) == doctest::Approx(114.0 / 38));
}

TEST_CASE("Woken: of a quota of many pieces a hundredth of a review is let through at a time") {
  // 700,000 a week before, half of it afterwards: 14,000 each 6.72 hours. Of 70,000 five parts go
  // after 1 to 5 hundredths of 28 days.
  const double wait = mean_wait(
      ten_of_a_mine,
      {"customers.public.review_days=28", "sites.mine.stocks.good.initial_pieces=10000000",
       of_public + "variation.trace.quantities=[2800000, 70000]",
       "programs={control: {export_control: {from: 2026-02-02, effect: {quota: {left: 0.5, "
       "base_weeks: 4}}}}}"});
  CHECK(wait * 2'870'000 == doctest::Approx(14'000 * 0.28 * (1 + 2 + 3 + 4 + 5)).epsilon(0.01));
}

// --- agreements ----------------------------------------------------------------------------------

// Until 2030 nothing is ordered of the mine but on agreements.
const std::string never_freely =
    of_public + "from.mine.share={steps: {2026-01-05: 0, 2030-01-01: 1}}";
const std::string agreement_from =
    "agreements={lta: {seller: mine, buyer: public, item: good, until: 2026-12-31, "
    "pieces_per_week: 70, from: ";

TEST_CASE("Woken: who may order on an agreement alone orders when it begins") {
  CHECK(mean_wait(ten_of_a_mine, {never_freely, agreement_from + "2026-01-15}}"}) == 10);
  // and a site likewise, which orders the ten for the public
  CHECK(
      mean_wait(ten_of_a_mine,
                {"sites.shop={continuous_review: true, sells: {good: {forecast: constant}}, buys: "
                 "{good: {from: {mine: {share: {steps: {2026-01-05: 0, 2030-01-01: 1}}}}, "
                 "forecast: constant, replenish: {base_stock: "
                 "{level_pieces: 0}}}}}",
                 of_public + "from={shop: {}}",
                 "agreements={lta: {seller: mine, buyer: shop, item: good, from: 2026-01-15, "
                 "until: 2026-12-31, pieces_per_week: 70}}"}) == 10);
}

TEST_CASE("Woken: what an agreement does not let call waits, and is in the books") {
  // 3.5 a week: 3 may be called on the first Monday, 7 until the second, 10 until the third
  const std::vector<std::string> weekly = {
      "customers.public.review_days=7", never_freely,
      "agreements={lta: {seller: mine, buyer: public, item: good, from: 2026-01-05, until: "
      "2026-12-31, settled: year, pieces_per_week: 3.5}}"};
  const world::Results r = run_text(ten_of_a_mine, weekly);
  CHECK(of(r, "delivered") == 10);
  CHECK(of(r, "lead_time") == doctest::Approx((4 * 7 + 3 * 14) / 10.0));
  // ten more each week: all that is wanted is delivered or owed
  auto more = weekly;
  more.push_back(of_public + "variation={none: {}}");
  more.push_back(of_public + "pieces_per_week=10");
  const world::Results owed = run_text(ten_of_a_mine, more);
  CHECK(of(owed, "demanded") == 130);
  CHECK(of(owed, "delivered") == 45);  // 13 weeks of 3.5
  CHECK(of(owed, "backlog") == 85);
}

TEST_CASE("Woken: what was kept for an agreement is free when its period ends") {
  // Another has reserved 70 a week until the 18th, settled by the week, and calls nothing. At any
  // time all that may still be called in the week is kept: 70 of 75, so that 5 of the ten go at
  // once, and the others when the agreement has ended on the 19th; it begins again in March, when
  // nothing is owed.
  const std::vector<std::string> reserved = {
      "sites.mine.stocks.good.initial_pieces=75",
      "customers.other={review_days: 90, demand: {good: {pieces_per_week: 1, variation: {trace: "
      "{quantities: [0]}}, from: {mine: {}}}}}",
      "agreements={lta: {seller: mine, buyer: other, item: good, from: 2026-01-05, until: "
      "2026-01-18, settled: week, pieces_per_week: 70, reservation: hard}}"};
  CHECK(mean_wait(ten_of_a_mine, reserved) == doctest::Approx(5 * 14 / 10.0));
  // of an agreement that ends in the second week for want of calls likewise
  auto ended = reserved;
  ended.insert(ended.end(), {"agreements.lta.until=2026-12-31",
                             "agreements.lta.termination={called_below: 0.5, periods: 2}"});
  CHECK(mean_wait(ten_of_a_mine, ended) == doctest::Approx(5 * 14 / 10.0));
  // 70 in the first week and none in the second
  auto ramp = reserved;
  ramp.push_back("agreements.lta.pieces_per_week={steps: {2026-01-05: 70, 2026-01-12: 0}}");
  CHECK(mean_wait(ten_of_a_mine, ramp) == doctest::Approx(5 * 7 / 10.0));
}

// --- variants and recipes
// -------------------------------------------------------------------------------------

TEST_CASE("Woken: a variant is shipped from the first day on which its buyer takes it") {
  CHECK(mean_wait(ten_of_a_mine,
                  {"families={kind: {}}", "items={left: {family: kind}}",
                   "sites.mine.sells={kind: {forecast: constant}}",
                   "sites.mine.stocks={left: {initial_pieces: 100}}",
                   "customers.public.demand={kind: {pieces_per_week: 1, variation: {trace: "
                   "{quantities: [10]}}, accepts: {left: 2026-01-15}, from: {mine: {}}}}"}) == 10);
}

TEST_CASE("Woken: a recipe is started when its share begins to be more than nothing") {
  CHECK(mean_wait(ten_of_a_mine,
                  {"sites.mine.stocks.good.initial_pieces=0",
                   "sites.mine.recipes={make: {makes: good, cycle_days: 2, share: {steps: "
                   "{2026-01-05: 0, 2026-01-15: 1}}}}"}) == 12);
}

TEST_CASE("Woken: a recipe is started when a migration turns to it") {
  // the old one may not be started before 2027; the migration is looked at every three days, and
  // has begun on the 17th
  CHECK(mean_wait(ten_of_a_mine,
                  {"sites.mine.stocks.good.initial_pieces=0",
                   "sites.mine.recipes={first: {makes: good, from: 2027-01-01}, second: {makes: "
                   "good, cycle_days: 2}}",
                   "migrations={change: {of: good, to: [second], from: [first], review_days: 3, "
                   "share: {given: {share: {steps: {2026-01-05: 0, 2026-01-15: 1}}}}}}"}) == 14);
}

// --- lines ---------------------------------------------------------------------------------------

// The mine has nothing, and a line that can do nothing until it is given half of another one of 70
// a week: five a day, so that the ten, which are one lot, are made two days later.
const std::vector<std::string> idle_line = {
    "items={good: {price_usd: 1}, other: {price_usd: 1}}",
    "sites.mine.stocks.good.initial_pieces=0",
    "sites.mine.lines={idle: {capacity_per_week: 0}, busy: {capacity_per_week: 70}}",
    "sites.mine.recipes={make: {makes: good, line: idle}, make_other: {makes: other, line: busy}}",
    "sites.mine.sells={good: {forecast: constant, replenish: {base_stock: {level_pieces: 0}}}, "
    "other: {forecast: constant, replenish: {base_stock: {level_pieces: 0}}}}"};

std::vector<std::string> with_program(const std::string& program) {
  auto changes = idle_line;
  changes.push_back("programs={change: " + program + "}");
  return changes;
}

TEST_CASE("Woken: a lot is started when the capacity of its line is converted") {
  // decided on the 9th, day 4, and there at once, or in two days
  CHECK(mean_wait(ten_of_a_mine, with_program("{conversion: {site: mine, from: busy, to: idle, "
                                              "moves: 0.5, decided: 2026-01-09}}")) == 4 + 2);
  CHECK(mean_wait(ten_of_a_mine,
                  with_program("{conversion: {site: mine, from: busy, to: idle, moves: 0.5, "
                               "decided: 2026-01-09, lead_days: 2}}")) == 4 + 2 + 2);
  // after the review of 2 February, day 28, which sees that it will be there on day 34
  CHECK(mean_wait(ten_of_a_mine,
                  with_program("{conversion: {site: mine, from: busy, to: idle, moves: 0.5, "
                               "decided: 2026-01-09, lead_days: 30}}")) == 4 + 30 + 2);
}

TEST_CASE("Woken: a recipe starts what its own limit has allowed so far") {
  // one piece a day: the ten are started on days 1 to 10
  const std::vector<std::string> a_day = {
      "sites.mine.stocks.good.initial_pieces=0",
      "sites.mine.recipes={make: {makes: good, max_starts_per_week: 7}}",
      "sites.mine.sells.good.replenish={base_stock: {level_pieces: 0}}"};
  CHECK(mean_wait(ten_of_a_mine, a_day) == doctest::Approx(5.5));
  // from the 9th on, day 4: on days 5 to 14
  auto later = a_day;
  later.push_back(
      "sites.mine.recipes.make.max_starts_per_week={steps: {2026-01-01: 0, 2026-01-09: 7}}");
  CHECK(mean_wait(ten_of_a_mine, later) == doctest::Approx(4 + 5.5));
  // a thousand a day: a first one after a thousandth of a day, then all that is still wanted
  later.back() =
      "sites.mine.recipes.make.max_starts_per_week={steps: {2026-01-01: 0, 2026-01-09: 7000}}";
  CHECK(mean_wait(ten_of_a_mine, later) ==
        doctest::Approx(4 + (0.001 + 9 * 0.010) / 10).epsilon(1e-5));
}

TEST_CASE("Woken: of what a recipe's own limit allows a piece may be unused, no more") {
  // Nothing is wanted for four weeks; then of ten one is started at once, and one a day.
  CHECK(mean_wait(
            ten_of_a_mine,
            {"customers.public.review_days=28", of_public + "variation.trace.quantities=[0, 10]",
             "sites.mine.stocks.good.initial_pieces=0",
             "sites.mine.recipes={make: {makes: good, max_starts_per_week: 7}}",
             "sites.mine.sells.good.replenish={base_stock: {level_pieces: 0}}"}) ==
        doctest::Approx(4.5));
}

TEST_CASE("Woken: the bound knows what is started between rare reviews") {
  // One a day may be started from 1 July on, at a site that reviews every ten years: on 184 days.
  // Up to a hundredth of its review, 36 pieces, was allowed before and unused.
  const scenario::LoadedScenario loaded = scenario::scenario_from_text(R"(
name: rare reviews
start: 2026-01-01
end: 2026-12-31
review_days: 3650
items: {good: {}}
sites:
  mine:
    continuous_review: true
    recipes: {make: {makes: good, max_starts_per_week: 7, from: 2026-07-01}}
    sells: {good: {forecast: constant, replenish: {base_stock: {level_pieces: 0}}}}
customers:
  public:
    demand: {good: {pieces_per_week: 1, variation: {trace: {quantities: [1000]}}, from: {mine: {}}}}
)",
                                                                       "test.yaml");
  const double delivered = metric(run_loaded(loaded), "customers.public.delivered.all");
  CHECK(delivered >= 184);
  CHECK(delivered <= 184 + 37);
  const Catalog catalog(loaded.scenario);
  const state::Realisation real(catalog);
  const double best = network::capacity_bound(catalog, real, network::FlowGraph(catalog)).total;
  CHECK(delivered <= best);
  // at most that and a part of a piece may be carried into each of two quarters
  CHECK(best <= 184 + 2 * (36.5 + 1) + 1e-6);
}

TEST_CASE("Woken: what a hard reservation of capacity kept is free when it ends") {
  // Another has reserved all of a line of ten a day until the 15th and calls nothing. Within four
  // weeks there is time for the ten beside that, and what is made is kept for calls until the 16th.
  CHECK(mean_wait(
            ten_of_a_mine,
            {"sites.mine.stocks.good.initial_pieces=0",
             "sites.mine.lines={line: {capacity_per_week: 70}}",
             "sites.mine.recipes={make: {makes: good, line: line}}",
             "sites.mine.sells.good.replenish={base_stock: {level_pieces: 0}}",
             "customers.other={review_days: 90, demand: {good: {pieces_per_week: 1, variation: "
             "{trace: {quantities: [0]}}, from: {mine: {}}}}}",
             "agreements={lta: {seller: mine, buyer: other, item: good, from: 2026-01-05, until: "
             "2026-01-15, settled: month, share_of_capacity: 1, reservation: hard}}"}) == 11);
}

// --- what a program withdraws --------------------------------------------------------------------

// All ten are ordered of the mine, which has none; from the 9th on the other is all that is left.
const std::vector<std::string> withdrawn_on_the_9th = {
    "sites.mine.stocks.good.initial_pieces=0",
    "sites.other={continuous_review: true, sells: {good: {forecast: constant}}, stocks: {good: "
    "{initial_pieces: 100}}}",
    of_public + "from={mine: {}, other: {share: 0.000001}}",
    "programs={change: {export_control: {from: 2026-01-09, sites: [mine], withdraw: true}}}"};

std::vector<std::string> withdrawn_but(const std::vector<std::string>& changes) {
  auto all = withdrawn_on_the_9th;
  all.insert(all.end(), changes.begin(), changes.end());
  return all;
}

TEST_CASE("Woken: what a program withdraws a customer orders from another seller") {
  CHECK(mean_wait(ten_of_a_mine, withdrawn_on_the_9th) == 4);
  // likewise of one that exits, and when an order reaches a seller that is closed by then
  CHECK(mean_wait(ten_of_a_mine,
                  withdrawn_but({"programs={change: {exit: {site: mine, date: 2026-01-12, "
                                 "honours_orders: false}}}"})) == 7);
  CHECK(mean_wait(ten_of_a_mine, withdrawn_but({of_public + "from.mine.order_delay_days=10"})) ==
        10);
  // which the books of the mine know, and the customer lost nothing
  const world::Results r = run_text(ten_of_a_mine, withdrawn_on_the_9th);
  CHECK(of(r, "withdrawn") == 0);
  CHECK(of(r, "backlog") == 0);
  const auto cancelled = series(r, "channels.public<mine.good", "cancelled");
  CHECK(std::accumulate(cancelled.begin(), cancelled.end(), 0.0) == 10);
}

TEST_CASE("Woken: what a program withdraws is lost after its patience") {
  const auto is_lost = [](const std::vector<std::string>& changes) {
    const world::Results r = run_text(ten_of_a_mine, withdrawn_but(changes));
    return of(r, "withdrawn") == 10 && of(r, "delivered") == 0 && of(r, "backlog") == 0;
  };
  CHECK(is_lost({of_public + "from.mine.order_delay_days=10", of_public + "patience_days=8"}));
  // also where it waits for somebody to order from meanwhile
  CHECK(is_lost({of_public + "from={mine: {}}", of_public + "patience_days=8"}));
}

TEST_CASE("Woken: what a program withdraws waits where there is nobody else to order from") {
  const world::Results r = run_text(ten_of_a_mine, withdrawn_but({of_public + "from={mine: {}}"}));
  CHECK(of(r, "withdrawn") == 0);
  CHECK(of(r, "backlog") == 10);
  // it is on its way to the mine under a control from the 9th to the 19th, reaches it on the 15th,
  // and goes again on the 20th
  CHECK(mean_wait(ten_of_a_mine,
                  withdrawn_but({"sites.mine.stocks.good.initial_pieces=100",
                                 of_public + "from={mine: {order_delay_days: 10}}",
                                 "programs.change.export_control.until=2026-01-19"})) == 25);
}

TEST_CASE("Woken: who over-orders orders again what it needs of what a program withdraws") {
  CHECK(mean_wait(ten_of_a_mine, withdrawn_but({of_public + "over_ordering={}"})) == 4);
}

// --- what is paid once ---------------------------------------------------------------------------

// One a day is wanted from 5 January on, and may be ordered from 1 February on: the 27 that waited
// go in one order with that of the day, and until 5 April there is one a day.
TEST_CASE("Woken: what waited goes in one order, which costs once") {
  const world::Results r =
      run_text(ten_of_a_mine, {"customers.public.review_days=1", of_public + "pieces_per_week=7",
                               of_public + "variation={none: {}}",
                               of_public + "from.mine={from: 2026-02-01, order_usd: 100}"});
  CHECK(of(r, "delivered") == 91);
  CHECK(of(r, "ordering_cost") == 100 * 64);
}

TEST_CASE("Woken: calls and other orders that go at one instant are one shipment") {
  // of ten three are called on an agreement
  const world::Results r =
      run_text(ten_of_a_mine,
               {"lanes={way: {freight_usd_per_shipment: 50}}", "customers.public.review_days=7",
                "agreements={lta: {seller: mine, buyer: public, item: good, from: "
                "2026-01-05, until: 2026-12-31, pieces_per_week: 3.5}}"});
  CHECK(metric(r, "agreements.lta.delivered.all") == 3);
  CHECK(metric(r, "sites.mine.freight_cost.all") == 50);
}

}  // namespace
}  // namespace optichain::models
