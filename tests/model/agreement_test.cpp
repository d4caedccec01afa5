// Agreements term by term, on a network of two sites: a mine that has stone and a shop that buys it
// and hands it on. Every expectation is worked out by hand in the comment above it, in
// micro-dollars.
#include <ostream>

#include "models/policy/units.hpp"
#include "tests/model/run_text.hpp"
#include "tests/model/small_worlds.hpp"

namespace optichain::models {
namespace {

// The shop orders each Monday what its customer wanted that day, 100 a week; the mine has endless
// stone and ships at its review in the same instant or, as reviews stand, a week later. A stone
// costs 10 USD. Ten weeks from Monday 2024-01-01.
//
// Within an instant: the customer orders, mine and shop ship, the shop orders from the mine. So the
// shop's orders of week n are shipped in week n + 1: ten orders, nine shipments.
const std::string two_sites = R"(
name: two sites
start: 2024-01-01
end: 2024-03-10
items: {stone: {price_usd: 10}, oil: {price_usd: {steps: {2024-01-01: 2, 2024-02-05: 3}}}}
sites:
  mine:
    sells: {stone: {}}
    stocks: {stone: {initial_pieces: 100000}}
  shop:
    sells: {stone: {price_usd: 20}}
    buys:
      stone:
        from: {mine: {}}
        forecast: constant
        initial_forecast_per_week: 0
        replenish: {order_up_to: {safety_weeks: 0}}
customers:
  buyer: {demand: {stone: {pieces_per_week: 100, from: {shop: {}}}}}
agreements:
  lta:
    seller: mine
    buyer: shop
    item: stone
    from: 2024-01-01
    until: 2024-03-10
    settled: week
    pieces_per_week: 100
    price: {fixed: {usd: 8}}
)";

world::Results run_lta(const std::vector<std::string>& changes = {}) {
  return run_text(two_sites, changes);
}
std::int64_t micro(const world::Results& r, const std::string& name) {
  return usd(metric(r, name)).count();
}
constexpr std::int64_t dollar = 1'000'000;

// Cash to the micro-dollar, where all that the mine sells is on the agreement and nothing prepaid.
void check_cash(const world::Results& r, std::int64_t expected) {
  CHECK(micro(r, "agreements.lta.cash_to_seller.all") == expected);
  CHECK(micro(r, "sites.mine.profit.all") == expected);
}

TEST_CASE("Agreement: calls go on it, and are paid at its price") {
  const world::Results r = run_lta();
  // ten calls of 100, nine of them delivered
  CHECK(metric(r, "agreements.lta.committed.all") == 1000);
  CHECK(metric(r, "agreements.lta.called.all") == 1000);
  CHECK(metric(r, "agreements.lta.delivered.all") == 900);
  CHECK(metric(r, "agreements.lta.owed.all") == 0);  // as of the mine's latest review
  CHECK(metric(r, "agreements.lta.shortfall_buyer.all") == 0);
  CHECK(metric(r, "agreements.lta.shortfall_seller.all") == 0);
  check_cash(r, 900 * 8 * dollar);
  // against spot at 10: the shop saved 2 a piece
  CHECK(micro(r, "agreements.lta.npv_buyer.all") == 900 * 2 * dollar);
  CHECK(micro(r, "agreements.lta.npv_seller.all") == -900 * 2 * dollar);
}

TEST_CASE("Agreement: what goes beyond the volume is bought at the price of the day") {
  // 60 a week at 8, the other 40 at 10
  const world::Results r = run_lta({"agreements.lta.pieces_per_week=60"});
  CHECK(metric(r, "agreements.lta.delivered.all") == 540);
  CHECK(micro(r, "agreements.lta.cash_to_seller.all") == 540 * 8 * dollar);
  CHECK(micro(r, "sites.mine.sales.all") == (540 * 8 + 360 * 10) * dollar);
}

TEST_CASE("Agreement: upside is called on the same terms") {
  // 60 and half of it on top: 90 a week at 8, and 10 at 10
  const world::Results r =
      run_lta({"agreements.lta.pieces_per_week=60", "agreements.lta.upside=0.5"});
  CHECK(metric(r, "agreements.lta.committed.all") == 600);
  CHECK(metric(r, "agreements.lta.called.all") == 900);
  CHECK(metric(r, "agreements.lta.delivered.all") == 810);
  CHECK(micro(r, "sites.mine.sales.all") == (810 * 8 + 90 * 10) * dollar);
}

TEST_CASE("Agreement: a volume may be a ramp, or volumes of periods") {
  // From 0 on 2024-01-01 to 100 a week on 2024-02-05: week n of five takes 20 n - 10: 250 in all;
  // then 100 a week for five weeks, the last of them not delivered.
  const world::Results ramp =
      run_lta({"agreements.lta.pieces_per_week={2024-01-01: 0, 2024-02-05: 100}"});
  CHECK(metric(ramp, "agreements.lta.committed.all") == 750);
  CHECK(metric(ramp, "agreements.lta.called.all") == 750);
  CHECK(metric(ramp, "agreements.lta.delivered.all") == 650);
  // A quarter of 91 days with 1300 pieces: 100 a week.
  const world::Results volumes =
      run_lta({"agreements.lta.pieces_per_week={volumes: {2024Q1: 1300}}"});
  CHECK(metric(volumes, "agreements.lta.called.all") == 1000);
}

TEST_CASE("Agreement: a quarter's volume is not called in the first week") {
  // 60 a week as one volume of the quarter: the shop, which wants 100, gets 60 each week and 40 at
  // the price of the day, as if it were settled by the week.
  const world::Results r =
      run_lta({"agreements.lta.pieces_per_week=60", "agreements.lta.settled=quarter"});
  CHECK(metric(r, "agreements.lta.called.all") == 600);
  CHECK(micro(r, "sites.mine.sales.all") == (540 * 8 + 360 * 10) * dollar);
}

TEST_CASE("Agreement: take or pay is paid for what is not called") {
  // 150 a week, of which the shop calls 100. It pays 90 % of the volume in any case: 35 a week on
  // top, in each of ten weeks, at 8.
  const world::Results r =
      run_lta({"agreements.lta.pieces_per_week=150", "agreements.lta.take_or_pay=0.9"});
  CHECK(metric(r, "agreements.lta.shortfall_buyer.all") == 500);
  CHECK(micro(r, "agreements.lta.take_or_pay.all") == 10 * 35 * 8 * dollar);
  check_cash(r, (900 + 350) * 8 * dollar);
}

TEST_CASE("Agreement: what was paid for in vain can be made up later without paying again") {
  // 100 a week of take-or-pay. The customer wants 60 in the first week and 140 in each one after:
  // 40 are paid for in vain in week 1. In week 2 the shop calls 100 and makes 40 up: they are
  // invoiced at 8 when they are delivered in week 3, and paid back.
  const std::vector<std::string> changes = {
      "customers.buyer.demand.stone.pieces_per_week={steps: {2024-01-01: 60, 2024-01-08: 140}}",
      "agreements.lta.take_or_pay=1"};
  auto with = changes;
  with.push_back("agreements.lta.make_up_periods=4");
  const world::Results r = run_lta(with);
  // calls: 60, 140, then 100 in each of eight weeks; delivered: all but the last
  CHECK(metric(r, "agreements.lta.called.all") == 1000);
  CHECK(metric(r, "agreements.lta.delivered.all") == 900);
  CHECK(micro(r, "agreements.lta.take_or_pay.all") == (40 - 40) * 8 * dollar);
  CHECK(micro(r, "agreements.lta.cash_to_seller.all") == 900 * 8 * dollar);
  // without a window they are lost: called 60 and nine times 100, 40 of week 1 paid for nothing
  const world::Results lost = run_lta(changes);
  CHECK(metric(lost, "agreements.lta.called.all") == 960);
  CHECK(micro(lost, "agreements.lta.take_or_pay.all") == 40 * 8 * dollar);
  CHECK(micro(lost, "agreements.lta.cash_to_seller.all") == (860 + 40) * 8 * dollar);
}

TEST_CASE("Agreement: what was called beyond the volume counts towards a later minimum") {
  // 140 in week 1 (40 as upside), 60 in week 2 and 100 after it, of a minimum of 100: week 2 lacks
  // 40, which were carried forward.
  const std::vector<std::string> changes = {
      "customers.buyer.demand.stone.pieces_per_week={steps: {2024-01-01: 140, 2024-01-08: 60, "
      "2024-01-15: 100}}",
      "agreements.lta.take_or_pay=1", "agreements.lta.upside=0.5"};
  auto with = changes;
  with.push_back("agreements.lta.carry_forward_periods=1");
  CHECK(micro(run_lta(with), "agreements.lta.take_or_pay.all") == 0);
  CHECK(micro(run_lta(changes), "agreements.lta.take_or_pay.all") == 40 * 8 * dollar);
}

TEST_CASE("Agreement: the buyer pays damages for the volume that it neither calls nor pays for") {
  // 150 a week, 100 called: 20 more are paid under 80 % take-or-pay, and 30 cost a quarter of 8.
  const world::Results r =
      run_lta({"agreements.lta.pieces_per_week=150", "agreements.lta.take_or_pay=0.8",
               "agreements.lta.buyer_damages=0.25"});
  CHECK(micro(r, "agreements.lta.penalty.all") == 10 * 30 * 2 * dollar);
  check_cash(r, (900 * 8 + 10 * 20 * 8 + 10 * 30 * 2) * dollar);
}

TEST_CASE("Agreement: the seller pays damages for what it does not deliver in the period") {
  // The mine has 250 stones: calls of weeks 1 and 2 are delivered in weeks 2 and 3, 50 of week 3
  // in week 4. Calls reach the mine after its review, so that it first falls short in week 4, of
  // 50, and then of 100 in each of weeks 5 to 10: 650 pieces, at a half of 8. Each counts once.
  const world::Results r =
      run_lta({"sites.mine.stocks.stone.initial_pieces=250", "agreements.lta.seller_damages=0.5"});
  CHECK(metric(r, "agreements.lta.delivered.all") == 250);
  CHECK(metric(r, "agreements.lta.shortfall_seller.all") == 650);
  CHECK(micro(r, "agreements.lta.penalty.all") == 650 * 4 * dollar);
  check_cash(r, (250 * 8 - 650 * 4) * dollar);
}

TEST_CASE("Agreement: prices may follow spot at a discount, an index, or spot within a collar") {
  const std::string steps = "items.stone.price_usd={steps: {2024-01-01: 10, 2024-02-05: 16}}";
  // delivered in weeks 2 to 5 (before 2024-02-05): 400; in weeks 6 to 10: 500
  const auto cash = [&](const std::string& price) {
    return micro(run_lta({steps, "agreements.lta.price=" + price}),
                 "agreements.lta.cash_to_seller.all");
  };
  CHECK(cash("spot") == (400 * 10 + 500 * 16) * dollar);
  CHECK(cash("{discount: {off: 0.05}}") == (400 * 950 + 500 * 1520) * dollar / 100);
  // oil goes from 2 to 3, half again as much: a pass-through of 0.4 makes 8 into 9.60
  CHECK(cash("{indexed: {base_usd: 8, index: oil, pass_through: 0.4}}") ==
        (400 * 80 + 500 * 96) * dollar / 10);
  CHECK(cash("{collar: {floor_usd: 11, ceiling_usd: 14}}") == (400 * 11 + 500 * 14) * dollar);
  CHECK(cash("{fixed: {usd: {steps: {2024-01-01: 8, 2024-02-05: 7.5}}}}") ==
        (400 * 80 + 500 * 75) * dollar / 10);
}

TEST_CASE("Agreement: a prepayment is credited against invoices, per piece or evenly") {
  const std::string paid = "{payments: [{on: 2024-01-03, usd: 1000}], credited: ";
  // 1000 are paid in the first week. Invoices of 800 in weeks 2 to 10. Half of each is credited:
  // 400, 400, 200, and nothing is left.
  world::Results r = run_lta({"agreements.lta.prepayment=" + paid + "{invoices: {up_to: 0.5}}}"});
  CHECK(micro(r, "sites.mine.prepayments_in.all") == 1000 * dollar);
  CHECK(micro(r, "sites.mine.prepayments_out.all") == 1000 * dollar);
  CHECK(metric(r, "agreements.lta.prepaid_balance.all") == 0);
  CHECK(micro(r, "agreements.lta.cash_to_seller.all") == 900 * 8 * dollar);
  CHECK(series(r, "agreements.lta", "prepaid_balance") ==
        std::vector<double>{1000, 600, 200, 0, 0, 0, 0, 0, 0, 0});

  // 1.50 a piece: 150 a week in weeks 2 to 7, 100 in week 8
  r = run_lta({"agreements.lta.prepayment=" + paid + "{per_piece: {usd: 1.5}}}"});
  CHECK(series(r, "agreements.lta", "prepaid_balance") ==
        std::vector<double>{1000, 850, 700, 550, 400, 250, 100, 0, 0, 0});

  // evenly: 100 at the end of each of ten weeks, in its last second
  r = run_lta({"agreements.lta.prepayment=" + paid + "evenly}"});
  CHECK(series(r, "agreements.lta", "prepaid_balance") ==
        std::vector<double>{900, 800, 700, 600, 500, 400, 300, 200, 100, 0});
  CHECK(micro(r, "agreements.lta.cash_to_seller.all") == 900 * 8 * dollar);
}

TEST_CASE("Agreement: what is left of a prepayment in the end is refunded or forfeited") {
  // 10 a piece up to the price of 8 would take 7200 of 8000; 800 are left.
  const std::string terms =
      "agreements.lta.prepayment={payments: [{on: 2024-01-03, usd: 8000}], credited: invoices";
  const world::Results refunded = run_lta({terms + "}"});
  CHECK(micro(refunded, "agreements.lta.cash_to_seller.all") == 7200 * dollar);
  CHECK(metric(refunded, "agreements.lta.prepaid_balance.all") == 0);
  const world::Results forfeited = run_lta({terms + ", unused: forfeited}"});
  CHECK(micro(forfeited, "agreements.lta.cash_to_seller.all") == 8000 * dollar);
}

TEST_CASE("Agreement: what was prepaid before the beginning is there, and not paid again") {
  const world::Results r =
      run_lta({"agreements.lta.prepayment={payments: [{on: 2023-06-01, usd: 1000}]}"});
  CHECK(micro(r, "sites.mine.prepayments_in.all") == 0);
  CHECK(micro(r, "agreements.lta.cash_to_seller.all") == (900 * 8 - 1000) * dollar);
}

TEST_CASE("Agreement: money earlier is dearer by the cost of capital") {
  // Nothing is wanted. 1000 are prepaid 365 days after the start, and kept. The buyer discounts at
  // 25 % a year of 365.25 days, the seller at nothing.
  const world::Results r =
      run_lta({"customers.buyer.demand.stone.pieces_per_week=0", "end=2025-12-31",
               "agreements.lta.until=2026-12-31",
               "agreements.lta.prepayment={payments: [{on: 2024-12-31, usd: 1000}]}",
               "agreements.lta.buyer_cost_of_capital=0.25"});
  // 1.25^(-365 / 365.25) = 0.8 x e^(0.223144 x 0.25 / 365.25) = 0.800122
  CHECK(metric(r, "agreements.lta.npv_buyer.all") == doctest::Approx(-800.122).epsilon(1e-6));
  CHECK(micro(r, "agreements.lta.npv_seller.all") == 1000 * dollar);
}

TEST_CASE("Agreement: it may be ended on a day, for a fee") {
  // Ended on 2024-01-29, after four weeks: calls of weeks 1 to 4, of which three are delivered by
  // then; the fourth, under way as an ordinary order, costs 10.
  const world::Results r =
      run_lta({"agreements.lta.termination={on: 2024-01-29, by: buyer, fee_usd: 500}"});
  CHECK(metric(r, "agreements.lta.committed.all") == 400);
  CHECK(metric(r, "agreements.lta.called.all") == 400);
  CHECK(metric(r, "agreements.lta.delivered.all") == 300);
  CHECK(micro(r, "agreements.lta.cash_to_seller.all") == (300 * 8 + 500) * dollar);
  CHECK(micro(r, "sites.mine.sales.all") == (300 * 8 + 600 * 10) * dollar);
  CHECK(micro(r, "sites.mine.termination_in.all") == 500 * dollar);
}

TEST_CASE("Agreement: a seller that delivers too little loses it") {
  // The mine has 250: it is short of 50 in week 4 (50 %) and of everything from week 5 on. Below
  // 80 % in two weeks in a row: the shop ends it after week 5, and the mine pays.
  const world::Results r =
      run_lta({"sites.mine.stocks.stone.initial_pieces=250",
               "agreements.lta.termination={delivered_below: 0.8, periods: 2, fee_usd: 300}"});
  CHECK(metric(r, "agreements.lta.called.all") == 500);
  CHECK(micro(r, "agreements.lta.penalty.all") == 300 * dollar);
  check_cash(r, (250 * 8 - 300) * dollar);
}

TEST_CASE("Agreement: a buyer that calls too little loses it, and pays the fee") {
  // Casela's terms: less than 80 % taken costs a cancellation fee. 60 of 100 in week 1.
  const world::Results r =
      run_lta({"customers.buyer.demand.stone.pieces_per_week=60",
               "agreements.lta.termination={called_below: 0.8, fee_usd: 700}"});
  CHECK(metric(r, "agreements.lta.called.all") == 60);
  CHECK(micro(r, "agreements.lta.cash_to_seller.all") == 700 * dollar);
  CHECK(micro(r, "sites.mine.sales.all") == 9 * 60 * 10 * dollar);
}

// --- layers ------------------------------------------------------------------------------------

struct Delivered {
  double alpha, beta;
  friend bool operator==(const Delivered&, const Delivered&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Delivered& d) {
    return out << d.alpha << " and " << d.beta;
  }
};
world::Results run_two(const std::vector<std::string>& changes = {}) {
  return run_text(agreed, changes);
}
Delivered delivered(const world::Results& r) {
  return {metric(r, "customers.alpha.delivered.all"), metric(r, "customers.beta.delivered.all")};
}

TEST_CASE("Agreement: calls are served before the policy, and who lost pieces to it is counted") {
  // Ten Mondays with 100 pieces each: without a reservation all are beta's, with it 80 are alpha's.
  const world::Results without = run_two({"agreements.lta.reservation=none"});
  CHECK(delivered(without) == Delivered{0, 1000});
  CHECK(metric(without, "agreements.lta.shortfall_seller.all") == 800);
  const world::Results with = run_two();
  CHECK(delivered(with) == Delivered{800, 200});
  CHECK(metric(with, "agreements.lta.shortfall_seller.all") == 0);
  const auto lost = series(with, "channels.beta<fab.chip", "diverted_to.lta");
  CHECK(lost == std::vector<double>(10, 80));
}

TEST_CASE("Agreement: demand is the same with and without it") {
  const std::vector<std::string> varied = {
      "customers.alpha.demand.chip.variation=poisson", "sites.fab.recipes.chip.yield_sd=0.1",
      "sites.fab.recipes.chip.yield=0.8",
      "customers.beta.demand.chip.variation={factor: {distribution: {lognormal: {mean: 1, sd: "
      "0.5}}}}"};
  auto alone = varied;
  alone.emplace_back("agreements={}");
  const world::Results with = run_two(varied), without = run_two(alone);
  CHECK(delivered(with) != delivered(without));
  for (const char* demand : {"demands.alpha.chip", "demands.beta.chip"}) {
    CHECK(series(with, demand, "demanded") == series(without, demand, "demanded"));
  }
}

TEST_CASE("Agreement: a share of capacity is in good pieces of what the lines can do") {
  // 60 % of 100 a week
  const std::vector<std::string> share = {"agreements.lta.pieces_per_week=~",
                                          "agreements.lta.share_of_capacity=0.6"};
  CHECK(delivered(run_two(share)) == Delivered{600, 400});
  // A yield of a half and twice the work a piece: 25 good pieces a week, 15 of them for alpha. From
  // the stock of week 1, 15 and 85; then 15 and 10 in each of nine weeks.
  auto harder = share;
  harder.emplace_back("sites.fab.recipes.chip.yield=0.5");
  harder.emplace_back("sites.fab.recipes.chip.line_use_per_piece=2");
  CHECK(delivered(run_two(harder)) == Delivered{150, 175});
  // An outage takes from both.
  auto stopped = share;
  stopped.emplace_back(
      "sites.fab.lines.wafers.outages={fire: {from: 2024-01-15, until: 2024-01-21}}");
  CHECK(metric(run_two(stopped), "agreements.lta.committed.all") == 540);
}

TEST_CASE("Agreement: a share of output is in pieces that come into stock") {
  // Nothing has come out when the 100 to begin with are shipped, to beta. After that, 60 of 100.
  const world::Results r =
      run_two({"agreements.lta.pieces_per_week=~", "agreements.lta.share_of_output=0.6"});
  CHECK(delivered(r) == Delivered{540, 460});
  CHECK(metric(r, "agreements.lta.committed.all") == 540);
}

TEST_CASE("Agreement: what is not called goes to others at once or is kept") {
  const std::string little = "customers.alpha.demand.chip.pieces_per_week=30";
  // 30 of 80 are called: softly, the other 70 of 100 are beta's.
  CHECK(delivered(run_two({little})) == Delivered{300, 700});
  // Hard: 50 are kept until the week ends. Week 1: 30 and 20; then there are 150: 30, 50 kept, 70.
  CHECK(delivered(run_two({little, "agreements.lta.reservation=hard"})) == Delivered{300, 650});
  // Kept until the quarter ends, which it does not before the end: 30 and 20 a week.
  const world::Results quarter =
      run_two({little, "agreements.lta.reservation=hard", "agreements.lta.settled=quarter"});
  CHECK(delivered(quarter) == Delivered{300, 200});
  CHECK(series(quarter, "stocks.fab.chip", "on_hand").back() == 500);
}

TEST_CASE("Agreement: priority decides among agreements, equals share in proportion") {
  // Alpha has 80 a week, beta 40, and there are 100. (Calls of earlier weeks wait: alpha, second,
  // gets 60 a week. Equals share in proportion to what is called and open, which stays 2 to 1.)
  const std::string second =
      "agreements.other={seller: fab, buyer: beta, item: chip, from: 2024-01-01, "
      "until: 2024-03-10, pieces_per_week: 40, priority: ";
  CHECK(delivered(run_two({second + "2}"})) == Delivered{800, 200});
  CHECK(delivered(run_two({second + "1}", "agreements.lta.priority=2"})) == Delivered{600, 400});
  const Delivered equals = delivered(run_two({second + "1}"}));
  CHECK(equals.alpha + equals.beta == 1000);
  CHECK(equals.alpha == doctest::Approx(1000 * 2 / 3.0).epsilon(0.002));
}

TEST_CASE("Agreement: a line runs for it first, and starts that wait for that are counted") {
  // The line makes parts for beta, too, which it would rather make: chips only for the agreement.
  const std::vector<std::string> shared = {
      "sites.fab.recipes.part={makes: part, line: wafers}",
      "sites.fab.sharing={fixed: {shares: {part: 1}}}",
      "sites.fab.sells.part={replenish: {base_stock: {level_pieces: 0}}}",
      "sites.fab.stocks.chip.initial_pieces=0",
      "customers.beta.demand={part: {pieces_per_week: 100, from: {fab: {}}}}",
      "sites.fab.sells.chip={replenish: {base_stock: {level_pieces: 0}}}"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), shared.begin(), shared.end());
    return run_two(more);
  };
  // Nine lots of 100 are done in time for a shipment.
  const world::Results none = with({"agreements.lta.reservation=none"});
  CHECK(delivered(none) == Delivered{0, 900});
  CHECK(metric(none, "recipes.fab.chip.lost_to.line_wafers.all") == 1000);
  const world::Results soft = with({});
  CHECK(delivered(soft) == Delivered{720, 180});
  // Each week, 80 more parts wait for the agreement, and 20 more chips (beyond it) for the line.
  CHECK(metric(soft, "recipes.fab.part.lost_to.reserved_lta.all") == 800);
  CHECK(metric(soft, "recipes.fab.part.lost_to.line_wafers.all") == 0);
  CHECK(metric(soft, "recipes.fab.chip.lost_to.line_wafers.all") == 200);
  // Before its first day nothing is kept for it: at no Monday is it in force.
  const world::Results between =
      with({"agreements.lta.from=2024-01-09", "agreements.lta.until=2024-01-13"});
  CHECK(metric(between, "recipes.fab.part.lost_to.reserved_lta.all") == 0);
  // Only 30 chips are wanted: 70 parts, or 20 if the rest of the capacity is kept, and lost.
  const std::string little = "customers.alpha.demand.chip.pieces_per_week=30";
  CHECK(delivered(with({little})) == Delivered{270, 630});
  const world::Results hard = with({little, "agreements.lta.reservation=hard"});
  CHECK(delivered(hard) == Delivered{270, 180});
  CHECK(metric(hard, "lines.fab.wafers.utilisation.all") == doctest::Approx(0.5));
}

// Stone is dug, 100 a week, for two potters, of whom the first comes first. Nile and the others
// want more pots from both than there can be, and the others come first. Nile has four fifths of
// the stone, three quarters of it through the first potter.
const std::string through = R"(
name: through
start: 2024-01-01
end: 2024-03-10
items: {stone: {price_usd: 10}, pot: {price_usd: 30}}
sites:
  pit:
    lines: {dig: {capacity_per_week: 100}}
    recipes: {dig: {makes: stone, line: dig}}
    sells:
      stone:
        replenish: {base_stock: {level_pieces: 100000}}
        allocation: {priority: {buyers: [first]}}
  first: &potter
    recipes: {turn: {makes: pot, inputs: {stone: 1}}}
    sells:
      pot:
        replenish: {base_stock: {level_pieces: 0}}
        allocation: {priority: {buyers: [others]}}
    buys: {stone: {from: {pit: {}}, replenish: {base_stock: {level_pieces: 1000}}}}
  second: *potter
customers:
  nile: {demand: {pot: {pieces_per_week: 1000, from: {first: {}, second: {}}}}}
  others: {demand: {pot: {pieces_per_week: 1000, from: {first: {}, second: {}}}}}
agreements:
  lta:
    seller: pit
    buyer: nile
    item: stone
    through: {first: 3, second: 1}
    from: 2024-01-01
    until: 2024-03-10
    settled: week
    share_of_capacity: 0.8
    take_or_pay: 1
    seller_damages: 0.1
)";

TEST_CASE("Agreement: what makers make of pieces reserved for a customer goes to that customer") {
  const world::Results r = run_text(through);
  // Each week the potters call 60 and 20, which they have a week later; the first gets the
  // rest, 20.
  CHECK(metric(r, "agreements.lta.called.all") == 800);
  CHECK(metric(r, "agreements.lta.delivered.all") == 720);
  CHECK(metric(r, "stocks.first.stone.received.all") == 9 * 80);
  CHECK(metric(r, "stocks.second.stone.received.all") == 9 * 20);
  // Pots are shipped the week after: 80 a week to Nile, 20 to the others, in eight weeks.
  CHECK(metric(r, "customers.nile.delivered.all") == 8 * 80);
  CHECK(metric(r, "customers.others.delivered.all") == 8 * 20);
  // The potters pay for the stone; Nile owes nothing as long as they call it.
  CHECK(metric(r, "sites.pit.sales.all") == 900 * 10);
  CHECK(metric(r, "agreements.lta.take_or_pay.all") == 0);
  // The share is the parameter that matters: with none, the others have everything.
  const world::Results none = run_text(through, {"agreements.lta.share_of_capacity=0"});
  CHECK(metric(none, "customers.nile.delivered.all") == 0);
  CHECK(metric(none, "customers.others.delivered.all") == 800);
}

TEST_CASE("Agreement: what is made of reserved pieces does not use up calls on products") {
  // There are pots enough for the 80 a week that Nile orders from each potter. Of those from the
  // second it calls 50 on an agreement on pots, while 20 a week are made of its stone. What is made
  // of its stone comes first in that potter's books, and calls are the oldest orders: shipped in
  // that order, the 20 would fill calls, and only 30 would be left for the 50 on the agreement.
  std::vector<std::string> changes = {"customers.nile.demand.pot.pieces_per_week=160",
                                      "customers.others.demand.pot.pieces_per_week=0",
                                      "agreements.pots={seller: second, buyer: nile, item: pot, "
                                      "from: 2024-01-01, until: 2024-03-10, "
                                      "settled: week, pieces_per_week: 50}"};
  for (const std::string potter : {"sites.first", "sites.second"}) {
    changes.push_back(potter + ".stocks.pot={initial_pieces: 1000}");
    changes.push_back(potter + ".sells.pot.replenish={base_stock: {level_pieces: 2000}}");
  }
  const world::Results r = run_text(through, changes);
  CHECK(metric(r, "customers.nile.delivered.all") == 10 * 160);
  CHECK(metric(r, "agreements.pots.delivered.all") == 10 * 50);
  CHECK(series(r, "demands.nile.pot", "backlog").empty());
}

TEST_CASE("Agreement: it changes no draw of anything else") {
  // demand is Poisson; with and without the agreement it is the same, week by week
  const std::string file = OPTICHAIN_SOURCE_DIR "/scenarios/agreements/agreements.yaml";
  const world::Results with = run_loaded(scenario::load_scenario(file));
  const world::Results without = run_loaded(scenario::load_scenario(file, {"agreements=~"}));
  for (const char* demand : {"demands.north_cloud.module", "demands.south_cloud.module"}) {
    const auto weeks = series(with, demand, "demanded");
    REQUIRE(weeks.size() > 100);
    CHECK(weeks == series(without, demand, "demanded"));
  }
  CHECK(metric(with, "customers.south_cloud.delivered.all") !=
        metric(without, "customers.south_cloud.delivered.all"));
}

}  // namespace
}  // namespace optichain::models
