// How customers and buyers order: over-ordering, revisions of demand, forecasts from shared plans.
#include <cmath>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "models/network/capacity_bound.hpp"
#include "tests/model/run_text.hpp"

namespace optichain::models {
namespace {

// --- over-ordering -------------------------------------------------------------------------------

// A maker whose only pieces come from a lot that is ready after 60 days, for one customer who wants
// 100 a week and remembers almost nothing: from its second order on, none of which was filled, it
// orders two for one.
const std::string waiting = R"(
name: waiting
start: 2024-01-01
end: 2024-06-30
families: {module: {}}
items: {dr: {family: module, price_usd: 10}}
sites:
  maker:
    lines: {bench: {capacity_per_week: 0}}
    recipes: {make: {makes: dr, line: bench, initial_lots: [{pieces: 100000, in_days: 60}]}}
    sells: {module: {forecast: constant}}
customers:
  cloud:
    demand:
      module:
        pieces_per_week: 100
        from: {maker: {}}
        over_ordering: {cap: 2, sensitivity: 1, memory_weeks: 0.1}
)";

std::vector<double> weekly(const world::Results& r, const std::string& measure) {
  const auto values = series(r, "channels.cloud<maker.module", measure);
  return {values.begin(), values.end()};
}

TEST_CASE("Over-ordering: what comes beyond the need is not ordered again") {
  const world::Results r = run_text(waiting);
  const auto ordered = weekly(r, "ordered"), shipped = weekly(r, "shipped");
  // orders of weeks 1 to 10: 100, then 200 each; all are shipped in week 10, when 1000 were wanted
  CHECK(ordered[0] == 100);
  for (std::size_t w = 1; w < 10; ++w) CHECK(ordered[w] == 200);
  CHECK(shipped[9] == 1900);
  // the other 900 do for weeks 11 to 19; then it orders what it wants
  for (std::size_t w = 10; w < 19; ++w) CHECK(ordered[w] == 0);
  for (std::size_t w = 19; w < 26; ++w) CHECK(ordered[w] == 100);
  CHECK(metric(r, "customers.cloud.demanded.all") == 2600);
  CHECK(metric(r, "customers.cloud.ordered.all") == 2600);
  CHECK(metric(r, "families.module.shipped.all") == 2600);
  CHECK(metric(r, "families.module.cancelled.all") == 0);
  // the first quarter has 13 reviews: 1300 wanted, 1900 shipped
  CHECK(metric(r, "market.demanded.2024Q1") == 1300);
  CHECK(metric(r, "market.unmet.2024Q1") == -600);
}

TEST_CASE("Over-ordering: the capacity bound allows for what is shipped beyond the need") {
  // until week 10, in which 1900 pieces are shipped: 1000 are wanted, at most twice as many ordered
  const auto loaded = scenario::scenario_from_text(waiting, "test.yaml", {"end=2024-03-10"});
  const Catalog catalog(loaded.scenario);
  const network::CapacityBound best = network::capacity_bound(
      catalog, state::Realisation(catalog, {1, 0}), network::FlowGraph(catalog), {});
  CHECK(best.total == doctest::Approx(2000));
  CHECK(metric(run_loaded(loaded), "market.shipped.all") == 1900);
}

TEST_CASE("Over-ordering: when supply recovers, what was never needed is cancelled") {
  const world::Results r =
      run_text(waiting, {"sites.maker.recipes.make.initial_lots=[{pieces: 1200, in_days: 60}]"});
  // 1200 of 1900 are shipped in week 10. In week 11 the fill rate is 1 and 1100 were wanted so far:
  // 100 are there for week 12, and of the 700 open none is needed.
  const auto ordered = weekly(r, "ordered"), cancelled = weekly(r, "cancelled");
  CHECK(weekly(r, "shipped")[9] == 1200);
  CHECK(cancelled[10] == 700);
  CHECK(ordered[10] == 0);
  CHECK(ordered[11] == 0);
  // nothing comes any more: the orders of weeks 13 to 26 are 100, then 200 each
  CHECK(ordered[12] == 100);
  for (std::size_t w = 13; w < 26; ++w) CHECK(ordered[w] == 200);
  CHECK(metric(r, "families.module.cancelled.all") == 700);
  CHECK(metric(r, "families.module.withdrawn.all") == 0);
  CHECK(metric(r, "families.module.backlog.all") == 2700);
  // the two shortages: 1200 of 2600 wanted are there, of 4600 ordered
  CHECK(metric(r, "market.unmet.all") == 1400);
  CHECK(metric(r, "families.module.fill_rate.all") == doctest::Approx(1200.0 / 2600));
  CHECK(metric(r, "families.module.shortage_apparent.all") == doctest::Approx(1 - 1200.0 / 4600));
}

TEST_CASE("Over-ordering: who gives up gives up needs and excess alike") {
  const world::Results r = run_text(waiting, {"sites.maker.recipes.make.initial_lots=[]",
                                              "customers.cloud.demand.module.patience_days=14"});
  // what is open is of the last two weeks; no more is ordered than twice the need
  CHECK(metric(r, "families.module.ordered.all") == 100 + 25 * 200);
  CHECK(metric(r, "families.module.withdrawn.all") == 100 + 23 * 200);
  CHECK(metric(r, "families.module.backlog.all") == 400);
  CHECK(metric(r, "families.module.cancelled.all") == 0);
}

// Two who want 100 a week of a shop that has 1000 pieces and gets no more.
const std::string rationed = R"(
name: rationed
start: 2024-01-01
end: 2024-06-30
items: {chip: {price_usd: 10}}
sites:
  shop:
    recipes: {make: {makes: chip, max_starts_per_week: 0}}
    sells: {chip: {forecast: constant}}
    stocks: {chip: {initial_pieces: 1000}}
  other:
    recipes: {make: {makes: chip, max_starts_per_week: 0}}
    sells: {chip: {forecast: constant, allocation: uniform}}
    stocks: {chip: {initial_pieces: 1000}}
customers:
  east: &buyer
    demand:
      chip:
        pieces_per_week: 100
        from: {shop: {}}
        over_ordering: {cap: 2, sensitivity: 1, memory_weeks: 0.1, when: it_pays}
  west: *buyer
)";

TEST_CASE("Over-ordering: where it pays only, under uniform allocation nobody orders more") {
  const auto ordered = [](std::vector<std::string> changes) {
    return metric(run_text(rationed, changes), "items.chip.ordered.all");
  };
  // 26 weeks of 200; in proportion to orders it pays as much as ever
  const double always = ordered({"customers.east.demand.chip.over_ordering.when=always",
                                 "customers.west.demand.chip.over_ordering.when=always"});
  // five weeks are met; then no more is owed than twice the need: 21 weeks of 400
  CHECK(always == 5 * 200 + 200 + 20 * 400);
  CHECK(ordered({}) == always);
  CHECK(ordered({"sites.shop.sells.chip.allocation=uniform"}) == 26 * 200);
  CHECK(ordered({"sites.shop.sells.chip.allocation={priority: {buyers: [east, west]}}"}) ==
        26 * 200);
  // one who is alone has nobody to take it from
  CHECK(ordered({"customers.west=~"}) == 26 * 100);
}

TEST_CASE("Over-ordering: of two sellers more is ordered where it pays, and only there") {
  const world::Results r = run_text(rationed, {"customers.east.demand.chip.from.other={}",
                                               "customers.west.demand.chip.from.other={}"});
  // each gets half of the needs; where orders are honest 26 weeks of 100 are ordered
  double honest = 0, inflated = 0;
  for (const char* buyer : {"east", "west"}) {
    for (const double pieces :
         series(r, std::string("channels.") + buyer + "<other.chip", "ordered")) {
      honest += pieces;
    }
    for (const double pieces :
         series(r, std::string("channels.") + buyer + "<shop.chip", "ordered")) {
      inflated += pieces;
    }
  }
  CHECK(honest == 26 * 100);
  // ten weeks are met; the eleventh is ordered before anybody is short; then twice the need
  CHECK(inflated == 10 * 100 + 100 + 15 * 200);
}

TEST_CASE("Over-ordering: the example is as its page says") {
  const std::string folder = OPTICHAIN_SOURCE_DIR "/scenarios/over-ordering/";
  const auto loaded = scenario::load_scenario(folder + "over-ordering.yaml");
  const world::Results r = run_loaded(loaded);
  std::ifstream page(folder + "README.md");
  const std::vector<std::string> quarters = {"2026Q1", "2026Q2", "2026Q3", "2026Q4"};
  int rows = 0;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| `")) continue;
    ++rows;
    std::replace(line.begin(), line.end(), '|', ' ');
    std::replace(line.begin(), line.end(), '`', ' ');
    std::stringstream cells(line);
    std::string figure;
    cells >> figure;
    for (const std::string& quarter : quarters) {
      double said = 0;
      cells >> said;
      CAPTURE(figure + "." + quarter);
      CHECK(metric(r, figure + "." + quarter) == doctest::Approx(said).scale(1).epsilon(0.0051));
    }
  }
  CHECK(rows == 7);

  // and over-ordering changes orders, not what is delivered
  scenario::LoadedScenario honest = loaded;
  for (const char* site : {"east", "west"}) {
    honest.scenario.sites.at(site).buys.at("chip").over_ordering.reset();
  }
  const world::Results without = run_loaded(honest);
  for (const std::string& q : quarters) {
    CHECK(metric(r, "families.module.shipped." + q) ==
          metric(without, "families.module.shipped." + q));
  }
  CHECK(metric(without, "items.chip.shortage_apparent.2026Q1") ==
        doctest::Approx(0.44).epsilon(0.01));
  CHECK(metric(without, "items.chip.cancelled.all") == 0);
}

// --- revisions of demand -------------------------------------------------------------------------

// A plant that needs four weeks for a chip and makes as many as it likes.
const std::string revised_plant = R"(
name: revised plant
start: 2024-01-01
end: 2024-12-29
items: {chip: {price_usd: 50}}
sites:
  plant:
    recipes: {make: {makes: chip, cycle_days: 28}}
    sells: {chip: {forecast: shared, replenish: {order_up_to: {safety_weeks: 0}}}}
    stocks: {chip: {initial_weeks: 5}}
customers:
  buyer:
    demand:
      chip:
        pieces_per_week: 100
        from: {plant: {}}
        revisions: {double: {announced: 2024-04-01, from: 2024-07-01, factor: 2}}
)";

sim::Time day(int year, unsigned month, unsigned d) {
  return sim::Date{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{d}};
}

TEST_CASE("Revision: the demand is another from its day on, the plan from the announcement on") {
  const auto loaded = scenario::scenario_from_text(revised_plant, "test.yaml", {});
  const Catalog catalog(loaded.scenario);
  const state::Realisation real(catalog, {1, 0});
  const DemandId id{0};
  const auto planned = [&](sim::Time as_of, sim::Time at) {
    return real.demand_plan(id, as_of).value(at);
  };
  const sim::Time july = day(2024, 7, 1), april = day(2024, 4, 1);
  CHECK(real.demand[0].value(july - std::chrono::seconds{2}) == 100);
  CHECK(real.demand[0].value(july) == 200);
  CHECK(planned(april - std::chrono::seconds{1}, july) == 100);
  CHECK(planned(april, july) == 200);
  CHECK(planned(april, april) == 100);
  CHECK(planned(july, july) == 200);

  // 26 weeks of 100 and 26 of 200
  const world::Results r = run_loaded(loaded);
  CHECK(metric(r, "customers.buyer.demanded.all") == 26 * 100 + 26 * 200);
  CHECK(metric(r, "customers.buyer.demanded.2024Q2") == 1300);
  CHECK(metric(r, "customers.buyer.demanded.2024Q3") == 14 * 200);
  CHECK(metric(r, "items.chip.needed.all") == 7800);
}

TEST_CASE("Revision: several follow each other by the day from which they hold") {
  const auto loaded = scenario::scenario_from_text(
      revised_plant, "test.yaml",
      {"customers.buyer.demand.chip.pieces_per_week={2024-01-01: 100, 2024-12-26: 460}",
       "customers.buyer.demand.chip.revisions={"
       "later: {announced: 2024-02-01, from: 2024-06-01, pieces_per_week: 50},"
       "sooner: {announced: 2024-03-01, from: 2024-04-10, factor: 3}}"});
  const Catalog catalog(loaded.scenario);
  const state::Realisation real(catalog, {1, 0});
  // the curve rises by one a day: 200 on the hundredth day after the first
  CHECK(real.demand[0].value(day(2024, 4, 9)) == doctest::Approx(199).epsilon(1e-6));
  CHECK(real.demand[0].value(day(2024, 4, 10)) == doctest::Approx(600));
  CHECK(real.demand[0].value(day(2024, 4, 30)) == doctest::Approx(660));
  CHECK(real.demand[0].value(day(2024, 6, 1)) == 50);
  CHECK(real.demand[0].value(day(2024, 12, 31)) == 50);
  const auto& february = real.demand_plan(DemandId{0}, day(2024, 2, 15));
  CHECK(february.value(day(2024, 4, 30)) == doctest::Approx(220));
  CHECK(february.value(day(2024, 6, 1)) == 50);
}

TEST_CASE("Shared forecast: who knows of a revision in time is ready for it, others are not") {
  // Four weeks of making and one until the next review have to be covered: 500 pieces at 100 a
  // week, and 900 at the last review of June, for a week of 100 and four of 200.
  const world::Results in_time = run_text(revised_plant);
  CHECK(metric(in_time, "customers.buyer.fill_rate.all") == 1);
  CHECK(metric(in_time, "customers.buyer.lead_time.all") == 0);
  // July is less than eight weeks away from May 13 on: until then 100 a week are started.
  const auto started = series(in_time, "recipes.plant.make", "started");
  for (std::size_t w = 0; w < 19; ++w) CHECK(started[w] == 100);
  double until_july = 0;
  for (std::size_t w = 19; w < 26; ++w) until_july += static_cast<double>(started[w]);
  CHECK(until_july == 7 * 100 + 400);

  const auto days_late = [](const std::vector<std::string>& changes) {
    return metric(run_text(revised_plant, changes), "customers.buyer.lead_time.2024Q3");
  };
  const std::string announced = "customers.buyer.demand.chip.revisions.double.announced=";
  const double surprised = days_late({announced + "2024-07-01"});
  CHECK(surprised > 1);
  CHECK(days_late({announced + "2024-06-17"}) > 0);
  CHECK(days_late({announced + "2024-06-17"}) < surprised);
  CHECK(days_late({"sites.plant.sells.chip.forecast=exponential"}) > surprised);
}

TEST_CASE("Revision: the example is as its page says") {
  const std::string folder = OPTICHAIN_SOURCE_DIR "/scenarios/demand-revision/";
  std::ifstream page(folder + "README.md");
  const std::string announced = "customers.cloud.demand.1p6t.revisions.doubled.announced=";
  int rows = 0;
  for (std::string line; std::getline(page, line);) {
    std::vector<std::string> changes;
    if (line.starts_with("| announced ")) {
      changes = {announced + line.substr(12, 10)};
    } else if (line.starts_with("| not shared")) {
      for (const char* where : {"fab.sells.laser", "maker.buys.laser", "maker.sells.1p6t"}) {
        changes.push_back(fmt::format("sites.{}.forecast=exponential", where));
      }
    } else {
      continue;
    }
    ++rows;
    const world::Results r =
        run_loaded(scenario::load_scenario(folder + "demand-revision.yaml", changes));
    std::replace(line.begin(), line.end(), '|', ' ');
    std::stringstream cells(line.substr(line.find("  ", 2)));
    for (const char* quarter : {"2025Q4", "2026Q1", "2026Q2", "2026Q3", "2026Q4"}) {
      double said = -1;
      cells >> said;
      CAPTURE(quarter);
      const double owed = metric(r, std::string("families.1p6t.backlog.") + quarter) / 1e6;
      CHECK(std::fabs(owed - said) <= 0.0051);
    }
  }
  CHECK(rows == 4);
}

TEST_CASE("Shared forecast: buyers see the plan through the bill of materials and yields") {
  // two wafers in a chip, of which half are good: 4 wafers, known half a year ahead
  const world::Results r = run_text(
      revised_plant,
      {"items.wafer={}",
       "sites.mine={recipes: {dig: {makes: wafer, cycle_days: 70}}, stocks: {wafer: "
       "{initial_weeks: 12}}, sells: {wafer: {forecast: shared}}}",
       "sites.plant.recipes.make={makes: chip, cycle_days: 28, inputs: {wafer: 2}, yield: 0.5}",
       "sites.plant.buys={wafer: {from: {mine: {}}, forecast: shared, "
       "replenish: {order_up_to: {safety_weeks: 2}}}}",
       "sites.plant.stocks.wafer={initial_weeks: 3}"});
  CHECK(metric(r, "customers.buyer.lead_time.all") == 0);
  CHECK(metric(r, "items.wafer.needed.all") == 4 * 7800);
  CHECK(metric(r, "recipes.plant.make.lost_to.wafer.all") == 0);
}

}  // namespace
}  // namespace optichain::models
