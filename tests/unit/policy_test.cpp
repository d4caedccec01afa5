#include <cmath>
#include <fstream>
#include <map>
#include <numeric>
#include <sstream>

#include <doctest/doctest.h>

#include "models/policy/allocation.hpp"
#include "models/policy/apportion.hpp"
#include "models/policy/forecast.hpp"
#include "models/policy/over_ordering.hpp"
#include "models/policy/replenishment.hpp"
#include "models/policy/sharing.hpp"
#include "models/policy/trigger.hpp"
#include "models/policy/yield.hpp"

namespace optichain::models {
namespace {

using Awards = std::vector<std::int64_t>;

std::vector<policy::Claimant> claims(const std::vector<std::int64_t>& pieces) {
  std::vector<policy::Claimant> list;
  for (const auto p : pieces) list.push_back({.pieces = p});
  return list;
}

TEST_CASE("Apportion: parts are whole, sum to the total and are near their exact share") {
  const std::vector<double> weights = {1, 2, 4, 0};
  CHECK(policy::apportion(7, weights) == Awards{1, 2, 4, 0});
  CHECK(policy::apportion(10, weights) == Awards{1, 3, 6, 0});  // exact: 1.43, 2.86, 5.71
  CHECK(policy::apportion(0, weights) == Awards{0, 0, 0, 0});
  CHECK(policy::apportion(5, std::vector<double>{0, 0}) == Awards{0, 0});
  CHECK(policy::apportion(2, std::vector<double>{1, 1, 1}) ==
        Awards{1, 1, 0});  // ties to the earlier
}

TEST_CASE("Carry: fractions add up and never more than allowed") {
  policy::Carry carry;
  std::int64_t sum = 0;
  for (int i = 0; i < 1000; ++i) sum += carry.take(0.1);
  CHECK(sum == 100);
  CHECK(carry.take(2.6, 1) == 1);
  CHECK(carry.take(0.0) == 1);  // the rest of what was cut off
}

std::vector<double> numbers(const std::string& text) {
  std::vector<double> list;
  std::stringstream words(text);
  for (double x = 0; words >> x;) list.push_back(x);
  return list;
}

AllocationPolicy policy_of(const std::string& rule) {
  static const std::map<std::string, AllocationPolicy> policies = {
      {"proportional", Proportional{}},
      {"uniform_CEA", Uniform{}},
      {"linear_CEL", Linear{}},
      {"talmud", Talmud{}},
      {"priority_in_listed_order", Priority{}}};
  return policies.at(rule);
}

TEST_CASE("Allocation: the awards of the reference table, by every rule in it") {
  constexpr double pieces_per_unit = 1000;
  std::ifstream table(OPTICHAIN_SOURCE_DIR "/tests/reference/allocation.csv");
  std::string line;
  REQUIRE(std::getline(table, line));
  REQUIRE(line.starts_with("case,supply,orders,rule,awards"));
  int rows = 0;
  for (; std::getline(table, line); ++rows) {
    std::vector<std::string> row;
    std::stringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) row.push_back(cell);
    REQUIRE(row.size() == 5);
    CAPTURE(line);
    std::vector<policy::Claimant> list;
    for (const double units : numbers(row[2])) {
      list.push_back(
          {.pieces = std::llround(units * pieces_per_unit), .rank = static_cast<int>(list.size())});
    }
    const auto supply = std::llround(std::stod(row[1]) * pieces_per_unit);
    const auto awards = policy::allocate(policy_of(row[3]), supply, list);
    const auto expected = numbers(row[4]);
    REQUIRE(expected.size() == awards.size());
    for (std::size_t i = 0; i < awards.size(); ++i) {
      // the table has four decimals of a unit
      CHECK(std::fabs(static_cast<double>(awards[i]) - expected[i] * pieces_per_unit) < 1.05);
    }
  }
  CHECK(rows == 10);
}

TEST_CASE("Allocation: Talmud and linear to the piece") {
  // Aumann and Maschler's third case: of 300, everybody gets half of what is asked
  CHECK(policy::allocate(Talmud{}, 300, claims({100, 200, 300})) == Awards{50, 100, 150});
  // the contested garment: one claims all, the other half; half is contested and shared
  CHECK(policy::allocate(Talmud{}, 200, claims({200, 100})) == Awards{150, 50});
  // claims that cannot be halved: equal awards up to 0.5, 1.5 and 2.5, the odd piece to the earlier
  CHECK(policy::allocate(Talmud{}, 1, claims({1, 3, 5})) == Awards{1, 0, 0});
  CHECK(policy::allocate(Linear{}, 100, claims({10, 80, 80})) == Awards{0, 50, 50});
  CHECK(policy::allocate(Linear{}, 160, claims({10, 80, 80})) == Awards{6, 77, 77});
}

TEST_CASE("Allocation: uniform gives small claims in full and the rest equally") {
  CHECK(policy::allocate(Uniform{}, 100, claims({10, 80, 80})) == Awards{10, 45, 45});
  CHECK(policy::allocate(Uniform{}, 101, claims({10, 80, 80})) == Awards{10, 46, 45});
}

TEST_CASE("Allocation: turn-and-earn follows what was received before") {
  std::vector<policy::Claimant> list = {{100, 30, 0, 0}, {100, 10, 0, 0}, {100, 0, 0, 0}};
  CHECK(policy::allocate(Historical{}, 80, list) == Awards{60, 20, 0});
  // the first is satisfied, the second takes what is left, then those without history
  CHECK(policy::allocate(Historical{}, 230, list) == Awards{100, 100, 30});
  for (policy::Claimant& c : list) c.history = 0;
  CHECK(policy::allocate(Historical{}, 30, list) == Awards{10, 10, 10});
}

TEST_CASE("Allocation: the highest price goes first and equal prices share") {
  const std::vector<policy::Claimant> list = {{50, 0, 0.0, 0}, {50, 0, 0.2, 0}, {50, 0, 0.2, 0}};
  CHECK(policy::allocate(HighestPrice{}, 60, list) == Awards{0, 30, 30});
  CHECK(policy::allocate(HighestPrice{}, 120, list) == Awards{20, 50, 50});
}

TEST_CASE("Allocation: enough for all is given to all under every policy") {
  for (const AllocationPolicy& policy :
       {AllocationPolicy{Proportional{}}, AllocationPolicy{Priority{}}, AllocationPolicy{Uniform{}},
        AllocationPolicy{Linear{}}, AllocationPolicy{Talmud{}}, AllocationPolicy{Historical{}},
        AllocationPolicy{HighestPrice{}}}) {
    CHECK(policy::allocate(policy, 100, claims({10, 20})) == Awards{10, 20});
  }
}

// --- sharing ------------------------------------------------------------------------------------

std::vector<std::int64_t> pieces(const std::vector<policy::Grant>& grants) {
  std::vector<std::int64_t> list;
  for (const policy::Grant& g : grants) list.push_back(g.pieces);
  return list;
}

TEST_CASE("Sharing: without scarcity everybody gets what is wanted and nothing cuts") {
  const std::vector<policy::Want> wants = {{10, 0, 0}, {20, 0, 0}};
  const std::vector<policy::Resource> resources = {{100, true}};
  const std::vector<policy::Use> uses = {{0, 0, 2}, {1, 0, 3}};
  const auto grants = policy::share(ShareProportionally{}, wants, resources, uses);
  CHECK(pieces(grants) == Awards{10, 20});
  CHECK(grants[0].bound_by == policy::Grant::none);
}

TEST_CASE("Sharing: proportional cuts all users of a resource alike, and frees the others") {
  // line: 1 x 10 + 1 x 30 = 40 wanted of 20; input: only the second needs it and it is plenty
  const std::vector<policy::Want> wants = {{10, 0, 0}, {30, 0, 0}, {7, 0, 0}};
  const std::vector<policy::Resource> resources = {{20, false}, {1000, false}};
  const std::vector<policy::Use> uses = {{0, 0, 1}, {1, 0, 1}, {1, 1, 5}, {2, 1, 1}};
  const auto grants = policy::share(ShareProportionally{}, wants, resources, uses);
  CHECK(pieces(grants) == Awards{5, 15, 7});
  CHECK(grants[0].bound_by == 0);
  CHECK(grants[1].bound_by == 0);
  CHECK(grants[2].bound_by == policy::Grant::none);
}

TEST_CASE("Sharing: who is stopped by an input leaves the line to the others") {
  // the first has inputs for 2 only; the line of 20 then serves the second with 18
  const std::vector<policy::Want> wants = {{20, 0, 0}, {20, 0, 0}};
  const std::vector<policy::Resource> resources = {{20, false}, {2, false}};
  const std::vector<policy::Use> uses = {{0, 0, 1}, {0, 1, 1}, {1, 0, 1}};
  const auto grants = policy::share(ShareProportionally{}, wants, resources, uses);
  CHECK(pieces(grants) == Awards{2, 18});
  CHECK(grants[0].bound_by == 1);
  CHECK(grants[1].bound_by == 0);
}

TEST_CASE("Sharing: by margin, the best per unit of the scarce resource goes first") {
  // margins 10 on 4 units of line against 6 on 2 units: the second earns more per unit
  const std::vector<policy::Want> wants = {{10, 10, 0}, {10, 6, 0}};
  const std::vector<policy::Resource> resources = {{40, false}};
  const std::vector<policy::Use> uses = {{0, 0, 4}, {1, 0, 2}};
  const auto grants = policy::share(ShareByMargin{}, wants, resources, uses);
  CHECK(pieces(grants) == Awards{5, 10});
  CHECK(grants[0].bound_by == 0);
}

TEST_CASE("Sharing: by margin, a limit of one recipe alone does not decide who gets the line") {
  // `a` earns more and may start 20 of its 60; `b` gets the other 80 of the line
  const std::vector<policy::Want> wants = {{60, 11, 0}, {150, 5, 0}};
  const std::vector<policy::Resource> resources = {{100, false}, {20, false}};
  const std::vector<policy::Use> uses = {{0, 0, 1}, {0, 1, 1}, {1, 0, 1}};
  const auto grants = policy::share(ShareByMargin{}, wants, resources, uses);
  CHECK(pieces(grants) == Awards{20, 80});
  CHECK(grants[0].bound_by == 1);
  CHECK(grants[1].bound_by == 0);
}

TEST_CASE("Sharing: fixed shares, and what one does not want goes to the others") {
  const std::vector<policy::Resource> resources = {{100, false}};
  const std::vector<policy::Use> uses = {{0, 0, 1}, {1, 0, 1}, {2, 0, 1}};
  const std::vector<policy::Want> greedy = {{500, 0, 3}, {500, 0, 1}, {500, 0, 0}};
  CHECK(pieces(policy::share(ShareFixed{}, greedy, resources, uses)) == Awards{75, 25, 0});
  const std::vector<policy::Want> modest = {{30, 0, 3}, {20, 0, 1}, {500, 0, 0}};
  CHECK(pieces(policy::share(ShareFixed{}, modest, resources, uses)) == Awards{30, 20, 50});
}

TEST_CASE("Sharing: a line may end its period inside a piece, an input may not") {
  const std::vector<policy::Want> wants = {{10, 0, 0}};
  const std::vector<policy::Use> uses = {{0, 0, 1}};
  CHECK(pieces(policy::share(ShareProportionally{}, wants,
                             std::vector<policy::Resource>{{1.5, true}}, uses)) == Awards{2});
  CHECK(pieces(policy::share(ShareProportionally{}, wants,
                             std::vector<policy::Resource>{{1.5, false}}, uses)) == Awards{1});
  CHECK(pieces(policy::share(ShareByMargin{}, wants, std::vector<policy::Resource>{{0, true}},
                             uses)) == Awards{0});
}

// --- forecasts and replenishment ----------------------------------------------------------------

TEST_CASE("Forecast: exponential smoothing of weekly rates") {
  policy::Forecast f(ExponentialForecast{0.25}, 100);
  f.observe(400, 2);  // 200 a week
  CHECK(f.per_week() == doctest::Approx(125));
  CHECK(f.over(3) == doctest::Approx(375));
}

TEST_CASE("Forecast: Holt's trend follows a ramp and does not go below zero") {
  policy::Forecast f(TrendForecast{0.5, 0.5}, 0);
  for (int week = 1; week <= 60; ++week) f.observe(10.0 * week, 1);
  CHECK(f.per_week() == doctest::Approx(600).epsilon(0.01));
  CHECK(f.over(4) == doctest::Approx(4 * 620).epsilon(0.01));
  for (int week = 60; week >= 0; --week) f.observe(10.0 * week, 1);
  CHECK(f.over(1000) >= 0);
  CHECK(f.over(1000) < 1000);
}

TEST_CASE("Forecast: a damped trend fades by phi a week, and what is expected stays finite") {
  // after one observation of 110: level 100 + 0.5 x 10, trend 0.5 x 5
  policy::Forecast f(TrendForecast{0.5, 0.5, 0.5}, 100);
  f.observe(110, 1);
  CHECK(f.per_week() == doctest::Approx(105));
  // the trend of 2.5 goes on for the integral of 0.5^t; the level rises by 2.5 / ln 2 in the end
  const double ln2 = std::log(2.0);
  CHECK(f.over(1) == doctest::Approx(105 + 2.5 / ln2 * (1 - 0.5 / ln2)));
  CHECK(f.over(1001) - f.over(1000) == doctest::Approx(105 + 2.5 / ln2));
  // after a week without news the level is where it was expected, and half of the trend is left
  f.observe(105 + 2.5 * 0.5 / ln2, 1);
  CHECK(f.per_week() == doctest::Approx(105 + 2.5 * 0.5 / ln2));

  policy::Forecast falling(TrendForecast{1, 1, 0.9}, 100);
  falling.observe(40, 1);  // level 40, trend -60: at zero before the trend has faded
  // 40 = 60 (1 - 0.9^t) / -ln 0.9 at t = ln(1 + 40 ln 0.9 / 60) / ln 0.9
  const double until = std::log(1 + 40 * std::log(0.9) / 60) / std::log(0.9);
  CHECK(falling.over(until) == doctest::Approx(falling.over(10 * until)));
  CHECK(falling.over(0.5) < falling.over(until));
  // almost no damping is almost no difference
  policy::Forecast damped(TrendForecast{0.3, 0.2, 1 - 1e-9}, 50),
      straight(TrendForecast{0.3, 0.2}, 50);
  for (const double x : {60.0, 80.0, 70.0, 90.0}) {
    damped.observe(x, 2);
    straight.observe(x, 2);
  }
  CHECK(damped.over(30) == doctest::Approx(straight.over(30)).epsilon(1e-6));
}

TEST_CASE("Forecast: a shared one follows the plan and not the orders") {
  policy::Forecast f(SharedForecast{}, 50);
  CHECK(f.over(2) == doctest::Approx(100));  // until there is a plan
  f.follow(std::vector<policy::PlannedRate>{{4, 100}, {13, 200}, {1e9, 300}});
  f.observe(1000, 1);
  CHECK(f.per_week() == 100);
  CHECK(f.over(3) == doctest::Approx(300));
  CHECK(f.over(6) == doctest::Approx(4 * 100 + 2 * 200));
  CHECK(f.over(20) == doctest::Approx(4 * 100 + 9 * 200 + 7 * 300));
}

TEST_CASE("Forecast: moving average of the latest reviews, constant for ever") {
  policy::Forecast m(MovingAverageForecast{3}, 50);
  CHECK(m.per_week() == 50);
  for (const double x : {1.0, 2.0, 3.0, 4.0}) m.observe(x, 1);
  CHECK(m.per_week() == doctest::Approx(3));
  policy::Forecast c(ConstantForecast{}, 50);
  c.observe(1000, 1);
  CHECK(c.per_week() == 50);
}

TEST_CASE("Replenishment: order-up-to covers lead time, review and safety, up to the cap") {
  const policy::Forecast f(ConstantForecast{}, 100);
  const policy::InventoryState s{
      .on_hand = 200, .pipeline = 300, .backlog = 50, .lead_weeks = 4, .review_weeks = 1};
  // 100 x (4 + 1 + 2) + 50 - 200 - 300
  CHECK(policy::replenishment_quantity(OrderUpTo{2, 52}, s, f) == doctest::Approx(250));
  CHECK(policy::replenishment_quantity(OrderUpTo{2, 3}, s, f) == doctest::Approx(150));
  policy::InventoryState full = s;
  full.on_hand = 1000;
  CHECK(policy::replenishment_quantity(OrderUpTo{2, 52}, full, f) == 0);
}

TEST_CASE("Replenishment: base stock and anchor-and-adjust") {
  const policy::Forecast f(ConstantForecast{}, 4);
  CHECK(policy::replenishment_quantity(BaseStock{Pieces{60}}, {.on_hand = 40, .pipeline = 12}, f) ==
        8);
  CHECK(policy::replenishment_quantity(BaseStock{Pieces{60}}, {.on_hand = 81}, f) == 0);
  // the retailer of the beer game in week 1: 4 + 1 x (28 - 12 - 12)
  const policy::InventoryState low{.on_hand = 4, .pipeline = 3, .backlog = 2, .downstream = 20};
  CHECK(policy::replenishment_quantity(MinMax{Pieces{5}, Pieces{12}}, low, f) ==
        7);  // at the minimum
  CHECK(policy::replenishment_quantity(MinMax{Pieces{4}, Pieces{12}}, low, f) == 0);
  CHECK(policy::replenishment_quantity(ReorderQuantity{Pieces{5}, Pieces{10}}, low, f) == 10);
  CHECK(policy::replenishment_quantity(ReorderQuantity{Pieces{4}, Pieces{10}}, low, f) == 0);
  CHECK(policy::replenishment_quantity(ReorderQuantity{Pieces{5}, Pieces{1}}, low, f) == 1);
  CHECK(policy::replenishment_quantity(ReorderQuantity{Pieces{11}, Pieces{3}}, low, f) == 9);
  CHECK(policy::replenishment_quantity(ReorderQuantity{Pieces{-2}, Pieces{4}}, {.backlog = 6}, f) ==
        8);
  CHECK(policy::replenishment_quantity(EchelonBaseStock{Pieces{30}}, low, f) == 3);
  CHECK(policy::replenishment_quantity(EchelonBaseStock{Pieces{20}}, low, f) == 0);
  CHECK(policy::replenishment_quantity(AnchorAndAdjust{1, 1, 28},
                                       {.on_hand = 12, .pipeline = 12, .review_weeks = 1}, f) == 8);
}

// --- over-ordering ------------------------------------------------------------------------------

TEST_CASE("Over-ordering: orders grow as the recent fill rate falls, up to the cap") {
  policy::OverOrders orders(OverOrdering{.cap = 3, .sensitivity = 1, .memory_weeks = 8}, 100);
  CHECK(orders.factor() == 1);
  orders.observe(100, 100, 1);
  CHECK(orders.factor() == 1);
  policy::OverOrders blank(OverOrdering{.cap = 3, .sensitivity = 1, .memory_weeks = 8}, 0);
  blank.observe(100, 50, 1);
  CHECK(blank.fill_rate() == 0.5);
  CHECK(blank.factor() == 2);
  CHECK(policy::OverOrders(OverOrdering{}, 0).factor() == 1);  // nothing ordered is nothing missed
  policy::OverOrders bold(OverOrdering{.cap = 3, .sensitivity = 2, .memory_weeks = 8}, 0);
  bold.observe(100, 80, 1);
  CHECK(bold.factor() == doctest::Approx(1 / 0.64));
  bold.observe(100, 0, 1);
  CHECK(bold.factor() == 3);
  policy::OverOrders calm(OverOrdering{.cap = 3, .sensitivity = 0, .memory_weeks = 8}, 0);
  calm.observe(100, 0, 1);
  CHECK(calm.factor() == 1);
}

TEST_CASE("Over-ordering: excess is ordered, taken for new needs, cancelled, and never lost") {
  policy::OverOrders orders(OverOrdering{.cap = 2, .sensitivity = 1, .memory_weeks = 1e9}, 0);
  orders.observe(100, 0, 1);  // nothing filled: two for one
  auto d = orders.decide(Pieces{100}, Pieces{0});
  CHECK(d.order == Pieces{200});
  CHECK(orders.excess() == Pieces{100});
  // 60 of the 200 are shipped: 40 of the first need are left, and 100 in excess
  orders.observe(0, 200, 1);
  CHECK(orders.factor() == 1);
  CHECK(orders.settle(Pieces{140}) == Pieces{0});
  d = orders.decide(Pieces{50}, Pieces{140});  // for the new need 50 are taken, 50 are too many
  CHECK(d.order == Pieces{0});
  CHECK(d.cancel == Pieces{50});
  orders.cancelled(Pieces{30});  // no more had reached the seller
  CHECK(orders.excess() == Pieces{20});
  // all but 5 are shipped: 15 of the excess have come beyond the need
  CHECK(orders.settle(Pieces{5}) == Pieces{15});
  CHECK(orders.excess() == Pieces{5});
}

TEST_CASE("Over-ordering: who gives orders up gives up needs and excess alike") {
  policy::OverOrders orders(OverOrdering{.cap = 1.5, .sensitivity = 1, .memory_weeks = 8}, 0);
  orders.observe(1, 0, 1);
  CHECK(orders.decide(Pieces{100}, Pieces{0}).order == Pieces{150});
  orders.give_up(Pieces{60}, Pieces{150});
  CHECK(orders.excess() == Pieces{30});
  orders.give_up(Pieces{90}, Pieces{90});
  CHECK(orders.excess() == Pieces{0});
}

// --- yield --------------------------------------------------------------------------------------

TEST_CASE("Yield: half of the gap closes in each halving, by weeks or by pieces") {
  const sim::Time start{};
  YieldLearning weeks;
  weeks.initial = 0.3;
  weeks.halving_weeks = 10;
  CHECK(policy::mean_yield(0.7, weeks, start, start, 0) == doctest::Approx(0.3));
  CHECK(policy::mean_yield(0.7, weeks, start + sim::one_week * 10, start, 0) ==
        doctest::Approx(0.5));
  CHECK(policy::mean_yield(0.7, weeks, start + sim::one_week * 20, start, 0) ==
        doctest::Approx(0.6));
  CHECK(policy::mean_yield(0.7, weeks, start - sim::one_week, start, 0) == doctest::Approx(0.3));
  YieldLearning by_pieces;
  by_pieces.initial = 0.3;
  by_pieces.halving_pieces = 1000;
  CHECK(policy::mean_yield(0.7, by_pieces, start, start, 1000) == doctest::Approx(0.5));
  CHECK(policy::mean_yield(0.7, std::nullopt, start, start, 0) == 0.7);
}

TEST_CASE("Yield: lots vary around the mean with the deviation that was asked for") {
  double sum = 0, squares = 0;
  constexpr int n = 4000;
  for (int i = 0; i < n; ++i) {
    const double y = policy::lot_yield(0.6, 0.05, (i + 0.5) / n);
    CHECK_MESSAGE((y > 0 && y < 1), y);
    sum += y;
    squares += y * y;
  }
  CHECK(sum / n == doctest::Approx(0.6).epsilon(1e-3));
  CHECK(std::sqrt(squares / n - sum / n * sum / n) == doctest::Approx(0.05).epsilon(0.01));
  CHECK(policy::lot_yield(1.0, 0.05, 0.3) == 1.0);
  CHECK(policy::lot_yield(0.6, 0.0, 0.3) == 0.6);
  CHECK(policy::lot_yield(0.6, 1e-12, 0.3) == doctest::Approx(0.6));
  CHECK(policy::lot_yield(1 - 1e-12, 0.05, 0.3) == 1 - 1e-12);
}

TEST_CASE("Trigger: fires after it has held for long enough, so often, with a wait between") {
  policy::Trigger trigger({.for_weeks = 3, .at_most = 2, .wait_weeks = 5});
  std::vector<int> fired;
  for (int week = 1; week <= 20; ++week) {
    const bool holds = week != 2;  // not at the second look
    if (trigger.look(holds, 1)) fired.push_back(week);
  }
  CHECK(fired == std::vector<int>{5, 10});  // 3, 4, 5; then held since 6, but the wait is to 10

  policy::Trigger at_once({.for_weeks = 0, .at_most = 3, .wait_weeks = 0});
  CHECK_FALSE(at_once.look(false, 1));
  CHECK(at_once.look(true, 1));
  CHECK(at_once.look(true, 1));
  CHECK(at_once.look(true, 1));
  CHECK_FALSE(at_once.look(true, 1));
}

TEST_CASE("Conversion: capacity goes where it earns more, by a share of what it earns") {
  CHECK(policy::earns_more(10, 12, 0.2));
  CHECK_FALSE(policy::earns_more(10, 11.9, 0.2));
  CHECK_FALSE(policy::earns_more(10, 10, 0));
  CHECK(policy::earns_more(-10, -7, 0.3));  // a loss that is smaller by 30 %
  CHECK_FALSE(policy::earns_more(-10, -8, 0.3));
  CHECK(policy::earns_more(0, 0.01, 5));
}

}  // namespace
}  // namespace optichain::models
