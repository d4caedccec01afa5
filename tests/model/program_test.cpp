// Programs: what changes the world on the way. Expectations are worked out by hand in the comments,
// or come from theory.
#include <cmath>

#include "models/report/graph/program_text.hpp"
#include "tests/model/run_text.hpp"
#include "tests/model/small_worlds.hpp"

namespace optichain::models {
namespace {

// A line of 70 a week (10 a day) for a customer who wants more. Ten weeks from Monday 2024-01-01,
// which is day 0. Each review starts what the line can do until the next; a lot is shipped at the
// review after it is done.
const std::string maker = R"(
name: maker
start: 2024-01-01
end: 2024-03-10
items: {chip: {price_usd: 10}}
sites:
  maker:
    lines: {fab: {capacity_per_week: 70}}
    recipes: {make: {makes: chip, line: fab}}
    sells: {chip: {forecast: constant}}
customers:
  buyer: {demand: {chip: {pieces_per_week: 200, from: {maker: {}}}}}
)";

std::string program(const std::string& text) {
  return "programs={p: " + text + "}";
}
world::Results run_with(const std::string& text, std::vector<std::string> changes = {}) {
  changes.push_back(program(text));
  return run_text(maker, changes);
}

// --- expansions ----------------------------------------------------------------------------------

TEST_CASE("Program: an expansion at a date is paid then, and there after lead time and ramp") {
  // Decided on day 7, from day 21 on a straight ramp to 70 a week on day 35: 70 x 10 weeks, half of
  // 70 for two weeks, 70 for five.
  const world::Results r = run_with(
      "{expansion: {site: maker, line: fab, adds_per_week: 70, decided: 2024-01-08, lead_days: 14, "
      "ramp_days: 14, cost_usd: 1234567.891234}}");
  CHECK(metric(r, "lines.maker.fab.work_possible.all") == doctest::Approx(700 + 70 + 350));
  CHECK(metric(r, "lines.maker.fab.utilisation.all") == doctest::Approx(1).epsilon(0.002));
  CHECK(metric(r, "programs.p.strikes.all") == 1);
  CHECK(metric(r, "programs.p.capacity_added.all") == 70);
  CHECK(metric(r, "programs.p.cost.all") == doctest::Approx(1234567.891234).epsilon(1e-13));
  const auto paid = series(r, "sites.maker", "capital_expenditure");
  REQUIRE(paid.size() == 10);
  CHECK(paid[0] == 0);
  CHECK(paid[1] == doctest::Approx(1234567.891234).epsilon(1e-6));
}

TEST_CASE("Program: an expansion by a share adds to what the line has without programs") {
  const world::Results r = run_with(
      "{expansion: {site: maker, line: fab, adds_share: 0.5, decided: 2024-01-08, lead_days: 14}}");
  CHECK(metric(r, "lines.maker.fab.work_possible.all") == doctest::Approx(700 + 35 * 7));
  CHECK(metric(r, "programs.p.capacity_added.all") == 35);
}

TEST_CASE("Program: what was decided before the beginning is there and paid already") {
  const world::Results r = run_with(
      "{expansion: {site: maker, line: fab, adds_per_week: 7, decided: 2023-12-01, lead_days: 3, "
      "cost_usd: 5}}");
  CHECK(metric(r, "lines.maker.fab.work_possible.all") == doctest::Approx(770));
  CHECK(metric(r, "programs.p.cost.all") == 0);
  CHECK(metric(r, "programs.p.strikes.all") == 0);
}

TEST_CASE("Program: a line that is full for three weeks is expanded, at the third review") {
  const std::string rule =
      "{expansion: {site: maker, line: fab, adds_per_week: 70, lead_days: 14, cost_usd: 10, when: "
      "{utilisation_above: 0.95, for_weeks: 3, at_most: 1, wait_weeks: 2}}}";
  // Looked at on days 7, 14, 21: decided on day 21, there on day 35, for five weeks.
  const world::Results once = run_with(rule);
  CHECK(metric(once, "lines.maker.fab.work_possible.all") == doctest::Approx(700 + 70 * 5));
  CHECK(metric(once, "programs.p.cost.all") == 10);

  // Full again on days 28, 35, 42: decided on day 42, there on day 56, for two weeks more. The next
  // one, of day 63, would come on day 77.
  std::string twice = rule;
  twice.replace(twice.find("at_most: 1"), 10, "at_most: 9");
  const world::Results r = run_with(twice);
  CHECK(metric(r, "lines.maker.fab.work_possible.all") == doctest::Approx(700 + 70 * 5 + 70 * 2));
  CHECK(metric(r, "programs.p.strikes.all") == 3);
  CHECK(metric(r, "programs.p.capacity_added.all") == 140);

  // Only what is seen from day 14 on counts: decided on day 35, there on day 49.
  std::string later = rule;
  later.replace(later.find("at_most: 1"), 10, "from: 2024-01-15, at_most: 1");
  CHECK(metric(run_with(later), "lines.maker.fab.work_possible.all") ==
        doctest::Approx(700 + 70 * 3));

  // A line that is used to 50 of 70 is never full.
  const world::Results idle = run_with(rule, {"customers.buyer.demand.chip.pieces_per_week=50",
                                              "sites.maker.stocks={chip: {initial_pieces: 500}}"});
  CHECK(metric(idle, "programs.p.strikes.all") == 0);
}

TEST_CASE("Program: an addition is out when its line is") {
  const world::Results r = run_with(
      "{expansion: {site: maker, line: fab, adds_per_week: 70, lead_days: 0, when: {for_weeks: "
      "1}}}",
      {"sites.maker.lines.fab.outages={stop: {from: 2024-01-15, until: 2024-01-21}}"});
  // 70 until day 7, 140 from then on, none from day 14 to 21
  CHECK(metric(r, "lines.maker.fab.work_possible.all") == doctest::Approx(70 + 140 * 8));
}

// --- breakdowns and lost work --------------------------------------------------------------------

TEST_CASE("Program: a planned outage can cost the lot on the line, which is scrap") {
  // Out on day 2. The planner knows: it starts 60 on day 0, and 20 of them are done when the line
  // stops. Without loss they are done on day 7.
  const auto run = [](const std::string& work) {
    return run_text(maker, {"sites.maker.lines.fab.outages={stop: {from: 2024-01-03, until: "
                            "2024-01-03, work: " +
                            work + "}}"});
  };
  const world::Results waits = run("waits"), lost = run("lost");
  CHECK(metric(waits, "customers.buyer.delivered.all") == 60 + 8 * 70);
  CHECK(metric(waits, "items.chip.scrap.all") == 0);
  CHECK(metric(lost, "customers.buyer.delivered.all") == 8 * 70);
  CHECK(metric(lost, "items.chip.scrap.all") == 60);
  CHECK(metric(lost, "recipes.maker.make.started.all") == 60 + 9 * 70);
  CHECK(metric(lost, "lines.maker.fab.work_done.all") == doctest::Approx(20 + 9 * 70));
  CHECK(metric(lost, "lines.maker.fab.work_possible.all") == doctest::Approx(690));
}

TEST_CASE("Program: a breakdown every third day loses every lot, and the pieces are conserved") {
  // Up for two days, down for one: down from day 2, 5, 8, ..., 68 on, 23 times. On days 14, 35 and
  // 56 the planner finds the line down and starts 60, else 70. Of lots that begin 2, 1 or 0 days
  // before a failure, 20, 10 and (after the repair) 20 are done.
  const world::Results r = run_with(
      "{breakdowns: {site: maker, line: fab, work: lost, mtbf_days: {empirical: {values: [2, "
      "2.000001]}}, mttr_days: {empirical: {values: [1, 1.000001]}}}}");
  CHECK(metric(r, "programs.p.strikes.all") == 23);
  CHECK(metric(r, "programs.p.days_down.all") == doctest::Approx(23));
  CHECK(metric(r, "lines.maker.fab.work_possible.all") == doctest::Approx(700 - 230));
  CHECK(metric(r, "recipes.maker.make.started.all") == 7 * 70 + 3 * 60);
  CHECK(metric(r, "items.chip.scrap.all") == 7 * 70 + 3 * 60);
  CHECK(metric(r, "lines.maker.fab.work_done.all") == doctest::Approx(4 * 20 + 3 * 10 + 3 * 20));
  CHECK(metric(r, "customers.buyer.delivered.all") == 0);
}

TEST_CASE("Program: half of the capacity is left in a breakdown that leaves half") {
  const world::Results r = run_with(
      "{breakdowns: {site: maker, line: fab, left: 0.5, mtbf_days: {empirical: {values: [2, "
      "2.000001]}}, mttr_days: {empirical: {values: [1, 1.000001]}}}}");
  CHECK(metric(r, "lines.maker.fab.work_possible.all") == doctest::Approx(700 - 115));
  CHECK(metric(r, "customers.buyer.delivered.all") > 400);
}

// An alternating renewal process (Cox 1962, section 7): availability mtbf / (mtbf + mttr), here
// 0.9. With exponential times the share of a span T has variance 2 u^2 d^2 / (u + d)^3 / T.
TEST_CASE("Program: a line that breaks down is up for mtbf / (mtbf + mttr) of the time") {
  constexpr std::size_t runs = 60;
  const scenario::LoadedScenario loaded = scenario::scenario_from_text(
      maker, "test.yaml",
      {"end=2027-12-31",
       program("{breakdowns: {site: maker, line: fab, mtbf_days: 9, mttr_days: 1}}")});
  const Catalog catalog(loaded.scenario);
  const auto outcomes = sim::run_jobs(runs, {.jobs = 2}, [&](std::size_t i) {
    world::World world(catalog, {7, i});
    return world::pack(world.run());
  });
  double sum = 0, squares = 0;
  const double days = 1461;
  for (const auto& outcome : outcomes) {
    REQUIRE_MESSAGE(outcome.status == sim::Outcome::Status::done, outcome.text);
    const world::Results r = world::unpack(outcome.text);
    const double up = metric(r, "lines.maker.fab.work_possible.all") / (10 * days);
    CHECK(up == doctest::Approx(1 - metric(r, "programs.p.days_down.all") / days).epsilon(1e-6));
    sum += up;
    squares += up * up;
  }
  const double n = runs, mean = sum / n;
  const double error = std::sqrt((squares / n - mean * mean) / (n - 1));
  const double theory = std::sqrt(2 * 81 * 1 / 1000.0 / days / n);
  MESSAGE("availability " << mean << " +- " << error << ", by theory 0.9 +- " << theory);
  CHECK(std::fabs(mean - 0.9) < 4 * theory);
  CHECK(error == doctest::Approx(theory).epsilon(0.4));  // chi-squared with 59 degrees: 4 sigma
}

// --- export control ------------------------------------------------------------------------------

// A depot with plenty; orders are shipped at once. Orders on days 0, 7, ..., 63.
const std::string depot = R"(
name: depot
start: 2024-01-01
end: 2024-03-10
items: {chip: {price_usd: 10}}
sites:
  depot: {region: east, sells: {chip: {}}, stocks: {chip: {initial_pieces: 100000}}}
customers:
  buyer: {region: west, demand: {chip: {pieces_per_week: 100, from: {depot: {}}}}}
)";
world::Results run_depot(const std::string& text, std::vector<std::string> changes = {}) {
  changes.push_back(program(text));
  return run_text(depot, changes);
}

TEST_CASE("Program: what is under export control is neither ordered nor shipped") {
  // In force on days 14 and 21: two orders of ten wait and are placed on day 28.
  const std::string control = "{export_control: {from: 2024-01-15, until: 2024-01-28}}";
  const world::Results blocked = run_depot(control, {"end=2024-01-28"});
  CHECK(metric(blocked, "customers.buyer.delivered.all") == 200);
  CHECK(metric(blocked, "customers.buyer.backlog.all") == 200);
  const world::Results r = run_depot(control);
  CHECK(metric(r, "customers.buyer.demanded.all") == 1000);
  CHECK(metric(r, "customers.buyer.delivered.all") == 1000);
  CHECK(metric(r, "customers.buyer.lead_time.all") == doctest::Approx((14 + 7) / 10.0));
  CHECK(metric(r, "programs.p.strikes.all") == 1);
  CHECK(metric(r, "programs.p.days_down.all") == 14);

  // With another seller all goes there meanwhile: 50 in eight weeks and 100 in two.
  const world::Results other =
      run_depot("{export_control: {from: 2024-01-15, until: 2024-01-28, sites: [depot]}}",
                {"sites.store={sells: {chip: {}}, stocks: {chip: {initial_pieces: 100000}}}",
                 "customers.buyer.demand.chip.from={depot: {}, store: {}}"});
  CHECK(metric(other, "customers.buyer.delivered.all") == 1000);
  CHECK(metric(other, "sites.store.sales.all") == 10 * (8 * 50 + 2 * 100));
}

TEST_CASE("Program: open orders wait for the end of a control, or are withdrawn") {
  // Orders are a week in the mail: that of day 7 reaches the depot under control and is shipped on
  // day 28, those of days 14 and 21 are placed then and shipped on day 35, that of day 63 is on its
  // way at the end. What is withdrawn is placed anew on day 28 and shipped on day 35, too.
  const std::vector<std::string> slow = {
      "customers.buyer.demand.chip.from.depot.order_delay_days=7"};
  const world::Results waits =
      run_depot("{export_control: {from: 2024-01-15, until: 2024-01-28}}", slow);
  CHECK(metric(waits, "customers.buyer.delivered.all") == 900);
  CHECK(metric(waits, "customers.buyer.lead_time.all") ==
        doctest::Approx((6 * 7 + 21 + 21 + 14 + 7) / 9.0));
  const world::Results withdrawn =
      run_depot("{export_control: {from: 2024-01-15, until: 2024-01-28, withdraw: true}}", slow);
  CHECK(metric(withdrawn, "customers.buyer.delivered.all") == 900);
  CHECK(metric(withdrawn, "customers.buyer.withdrawn.all") == 0);
  CHECK(metric(withdrawn, "customers.buyer.lead_time.all") ==
        doctest::Approx((6 * 7 + 28 + 21 + 14 + 7) / 9.0));
}

TEST_CASE("Program: excess orders that are withdrawn are not taken for goods") {
  // Nothing is there, so orders of 100 a week grow to 200, of which half is excess. What a control
  // withdraws on day 28 has not come: after it, on day 42, at least what is wanted is ordered.
  const world::Results r = run_depot(
      "{export_control: {from: 2024-01-29, until: 2024-02-11, withdraw: true}}",
      {"sites.depot.stocks.chip.initial_pieces=0",
       "customers.buyer.demand.chip.over_ordering={cap: 2, sensitivity: 4, memory_weeks: 1}"});
  const auto ordered = series(r, "channels.buyer<depot.chip", "ordered");
  REQUIRE(ordered.size() == 10);
  CHECK(ordered[3] > 100);
  CHECK(ordered[4] == 0);
  for (std::size_t week = 6; week < 10; ++week) CHECK(ordered[week] >= 100);
  // and what is needed waits meanwhile, all of six weeks
  CHECK(series(r, "demands.buyer.chip", "backlog")[5] == 600);
  CHECK(metric(r, "customers.buyer.withdrawn.all") == 0);
}

TEST_CASE("Program: every key narrows an export control down") {
  const auto delivered = [](const std::string& filter) {
    return metric(
        run_depot("{export_control: {from: 2024-01-15, until: 2024-01-28, " + filter + "}}",
                  {"end=2024-01-28", "items.part={}", "sites.depot.sells.part={}",
                   "sites.depot.stocks.part={initial_pieces: 100000}",
                   "customers.user={region: east, demand: {part: {pieces_per_week: 100, "
                   "from: {depot: {}}}}}"}),
        "customers.buyer.delivered.all");
  };
  // of four orders those of days 0 and 7, or all
  CHECK(delivered("items: [chip]") == 200);
  CHECK(delivered("items: [part]") == 400);
  CHECK(delivered("buyers: [buyer]") == 200);
  CHECK(delivered("buyers: [user]") == 400);
  CHECK(delivered("to_region: west") == 200);
  CHECK(delivered("from_region: east, to_region: east") == 400);
  CHECK(delivered("from_region: east, to_region: west, sites: [depot], items: [part, chip]") ==
        200);
}

TEST_CASE("Program: a licence takes its time with every shipment") {
  // Shipped on days 14 and 21, each 21 days longer on the way.
  const world::Results r = run_depot(
      "{export_control: {from: 2024-01-15, until: 2024-01-28, effect: {delay: {days: 21}}}}");
  CHECK(metric(r, "customers.buyer.delivered.all") == 1000);
  CHECK(metric(r, "customers.buyer.lead_time.all") == doctest::Approx(2 * 21 / 10.0));
}

TEST_CASE("Program: a quota lets a share of the usual shipments through, week by week") {
  // Before: 100 on days 0 and 7, so 50 a week are allowed: 0 on day 14, 50 on days 21, 28, 35.
  const std::string quota =
      "{export_control: {from: 2024-01-15, until: 2024-02-11, effect: {quota: {left: 0.5, "
      "base_weeks: 2}}}}";
  CHECK(metric(run_depot(quota, {"end=2024-02-11"}), "customers.buyer.delivered.all") == 350);
  // then what waits is shipped
  CHECK(metric(run_depot(quota), "customers.buyer.delivered.all") == 1000);
}

TEST_CASE("Program: of a family only the variant under control is missing") {
  const std::string family = R"(
name: family
start: 2024-01-01
end: 2024-03-10
families: {cloth: {}}
items: {red: {family: cloth}, white: {family: cloth}}
sites:
  maker:
    sells: {cloth: {}}
    stocks: {red: {initial_pieces: 100000}, white: {initial_pieces: 100000}}
customers:
  tailor: {demand: {cloth: {pieces_per_week: 100, from: {maker: {}}}}}
)";
  // Half and half in eight weeks; on days 14 and 21 all is white.
  const world::Results r = run_text(
      family, {program("{export_control: {from: 2024-01-15, until: 2024-01-28, items: [red]}}")});
  CHECK(metric(r, "customers.tailor.delivered.all") == 1000);
  CHECK(metric(r, "families.cloth.share.red.all") == doctest::Approx(0.4));
}

TEST_CASE("Program: whoever asks learns what blocks a channel, and until when") {
  const scenario::LoadedScenario loaded = scenario::scenario_from_text(
      depot, "test.yaml",
      {"programs={ban: {export_control: {from: 2024-01-15, until: 2024-01-28}}, slow: "
       "{export_control: {from: 2024-01-10, effect: {delay: {days: 3}}}}, end: {exit: {site: "
       "depot, "
       "date: 2024-03-01}}}"});
  const Catalog catalog(loaded.scenario);
  const state::Realisation real(catalog);
  const state::CurrentTerms terms(catalog, real);
  const auto blocker = [&](const char* day) {
    const auto id = terms.blocked_by(ChannelId{0}, sim::parse_period(day)->begin);
    return id ? catalog[*id].name : "nothing";
  };
  CHECK(blocker("2024-01-14") == "nothing");
  CHECK(blocker("2024-01-15") == "ban");
  CHECK(blocker("2024-01-28") == "ban");
  CHECK(blocker("2024-01-29") == "nothing");
  CHECK(blocker("2024-03-01") == "end");
  CHECK(report::program_text(catalog, ProgramId{0}) ==
        "export control from 2024-01-15 to 2024-01-28: nothing may be shipped; buyer-seller "
        "relations: 1");
  CHECK(report::program_text(catalog, ProgramId{1}) ==
        "depot stops selling on 2024-03-01, after its open orders");
}

// --- exits ---------------------------------------------------------------------------------------

TEST_CASE("Program: a supplier that exits makes what was ordered before, and its line stops") {
  // 100 a week are ordered on days 0 to 21, 70 a week made. Shipped on days 7 to 28: 280. Started
  // on days 28 and 35: 70 and the last 50, shipped on days 35 and 42. The line stops on day 49.
  const world::Results r = run_with("{exit: {site: maker, date: 2024-01-29}}",
                                    {"customers.buyer.demand.chip.pieces_per_week=100"});
  CHECK(metric(r, "customers.buyer.demanded.all") == 1000);
  CHECK(metric(r, "customers.buyer.delivered.all") == 400);
  CHECK(metric(r, "recipes.maker.make.started.all") == 400);
  CHECK(metric(r, "lines.maker.fab.work_possible.all") == doctest::Approx(70 * 7));
  CHECK(metric(r, "customers.buyer.withdrawn.all") == 0);
}

TEST_CASE("Program: a supplier that does not honour orders stops at once") {
  // Of 400 ordered, 210 are shipped before day 28; the lot that is done then stays in stock.
  const world::Results r =
      run_with("{exit: {site: maker, date: 2024-01-29, honours_orders: false}}",
               {"customers.buyer.demand.chip.pieces_per_week=100"});
  CHECK(metric(r, "customers.buyer.delivered.all") == 210);
  CHECK(metric(r, "customers.buyer.withdrawn.all") == 0);  // it waits for somebody else
  CHECK(metric(r, "customers.buyer.backlog.all") == 790);
  CHECK(metric(r, "items.chip.produced.all") == 280);
  CHECK(metric(r, "lines.maker.fab.work_possible.all") == doctest::Approx(280));
}

TEST_CASE("Program: after an exit buyers turn to who is left") {
  const world::Results r =
      run_text(two_sellers, {program("{exit: {site: second, date: 2024-07-01}}")});
  CHECK(metric(r, "customers.buyer.fill_rate.all") > 0.97);
  CHECK(metric(r, "stocks.second.chip.shipped.all") == 26 * 50);
}

// --- conversions ---------------------------------------------------------------------------------

// Two lines of 60 and 40 a week; x earns 10 on a unit of work, y 30.
const std::string two_lines = R"(
name: two lines
start: 2024-01-01
end: 2024-03-10
items: {x: {price_usd: 10}, y: {price_usd: 30}}
sites:
  maker:
    lines: {a: {capacity_per_week: 60}, b: {capacity_per_week: 40}}
    recipes: {make_x: {makes: x, line: a}, make_y: {makes: y, line: b}}
    sells: {x: {}, y: {}}
customers:
  buyer:
    demand:
      x: {pieces_per_week: 200, from: {maker: {}}}
      y: {pieces_per_week: 200, from: {maker: {}}}
)";

TEST_CASE("Program: a line is converted at a date, and is missing meanwhile") {
  // Half of 60 goes on day 14; 0.8 of it is there a week later.
  const world::Results r = run_text(
      two_lines, {program("{conversion: {site: maker, from: a, to: b, moves: 0.5, loses: 0.2, "
                          "decided: 2024-01-15, lead_days: 7}}")});
  CHECK(metric(r, "lines.maker.a.work_possible.all") == doctest::Approx(60 * 2 + 30 * 8));
  CHECK(metric(r, "lines.maker.b.work_possible.all") == doctest::Approx(40 * 10 + 24 * 7));
  CHECK(metric(r, "lines.maker.b.utilisation.all") > 0.99);
}

TEST_CASE("Program: a conversion moves nothing of an expansion that is decided later") {
  // Half of the 60 goes on day 14; on day 28 the 20 that are decided then come in full.
  const std::string conversion =
      "programs={p: {conversion: {site: maker, from: a, to: b, moves: 0.5, decided: 2024-01-15}}, ";
  const auto expanded = [&](const std::string& decided) {
    return run_text(two_lines,
                    {conversion +
                     "q: {expansion: {site: maker, line: a, adds_per_week: "
                     "20, lead_days: " +
                     (decided == "2024-01-29" ? "0" : "14") + ", decided: " + decided + "}}}"});
  };
  const world::Results later = expanded("2024-01-29");
  CHECK(metric(later, "lines.maker.a.work_possible.all") ==
        doctest::Approx(60 * 2 + 30 * 8 + 20 * 6));
  CHECK(metric(later, "lines.maker.b.work_possible.all") == doctest::Approx(40 * 10 + 30 * 8));
  // decided before, and there on the same day 28: half of it is moved
  const world::Results before = expanded("2024-01-15");
  CHECK(metric(before, "lines.maker.a.work_possible.all") ==
        doctest::Approx(60 * 2 + 30 * 8 + 10 * 6));
}

TEST_CASE("Program: capacity moves to the line that earns more, step by step") {
  // Decided on days 14 and (three weeks later) 35: 60, 30, 15; the other gets 24 and 12 a week
  // after.
  const std::string rule =
      "{conversion: {site: maker, from: a, to: b, moves: 0.5, loses: 0.2, lead_days: 7, cost_usd: "
      "1000, when: {margin_advantage: 2, for_weeks: 2, at_most: 2, wait_weeks: 3}}}";
  const world::Results r = run_text(two_lines, {program(rule)});
  CHECK(metric(r, "lines.maker.a.work_possible.all") == doctest::Approx(60 * 2 + 30 * 3 + 15 * 5));
  CHECK(metric(r, "lines.maker.b.work_possible.all") == doctest::Approx(400 + 24 * 7 + 12 * 4));
  CHECK(metric(r, "programs.p.cost.all") == 2000);
  CHECK(metric(r, "programs.p.capacity_added.all") == 36);
  // with a cost of a cent on y, 30 is not three times 10 any more
  const world::Results held =
      run_text(two_lines, {program(rule), "sites.maker.recipes.make_y.cost_usd_per_piece=0.01"});
  CHECK(metric(held, "programs.p.strikes.all") == 0);
}

TEST_CASE("Program: capacity comes back when the other line earns less, if it may") {
  // The first move is of day 7. From day 28 on y is worth 1: seen on days 28 and 35, half of b's 70
  // comes back on day 35.
  const world::Results r =
      run_text(two_lines,
               {"items.y.price_usd={steps: {2024-01-01: 30, 2024-01-29: 1}}",
                program("{conversion: {site: maker, from: a, to: b, moves: 0.5, back: true, when: "
                        "{for_weeks: 1, at_most: 1}}}")});
  CHECK(metric(r, "programs.p.strikes.all") == 2);
  // seen on day 28 for the first time, which is enough for one week
  CHECK(metric(r, "lines.maker.a.work_possible.all") == doctest::Approx(60 + 30 * 3 + 65 * 6));
  CHECK(metric(r, "lines.maker.b.work_possible.all") == doctest::Approx(40 + 70 * 3 + 35 * 6));
}

// --- common random numbers -----------------------------------------------------------------------

TEST_CASE("Program: one chain's breakdowns change no draw of another") {
  const std::string yaml = R"(
name: two chains
start: 2024-01-01
end: 2024-12-29
items: {a: {price_usd: {normal: {mean: 10, sd: 1, min: 0}}}, b: {price_usd: 5}}
sites:
  fab_a:
    lines: {l: {capacity_per_week: {uniform: {low: 50, high: 90}}}}
    recipes:
      make:
        makes: a
        line: l
        yield: 0.7
        yield_sd: 0.1
        cycle_days: {exponential: {mean: 9}}
    sells: {a: {}}
  fab_b:
    lines: {l: {capacity_per_week: {uniform: {low: 50, high: 90}}}}
    recipes:
      make:
        makes: b
        line: l
        yield: 0.7
        yield_sd: 0.1
        cycle_days: {exponential: {mean: 9}}
    sells: {b: {}}
lanes: {way: {transit_days: {exponential: {mean: 5}}}}
customers:
  x: {demand: {a: {pieces_per_week: 40, variation: poisson, from: {fab_a: {}}}}}
  y: {demand: {b: {pieces_per_week: 40, variation: poisson, from: {fab_b: {}}}}}
)";
  const world::Results plain = run_text(yaml);
  const world::Results with = run_text(
      yaml,
      {program("{breakdowns: {site: fab_a, line: l, mtbf_days: 20, mttr_days: 5, work: lost}}")});
  CHECK(metric(plain, "customers.x.delivered.all") > metric(with, "customers.x.delivered.all"));
  CHECK(metric(plain, "customers.x.demanded.all") == metric(with, "customers.x.demanded.all"));
  for (const char* name : {"customers.y.delivered.all", "customers.y.lead_time.all",
                           "items.b.scrap.all", "lines.fab_b.l.work_possible.all"}) {
    CHECK(metric(plain, name) == metric(with, name));
  }
  // one that never acts changes nothing at all
  const world::Results inert = run_text(
      yaml, {program("{expansion: {site: fab_a, line: l, adds_share: 1, cost_usd: 9, lead_days: "
                     "{exponential: {mean: 9}}, when: {for_weeks: 500}}}")});
  CHECK(inert.fingerprint == plain.fingerprint);
}

}  // namespace
}  // namespace optichain::models
