// Stable by default: chains that are told nothing of forecasts neither run away nor starve, plans
// are read for exactly the time asked, and a chain may begin in its steady state.
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "tests/model/run_text.hpp"

namespace optichain::models {
namespace {

using Words = std::vector<std::string>;

/// Stages in a row, each of which takes 2 days; the last sells 100 a day. Nothing is said of
/// policies and forecasts.
std::string row_of_stages(int count, const std::string& end, const std::string& more) {
  std::string items, sites;
  for (int i = 1; i <= count; ++i) {
    items += fmt::format("  i{}: {{}}\n", i);
    const std::string inputs = i > 1 ? fmt::format(", inputs: {{i{}: 1}}", i - 1) : "";
    sites += fmt::format("  s{0}:\n    recipes: {{make: {{makes: i{0}, cycle_days: 2{1}}}}}\n", i,
                         inputs);
    if (i > 1) sites += fmt::format("    buys: {{i{0}: {{from: {{s{0}: {{}}}}}}}}\n", i - 1);
    sites += fmt::format("    sells: {{i{}: {{}}}}\n", i);
  }
  return fmt::format(
      "name: row\nstart: 2024-01-01\nend: {}\n{}items:\n{}sites:\n{}"
      "customers: {{market: {{demand: {{i{}: {{pieces_per_week: 700, from: {{s{}: {{}}}}}}}}}}}}\n",
      end, more, items, sites, count, count);
}

const std::string two_years = "2025-12-31";  // 105 weeks begin in them

TEST_CASE("Stability: an empty chain of any length is filled and does not run away") {
  // A stage has to make what is wanted and what fills the stocks of those behind it: its own level
  // is 2 weeks of safety, a week until the next review and 2 days; that of each input the same, of
  // an order that waits a week for the seller's review.
  const double own_level = 700 * (2 + 1 + 2.0 / 7), input_level = 700 * (2 + 1 + 1);
  for (const int count : {10, 20, 40}) {
    const world::Results r = run_text(row_of_stages(count, two_years, ""));
    for (int i = 1; i <= count; ++i) {
      const double needed = 105 * 700 + own_level + (count - i) * (own_level + input_level);
      CAPTURE(count);
      CAPTURE(i);
      CHECK(metric(r, fmt::format("recipes.s{}.make.started.all", i)) < 1.3 * needed);
    }
    CHECK(metric(r, "market.shipped.all") > 0);
  }
}

TEST_CASE("Stability: what starts in its steady state stays there") {
  for (const int count : {1, 10, 40}) {
    const world::Results r = run_text(row_of_stages(count, two_years, "initial: steady\n"));
    CAPTURE(count);
    CHECK(metric(r, "market.unmet.all") == 0);
    for (int i = 1; i <= count; ++i) {
      CAPTURE(i);
      const auto started = series(r, fmt::format("recipes.s{}.make", i), "started");
      CHECK(std::vector<double>(105, 700) == started);
    }
  }
}

TEST_CASE(
    "Stability: ways, delays, yields and reviews on other days are in the steady state, too") {
  // 700 lamps a week are 1,400 started at a yield of a half, and 2,800 parts.
  const std::string yaml = R"(
name: staggered
start: 2024-01-01
end: 2025-12-28
initial: steady
items: {part: {}, lamp: {}}
sites:
  mill:
    review_offset_days: 4
    recipes: {mill: {makes: part, cycle_days: 25}}
    sells: {part: {}}
  maker:
    review_offset_days: 2
    recipes: {make: {makes: lamp, inputs: {part: 2}, cycle_days: 10, yield: 0.5}}
    buys: {part: {from: {mill: {order_delay_days: 1}}}}
    sells: {lamp: {}}
lanes: {way: {from: mill, to: maker, transit_days: 17}}
customers: {public: {demand: {lamp: {pieces_per_week: 700, from: {maker: {}}}}}}
)";
  const auto each_week = [&](const std::string& entity, const std::string& measure,
                             const Words& changes) {
    auto all = series(run_text(yaml, changes), entity, measure);
    REQUIRE(all.size() == 104);
    all.erase(all.begin());  // up to the first Monday, before anybody's review
    return all;
  };
  for (const Words& changes :
       {Words{}, Words{"lanes.way.transit_days=0"}, Words{"sites.mill.review_offset_days=0"}}) {
    CHECK(each_week("recipes.maker.make", "started", changes) == std::vector<double>(103, 1400));
    CHECK(each_week("channels.maker<mill.part", "ordered", changes) ==
          std::vector<double>(103, 2800));
    if (changes == Words{"sites.mill.review_offset_days=0"}) continue;  // on Mondays
    CHECK(each_week("recipes.mill.mill", "started", changes) == std::vector<double>(103, 2800));
  }
}

TEST_CASE("Stability: by default a Poisson demand is not amplified") {
  // Order-up-to with a forecast that gives new orders no weight asks for what was taken (Chen,
  // Drezner, Ryan and Simchi-Levi 2000): the variance of orders is that of demand, whatever the
  // number of stages, and after a stage's delay they are the same orders.
  for (const int count : {10, 40}) {
    const world::Results r =
        run_text(row_of_stages(count, "2043-12-31", "initial: steady\n"),
                 {fmt::format("customers.market.demand.i{}.variation=poisson", count)});
    const auto variance = [](std::vector<double> values) {
      values.erase(values.begin(), values.begin() + 52);
      const auto n = static_cast<double>(values.size());
      const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
      double squares = 0;
      for (const double x : values) squares += (x - mean) * (x - mean) / n;
      return squares;
    };
    const double demand = variance(series(r, fmt::format("demands.market.i{}", count), "demanded"));
    const double orders = variance(series(r, "recipes.s1.make", "started"));
    CAPTURE(count);
    // 991 weeks, of which up to 40 at either end differ by the delay: a standard error of
    // sqrt(2 / 40) on 40 / 991 of the variance
    CHECK(std::fabs(orders / demand - 1) < 4 * std::sqrt(2 / 40.0) * 2 * 40 / 991);
    CHECK(orders > 0);
  }
}

// --- nobody starves ------------------------------------------------------------------------------

TEST_CASE("Stability: what no plan knew of is made for the orders") {
  // The plan says nothing, 10 a week are wanted in 50 weeks of 52: all of it comes.
  const Words changes = {
      "customers.public.demand.lamp={pieces_per_week: 0, from: {shop: {}}, variation: {trace: "
      "{quantities: [" +
      [] {
        std::string list = "10";
        for (int i = 1; i < 40; ++i) list += ", 10";
        return list;
      }() +
      "]}}}"};
  const std::string lone = R"(
name: unplanned
start: 2024-01-01
end: 2024-12-29
items: {lamp: {}}
sites:
  maker: {recipes: {make: {makes: lamp, cycle_days: 7}}, sells: {lamp: {}}}
  shop: {buys: {lamp: {from: {maker: {}}}}, sells: {lamp: {}}}
customers: {public: {demand: {lamp: {pieces_per_week: 1, from: {shop: {}}}}}}
)";
  CHECK(metric(run_text(lone, changes), "market.shipped.all") == 400);
  // and of a family that a shop buys and sells
  const std::string family = R"(
name: unplanned
start: 2024-01-01
end: 2024-12-29
families: {lamp: {}}
items: {red: {family: lamp}, blue: {family: lamp}}
sites:
  maker:
    recipes: {make_red: {makes: red, cycle_days: 7}, make_blue: {makes: blue, cycle_days: 7}}
    sells: {lamp: {}}
  shop:
    buys: {red: {from: {maker: {}}}, blue: {from: {maker: {}}}}
    sells: {lamp: {mix: {red: 1, blue: 1}}}
customers: {public: {demand: {lamp: {pieces_per_week: 1, from: {shop: {}}}}}}
)";
  CHECK(metric(run_text(family, changes), "market.shipped.all") == 400);
}

// --- plans ---------------------------------------------------------------------------------------

const std::string known_demand = R"(
name: known
start: 2024-01-01
end: 2024-01-28
items: {good: {}}
sites:
  mine: {stocks: {good: {initial_pieces: 1000000}}, sells: {good: {}}}
  shop:
    buys:
      good: {from: {mine: {}}, forecast: shared, replenish: {order_up_to: {safety_weeks: 0}}}
    sells: {good: {}}
customers:
  public:
    demand:
      good: {pieces_per_week: {steps: {2024-01-01: 0, 2024-01-15: 700}}, from: {shop: {}}}
)";

TEST_CASE("Shared forecast: a plan is read for exactly the time asked, from the review on") {
  const auto orders = [](const Words& changes) {
    return series(run_text(known_demand, changes), "channels.shop<mine.good", "ordered");
  };
  // Up to the plan of one week. On the 15th 700 are wanted and 700 planned.
  CHECK(orders({}) == std::vector<double>{0, 0, 1400, 700});
  // On Thursdays: on the 11th the plan has four days of nothing and three of 100; on the 18th 700
  // are planned, and of the 700 of the 15th 400 are owed; on the 25th the 700 of the 22nd are gone.
  CHECK(orders({"sites.shop.review_offset_days=3", "sites.mine.review_offset_days=3"}) ==
        std::vector<double>{0, 300, 1100, 700});
}

}  // namespace
}  // namespace optichain::models
