// Money, each heading worked out by hand in the comment above it, to the micro-dollar.
#include "tests/model/run_text.hpp"

namespace optichain::models {
namespace {

constexpr double micro = 1e-6;

/// Equal to the micro-dollar (figures are sums of whole ones).
bool same_usd(double a, double b) {
  return std::abs(a - b) < micro / 2;
}

// A shop with boxes enough for one buyer of 100 a week at 100 USD, on four Mondays: three in the
// first quarter (March 11, 18 and 25) and one in the second (April 1).
const std::string shop = R"(
name: shop
start: 2024-03-11
end: 2024-04-07
items: {box: {price_usd: 100}}
sites:
  shop: {sells: {box: {}}, stocks: {box: {initial_pieces: 1000}}}
customers:
  buyer: {demand: {box: {pieces_per_week: 100, from: {shop: {}}}}}
)";

TEST_CASE("Money: what is paid at once is sales and cash on the same day, at both ends") {
  const world::Results r = run_text(shop);
  CHECK(metric(r, "sites.shop.sales.2024Q1") == 30'000);
  CHECK(metric(r, "sites.shop.cash_flow.2024Q1") == 30'000);
  CHECK(metric(r, "sites.shop.profit.all") == 40'000);
  CHECK(metric(r, "sites.shop.cash.all") == 40'000);
  CHECK(metric(r, "customers.buyer.cash.all") == -40'000);
  CHECK(metric(r, "sites.shop.stock_value.all") == 60'000);
}

TEST_CASE("Money: with terms of payment, sales count when shipped and cash when paid") {
  // Paid after ten days: on March 21 and 28 and April 4; the fourth would be on April 11.
  const world::Results r = run_text(shop, {"customers.buyer.demand.box.from.shop.payment_days=10"});
  CHECK(metric(r, "sites.shop.sales.2024Q1") == 30'000);
  CHECK(metric(r, "sites.shop.profit.2024Q1") == 30'000);
  CHECK(metric(r, "sites.shop.cash_flow.2024Q1") == 20'000);
  CHECK(metric(r, "sites.shop.receivable.2024Q1") == 10'000);
  CHECK(metric(r, "sites.shop.cash_flow.2024Q2") == 10'000);
  CHECK(metric(r, "sites.shop.cash.2024Q2") == 30'000);
  CHECK(metric(r, "sites.shop.sales.all") == 40'000);
  CHECK(metric(r, "sites.shop.receivable.all") == 10'000);
  CHECK(metric(r, "customers.buyer.spend.all") == 40'000);
  CHECK(metric(r, "customers.buyer.cash.all") == -30'000);
  CHECK(metric(r, "customers.buyer.payable.all") == 10'000);
}

TEST_CASE("Money: a price erodes by the day, that of a seller as that of the market") {
  // From March 18 on 30 % a year: at 100, 100, 100 * 0.7^(7/365.25) and 100 * 0.7^(14/365.25).
  const std::string erosion = "items.box.erosion={per_year: 0.3, from: 2024-03-18}";
  const double sales = 100 * 100 * (2 + std::pow(0.7, 7 / 365.25) + std::pow(0.7, 14 / 365.25));
  CHECK(metric(run_text(shop, {erosion}), "sites.shop.sales.all") ==
        doctest::Approx(sales).epsilon(1e-10));
  CHECK(metric(run_text(shop, {erosion, "sites.shop.sells.box.price_usd=50"}),
               "sites.shop.sales.all") == doctest::Approx(sales / 2).epsilon(1e-10));
}

// --- spot prices --------------------------------------------------------------------------------

// A maker to whom 50 boxes come each Monday, and a buyer who wants 100 on each of them: 50, 100,
// 150 and 200 are open after the reviews.
const std::string short_shop = R"(
name: short shop
start: 2024-03-11
end: 2024-04-07
items:
  box:
    price_usd: 100
    market:
      {normal_cover_weeks: 1, sensitivity: 1, adjustment_weeks: 0, memory_weeks: 0, ceiling: 9}
sites:
  shop:
    recipes:
      make:
        makes: box
        max_starts_per_week: 0
        initial_lots:
          [{pieces: 50, in_days: 0}, {pieces: 50, in_days: 7}, {pieces: 50, in_days: 14},
           {pieces: 50, in_days: 21}]
    sells: {box: {}}
customers:
  buyer: {demand: {box: {pieces_per_week: 100, from: {shop: {}}}}}
)";

TEST_CASE("Market: the price follows the orders that are open, from the next week on") {
  // After the first Monday nothing has been observed; after the second, 100 are open and 50 are
  // shipped a week: two weeks of cover, a price of 200 on the third; after that 150: 300.
  const world::Results r = run_text(short_shop);
  CHECK(metric(r, "sites.shop.sales.all") == 50 * (100 + 100 + 200 + 300));
  CHECK(metric(r, "items.box.price.all") == 175);
  const auto factor = series(r, "items.box", "price_factor");
  REQUIRE(factor.size() == 4);
  CHECK(factor[0] == 1);
  CHECK(factor[1] == 2);
  CHECK(factor[3] == 4);
  // in weeks: 1, 2, 3 and 4 times the price
  CHECK(metric(r, "items.box.price_factor.all") == doctest::Approx(2.5).epsilon(1e-6));
  CHECK(metric(r, "items.box.spot_price.all") == doctest::Approx(250).epsilon(1e-6));
}

TEST_CASE("Market: speed, ceiling and a seller's own price") {
  // Half of the logarithmic gap a week (1 / ln 2 weeks of adjustment): 2^(1/2), then
  // (2^(1/2) * 3)^(1/2) of the price.
  const double third = std::sqrt(2.0), fourth = std::sqrt(third * 3);
  const world::Results slow =
      run_text(short_shop, {"items.box.market.adjustment_weeks=1.4426950408889634",
                            "sites.shop.sells.box.price_usd=10"});
  CHECK(metric(slow, "sites.shop.sales.all") ==
        doctest::Approx(500 * (2 + third + fourth)).epsilon(1e-9));
  const world::Results capped = run_text(short_shop, {"items.box.market.ceiling=2.5"});
  CHECK(metric(capped, "sites.shop.sales.all") == 50 * (100 + 100 + 200 + 250));
}

TEST_CASE("Market: of a family, each variant has the price of the orders meant for it") {
  // 50 red and 50 white are wanted each Monday; white comes in time, red never does. Nothing red is
  // shipped: its price is at the ceiling.
  const world::Results r = run_text(R"(
name: cloth
start: 2024-03-11
end: 2024-04-07
families: {cloth: {}}
items:
  red: {family: cloth, price_usd: 2, market: &m {normal_cover_weeks: 1, sensitivity: 1, ceiling: 3,
        adjustment_weeks: 0, memory_weeks: 0}}
  white: {family: cloth, price_usd: 5, market: *m}
sites:
  shop:
    sells: {cloth: {spill: 0}}
    stocks: {red: {}, white: {initial_pieces: 1000}}
customers:
  buyer: {demand: {cloth: {pieces_per_week: 100, from: {shop: {}}}}}
)");
  CHECK(metric(r, "sites.shop.sales.all") == 200 * 5);
  CHECK(series(r, "items.red", "price_factor").back() == 3);
  CHECK(series(r, "items.white", "price_factor").back() == 1);
  CHECK(series(r, "items.red", "spot_price").back() == 6);
}

TEST_CASE("Market: who plans by margin sees the price of the day") {
  // A line for 60 pieces a week of good (20) and plain (8), 60 wanted of each: good is made. Orders
  // for plain then pile up, and when its price is above 20 it is plain that is made.
  const std::string yaml = R"(
name: margin
start: 2024-01-01
end: 2024-06-30
items: {good: {price_usd: 20}, plain: {price_usd: 8}}
sites:
  maker:
    sharing: margin
    lines: {line: {capacity_per_week: 60}}
    recipes: {good: {makes: good, line: line}, plain: {makes: plain, line: line}}
    sells:
      good: &offer {forecast: constant, initial_forecast_per_week: 60,
                    replenish: {order_up_to: {safety_weeks: 0}}}
      plain: *offer
customers:
  buyer:
    demand:
      good: {pieces_per_week: 60, from: {maker: {}}}
      plain: {pieces_per_week: 60, from: {maker: {}}}
)";
  const world::Results flat = run_text(yaml);
  CHECK(metric(flat, "recipes.maker.good.started.all") >
        20 * metric(flat, "recipes.maker.plain.started.all"));
  const world::Results rising =
      run_text(yaml, {"items.plain.market={normal_cover_weeks: 1, sensitivity: 1, ceiling: 4}"});
  CHECK(metric(rising, "recipes.maker.plain.started.all") >
        metric(rising, "recipes.maker.good.started.all") / 2);
}

// --- express shipments
// ----------------------------------------------------------------------------

// 150 boxes come on day 10 and are shipped on Monday, day 14: 100 for the orders of day 0 and 50
// for those of day 7.
const std::string late_shop = R"(
name: late shop
start: 2024-01-01
end: 2024-01-28
items: {box: {price_usd: 100}}
sites:
  shop:
    recipes:
      make: {makes: box, max_starts_per_week: 0, initial_lots: [{pieces: 150, in_days: 10}]}
    sells: {box: {}}
lanes:
  way:
    transit_days: 20
    freight_usd_per_piece: 0.5
    express: {transit_days: 1, usd_per_piece: 3.25}
customers:
  buyer: {demand: {box: {pieces_per_week: 100, from: {shop: {expedite: {when_late_days: 10}}}}}}
)";

TEST_CASE("Expediting: what is late goes the fast way, and only that") {
  // Express: 100 on day 15, 15 days after their order. The others on day 34, 27 days after theirs.
  // At the end 50 of day 7, 100 of day 14 and 100 of day 21 wait.
  const world::Results r = run_text(late_shop);
  CHECK(metric(r, "customers.buyer.delivered.all") == 100);
  CHECK(metric(r, "customers.buyer.lead_time.all") ==
        (100 * 15 + 50 * 27 + 50 * 21 + 100 * 14 + 100 * 7) / 150.0);
  CHECK(metric(r, "sites.shop.expedited.all") == 100);
  CHECK(metric(r, "sites.shop.expediting_cost.all") == 325);
  CHECK(metric(r, "sites.shop.freight_cost.all") == 25);
  CHECK(metric(r, "sites.shop.margin.all") == 15'000 - 350);
  CHECK(metric(r, "outside.expediting_cost.all") == 325);
}

TEST_CASE("Expediting: an age that no order has changes nothing, and the buyer may pay") {
  const std::string rule = "customers.buyer.demand.box.from.shop.expedite.";
  const world::Results never = run_text(late_shop, {rule + "when_late_days=15"});
  CHECK(metric(never, "customers.buyer.delivered.all") == 0);
  CHECK(metric(never, "sites.shop.expediting_cost.all") == 0);
  const world::Results always =
      run_text(late_shop, {rule + "when_late_days=7", rule + "paid_by=buyer"});
  CHECK(metric(always, "customers.buyer.delivered.all") == 150);
  CHECK(metric(always, "customers.buyer.expediting_cost.all") == 487.5);
  CHECK(metric(always, "sites.shop.expediting_cost.all") == 0);
  CHECK(metric(always, "customers.buyer.cash.all") == -15'487.5);
}

TEST_CASE("Expediting: a shipment that goes express leaves the others the time they take") {
  // Orders of 100 on days 0, 7 and 56, goods on days 1, 30 and 50: shipped on days 7, 35 (28 days
  // late) and 56. The third is in the second quarter.
  const std::string yaml = R"(
name: three shipments
start: 2024-02-12
end: 2024-06-30
items: {box: {}}
sites:
  shop:
    recipes:
      make:
        makes: box
        max_starts_per_week: 0
        initial_lots:
          [{pieces: 100, in_days: 1}, {pieces: 100, in_days: 30}, {pieces: 100, in_days: 50}]
    sells: {box: {}}
lanes:
  way: {transit_days: {uniform: {low: 5, high: 30}}, express: {transit_days: 1, usd_per_piece: 1}}
customers:
  buyer:
    demand:
      box:
        pieces_per_week: {steps: {2024-02-12: 100, 2024-02-26: 0, 2024-04-08: 100, 2024-04-15: 0}}
        from: {shop: {}}
)";
  const world::Results usual = run_text(yaml);
  const world::Results express =
      run_text(yaml, {"customers.buyer.demand.box.from.shop.expedite={when_late_days: 20}"});
  CHECK(metric(express, "sites.shop.expedited.all") == 100);
  CHECK(metric(express, "customers.buyer.lead_time.2024Q1") <
        metric(usual, "customers.buyer.lead_time.2024Q1"));
  CHECK(metric(express, "customers.buyer.lead_time.2024Q2") ==
        metric(usual, "customers.buyer.lead_time.2024Q2"));
}

// --- what lines cost ----------------------------------------------------------------------------

TEST_CASE("Idle capacity: integrated over a ramp with an outage, by quarter") {
  // The capacity rises from 0 to 280 a week in four weeks; the second week, 105 units (70 to 140 a
  // week), is out. First quarter: (0 + 140) / 2 * 2 - 105 = 35 units, second: (140 + 280) / 2 * 2 =
  // 420. Of the 35, 20 are used for the one order. At 0.4 USD: 6 and 168. Fixed: 12.5 a week.
  const std::string yaml = R"(
name: ramp
start: 2024-03-18
end: 2024-04-14
items: {box: {price_usd: 1}}
sites:
  maker:
    lines:
      line:
        capacity_per_week: {2024-03-18: 0, 2024-04-15: 280}
        outages: {fire: {from: 2024-03-25, until: 2024-03-31}}
        fixed_usd_per_week: 12.5
        idle_usd_per_unit: 0.4
    recipes: {make: {makes: box, line: line}}
    sells:
      box: {forecast: constant, initial_forecast_per_week: 0,
            replenish: {order_up_to: {safety_weeks: 0}}}
customers:
  buyer:
    demand:
      box: {pieces_per_week: {steps: {2024-03-18: 20, 2024-03-25: 0}}, from: {maker: {}}}
)";
  const world::Results r = run_text(yaml);
  CHECK(metric(r, "recipes.maker.make.started.all") == 20);
  CHECK(same_usd(metric(r, "sites.maker.idle_cost.2024Q1"), 6));
  CHECK(same_usd(metric(r, "sites.maker.idle_cost.2024Q2"), 168));
  CHECK(same_usd(metric(r, "sites.maker.fixed_cost.2024Q1"), 25));
  CHECK(same_usd(metric(r, "sites.maker.fixed_cost.all"), 50));
  CHECK(same_usd(metric(r, "sites.maker.margin.all"), 20));
  CHECK(same_usd(metric(r, "sites.maker.profit.all"), 20 - 174 - 50));
  CHECK(same_usd(metric(r, "outside.idle_cost.all"), 174));
}

// --- a statement with every heading -------------------------------------------------------------

// A plant makes 40 kits on the first day, for its only order, out of 80 parts of its own stock, and
// orders 80 parts again. Kits are there at once and are shipped a week later.
const std::string plant = R"(
name: plant
start: 2024-01-01
end: 2024-01-14
items: {part: {price_usd: 0.333333}, kit: {price_usd: 7.123457}}
sites:
  foundry:
    sells: {part: {}}
    stocks: {part: {initial_pieces: 1000, holding_usd_per_piece_week: 0.000001}}
  plant:
    recipes: {make: {makes: kit, inputs: {part: 2}, cost_usd_per_piece: 1.000001}}
    sells:
      kit: {forecast: constant, initial_forecast_per_week: 0, backlog_usd_per_piece_week: 0.01,
            replenish: {order_up_to: {safety_weeks: 0}}}
    buys:
      part:
        from: {foundry: {premium: 0.1}}
        replenish: {base_stock: {level_pieces: 80}}
    stocks: {part: {initial_pieces: 80, holding_usd_per_piece_week: 0.02}}
lanes: {out: {from: plant, freight_usd_per_piece: 0.25}}
customers:
  buyer:
    demand:
      kit:
        pieces_per_week: {steps: {2024-01-01: 40, 2024-01-08: 0}}
        from: {plant: {premium: 0.5}}
        value_usd_per_piece: 100
)";

TEST_CASE("Statement: each heading of a small plant, and what is left") {
  const world::Results r = run_text(plant);
  // Day 0: 40 wanted, none there: 40 owed for a week. 80 parts used, 80 ordered; they are shipped
  // on day 7, when they count as stock at the review. Day 7: 40 kits shipped.
  CHECK(metric(r, "recipes.plant.make.started.all") == 40);
  const double sales = 40 * 7.123457 * 1.5;      // 427.40742
  const double purchases = 80 * 0.333333 * 1.1;  // 29.333304
  const double conversion = 40 * 1.000001;       // 40.00004
  const double freight = 10, backlog = 0.4;
  const double holding = 80 * 0.02;  // after the review of day 7
  CHECK(same_usd(metric(r, "sites.plant.sales.all"), sales));
  CHECK(same_usd(metric(r, "sites.plant.purchases.all"), purchases));
  CHECK(same_usd(metric(r, "sites.plant.conversion_cost.all"), conversion));
  CHECK(same_usd(metric(r, "sites.plant.freight_cost.all"), freight));
  CHECK(same_usd(metric(r, "sites.plant.backlog_cost.all"), backlog));
  CHECK(same_usd(metric(r, "sites.plant.holding_cost.all"), holding));
  const double margin = sales - purchases - conversion - freight;
  CHECK(same_usd(metric(r, "sites.plant.margin.all"), margin));
  CHECK(same_usd(metric(r, "sites.plant.profit.all"), margin - backlog - holding));
  CHECK(same_usd(metric(r, "sites.plant.cash.all"), margin - backlog - holding));
  CHECK(same_usd(metric(r, "sites.foundry.sales.all"), purchases));
  // a millionth a piece: 1000 after day 0, 920 after day 7
  CHECK(same_usd(metric(r, "sites.foundry.holding_cost.all"), 0.00192));
  CHECK(same_usd(metric(r, "customers.buyer.spend.all"), sales));
  CHECK(same_usd(metric(r, "outside.holding_cost.all"), holding + 0.00192));
}

TEST_CASE("Lost margin: of orders given up, and of those that still wait") {
  // Nothing can be started: 40 kits stay owed. A kit would earn 10 * 1.5 less 2 parts at 3 * 1.1
  // and 1 for the work at a yield of 0.8: 15 - 7.6 / 0.8 = 5.5. Its value to the buyer is 100.
  const std::vector<std::string> changes = {"sites.plant.recipes.make.max_starts_per_week=0",
                                            "sites.plant.recipes.make.yield=0.8",
                                            "sites.plant.recipes.make.cost_usd_per_piece=1",
                                            "items.part.price_usd=3", "items.kit.price_usd=10"};
  const world::Results waiting = run_text(plant, changes);
  CHECK(metric(waiting, "sites.plant.waiting_margin.all") == doctest::Approx(40 * 5.5));
  CHECK(metric(waiting, "sites.plant.lost_margin.all") == 0);
  CHECK(metric(waiting, "customers.buyer.waiting_value.all") == doctest::Approx(4000));
  auto impatient = changes;
  impatient.emplace_back("customers.buyer.demand.kit.patience_days=7");
  const world::Results lost = run_text(plant, impatient);
  CHECK(metric(lost, "customers.buyer.withdrawn.all") == 40);
  CHECK(metric(lost, "sites.plant.lost_margin.all") == doctest::Approx(40 * 5.5));
  CHECK(metric(lost, "sites.plant.waiting_margin.all") == 0);
  CHECK(metric(lost, "customers.buyer.lost_value.all") == doctest::Approx(4000));
  CHECK(metric(lost, "customers.buyer.cash.all") == 0);  // reported, not paid
}

}  // namespace
}  // namespace optichain::models
