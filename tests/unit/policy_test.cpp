#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <numeric>
#include <sstream>

#include <doctest/doctest.h>

#include "models/policy/allocation/all.hpp"
#include "models/policy/apportion.hpp"
#include "models/policy/forecast/all.hpp"
#include "models/policy/over_ordering.hpp"
#include "models/policy/replenishment/all.hpp"
#include "models/policy/sharing/all.hpp"
#include "models/policy/split.hpp"
#include "models/policy/trigger.hpp"
#include "models/policy/yield.hpp"
#include "tests/property/each_policy.hpp"

namespace optichain::models::policy {
namespace {

std::vector<Claimant> claims(const std::vector<std::int64_t>& pieces) {
  std::vector<Claimant> list;
  for (const auto p : pieces) list.push_back({.pieces = p});
  return list;
}

TEST_CASE("Apportion: parts are whole, sum to the total and are near their exact share") {
  const std::vector<double> weights = {1, 2, 4, 0};
  CHECK(apportion(7, weights) == Awards{1, 2, 4, 0});
  CHECK(apportion(10, weights) == Awards{1, 3, 6, 0});  // exact: 1.43, 2.86, 5.71
  CHECK(apportion(0, weights) == Awards{0, 0, 0, 0});
  CHECK(apportion(5, std::vector<double>{0, 0}) == Awards{0, 0});
  CHECK(apportion(2, std::vector<double>{1, 1, 1}) == Awards{1, 1, 0});  // ties to the earlier
}

TEST_CASE("Apportionment with a memory: shares are kept over many splits of few pieces") {
  std::vector<double> owed(2, 0);
  const std::vector<double> equal{1, 1};
  // a piece at a time: one to each in turn
  for (int turn = 0; turn < 3; ++turn) {
    CHECK(apportion(1, equal, owed) == Awards{1, 0});
    CHECK(apportion(1, equal, owed) == Awards{0, 1});
  }
  // 60 : 40, a piece at a time: within half a piece of the exact share at any time (two parties)
  const std::vector<double> weights{0.6, 0.4};
  std::int64_t first = 0;
  for (int pieces = 1; pieces <= 1000; ++pieces) {
    first += apportion(1, weights, owed)[0];
    CHECK(std::abs(static_cast<double>(first) - 0.6 * pieces) <= 0.5 + 1e-6);
  }
  CHECK(first == 600);
  // who has no weight for a while gets nothing, and comes back to what it was owed
  owed = {0.5, -0.5, 0};
  CHECK(apportion(1, std::vector<double>{0, 1, 1}, owed) == Awards{0, 0, 1});
  CHECK(owed == std::vector<double>{0.5, 0, -0.5});
}

TEST_CASE("Carry: fractions add up and never more than allowed") {
  Carry carry;
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
    std::vector<Claimant> list;
    for (const double units : numbers(row[2])) {
      list.push_back({std::llround(units * pieces_per_unit), static_cast<double>(list.size())});
    }
    const auto supply = std::llround(std::stod(row[1]) * pieces_per_unit);
    const auto awards = allocate(policy_of(row[3]), supply, list);
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
  CHECK(allocate(Talmud{}, 300, claims({100, 200, 300})) == Awards{50, 100, 150});
  // the contested garment: one claims all, the other half; half is contested and shared
  CHECK(allocate(Talmud{}, 200, claims({200, 100})) == Awards{150, 50});
  // claims that cannot be halved: equal awards up to 0.5, 1.5 and 2.5, the odd piece to the earlier
  CHECK(allocate(Talmud{}, 1, claims({1, 3, 5})) == Awards{1, 0, 0});
  CHECK(allocate(Linear{}, 100, claims({10, 80, 80})) == Awards{0, 50, 50});
  CHECK(allocate(Linear{}, 160, claims({10, 80, 80})) == Awards{6, 77, 77});
}

TEST_CASE("Allocation: uniform gives small claims in full and the rest equally") {
  CHECK(allocate(Uniform{}, 100, claims({10, 80, 80})) == Awards{10, 45, 45});
  CHECK(allocate(Uniform{}, 101, claims({10, 80, 80})) == Awards{10, 46, 45});
}

TEST_CASE("Allocation: turn-and-earn follows what was received before") {
  std::vector<Claimant> list = {{100, 30}, {100, 10}, {100, 0}};
  CHECK(allocate(Historical{}, 80, list) == Awards{60, 20, 0});
  // the first is satisfied, the second takes what is left, then those without history
  CHECK(allocate(Historical{}, 230, list) == Awards{100, 100, 30});
  for (Claimant& c : list) c.standing = 0;
  CHECK(allocate(Historical{}, 30, list) == Awards{10, 10, 10});
}

TEST_CASE("Allocation: the highest price goes first and equal prices share") {
  const std::vector<Claimant> list = {{50, 0.0}, {50, 0.2}, {50, 0.2}};
  CHECK(allocate(HighestPrice{}, 60, list) == Awards{0, 30, 30});
  CHECK(allocate(HighestPrice{}, 120, list) == Awards{20, 50, 50});
}

/// Calls check(policy, result) with each case of a table and fails for what is in the list but not
/// in the table.
template <class List, class Result>
void check_table(const std::vector<std::pair<List, Result>>& table,
                 const std::function<void(const List&, const Result&)>& check) {
  for (const List& policy : one_of_each<List>()) {
    CAPTURE(tag_of(policy));
    const auto found = std::find_if(table.begin(), table.end(), [&](const auto& row) {
      return row.first.index() == policy.index();
    });
    REQUIRE_MESSAGE(found != table.end(), "give it a case in the table");
    check(found->first, found->second);
  }
}

TEST_CASE("Allocation: every policy of the list on one example") {
  const std::vector<std::pair<AllocationPolicy, Awards>> table = {
      {Proportional{}, {24, 36, 60}},
      {Priority{{{"c"}, {"a"}}}, {20, 0, 100}},
      {Uniform{}, {40, 40, 40}},
      {Linear{}, {13, 33, 74}},  // 80 are lost
      {Talmud{}, {20, 30, 70}},
      {Historical{}, {40, 27, 53}},  // the first in full; 80 in the ratio of 10 to 20
      {HighestPrice{}, {40, 60, 20}},
  };
  const std::vector<BuyerFacts> buyers = {{"a", 0.1}, {"b", 0.3}, {"c", 0}};
  check_table<AllocationPolicy, Awards>(
      table, [&](const AllocationPolicy& policy, const Awards& expected) {
        Allocation allocation(policy, buyers);
        allocation.note_shipped(0, 30);
        allocation.note_shipped(1, 10);
        allocation.note_shipped(2, 20);
        allocation.pass(3);
        std::vector<Claimant> list = {allocation.claim(0, 40), allocation.claim(1, 60),
                                      allocation.claim(2, 100)};
        CHECK(allocation.award(120, list) == expected);
        CHECK(allocation.award(300, list) == Awards{40, 60, 100});  // enough for all
      });
}

/// Whether a buyer who cannot get all it asks for gets more, by more than rounding, if it asks for
/// twice as much, whatever the others ask for and there is.
bool gains_by_asking(const Allocation& allocation, std::size_t buyer) {
  const auto award = [&](const Awards& asked, std::int64_t available) {
    std::vector<Claimant> list;
    for (std::size_t b = 0; b < asked.size(); ++b) list.push_back(allocation.claim(b, asked[b]));
    return allocation.award(available, list)[buyer];
  };
  Awards asked = {30, 60, 90};
  do {
    for (std::int64_t available = 10; available < 180; available += 10) {
      const std::int64_t before = award(asked, available);
      if (before == asked[buyer]) continue;
      Awards more = asked;
      more[buyer] *= 2;
      if (award(more, available) >= before + 2) return true;
    }
  } while (std::next_permutation(asked.begin(), asked.end()));
  return false;
}

TEST_CASE("Allocation: a rule rewards who asks for more if and only if it says so") {
  // by name, premium and what was received all three differ
  const std::vector<BuyerFacts> buyers = {{"a", 0.1}, {"b", 0.3}, {"c", 0}};
  const std::vector<std::pair<AllocationPolicy, bool>> table = {
      {Proportional{}, true}, {Priority{{{"c"}, {"a"}}}, false},
      {Uniform{}, false},     {Linear{}, true},
      {Talmud{}, true},       {Historical{}, false},
      {HighestPrice{}, false}};
  check_table<AllocationPolicy, bool>(table, [&](const AllocationPolicy& policy, bool expected) {
    Allocation allocation(policy, buyers);
    for (std::size_t b = 0; b < 3; ++b) {
      allocation.note_shipped(b, 10 * static_cast<double>(b + 1));
      CHECK(allocation.rewards_orders(b) == expected);
      CHECK(gains_by_asking(allocation, b) == expected);
    }
  });
  // those without a rank, or of one premium, share in proportion to what they ask for
  const AllocationPolicy ranks = Priority{{{"b"}}}, price = HighestPrice{};
  const Allocation ranked(ranks, buyers);
  const Allocation paying(price, std::vector<BuyerFacts>{{"a", 0.1}, {"b", 0.3}, {"c", 0.1}});
  for (const Allocation* allocation : {&ranked, &paying}) {
    for (std::size_t b = 0; b < 3; ++b) {
      CHECK(allocation->rewards_orders(b) == (b != 1));
      CHECK(gains_by_asking(*allocation, b) == (b != 1));
    }
  }
  // and where nobody else asks there is nothing to gain
  const AllocationPolicy proportional = Proportional{};
  CHECK_FALSE(Allocation(proportional, std::vector<BuyerFacts>{{"a", 0}}).rewards_orders(0));
}

TEST_CASE("Allocation: what was received fades, and who is forgotten waits for what is left") {
  const AllocationPolicy policy = Historical{10};
  Allocation allocation(policy, std::vector<BuyerFacts>(2));
  allocation.note_shipped(0, 100);
  allocation.pass(10 * std::log(2.0));  // half is left
  allocation.note_shipped(1, 50);
  CHECK(allocation.claim(0, 1).standing == doctest::Approx(50));
  CHECK(allocation.claim(1, 1).standing == 50);
}

// --- sharing ------------------------------------------------------------------------------------

std::vector<std::int64_t> pieces(const std::vector<Grant>& grants) {
  std::vector<std::int64_t> list;
  for (const Grant& g : grants) list.push_back(g.pieces);
  return list;
}

TEST_CASE("Sharing: without scarcity everybody gets what is wanted and nothing cuts") {
  const std::vector<Want> wants = {{10, 0, 0}, {20, 0, 0}};
  const std::vector<Resource> resources = {{100, true}};
  const std::vector<Use> uses = {{0, 0, 2}, {1, 0, 3}};
  const auto grants = share(ShareProportionally{}, wants, resources, uses);
  CHECK(pieces(grants) == Awards{10, 20});
  CHECK(grants[0].bound_by == Grant::none);
}

TEST_CASE("Sharing: proportional cuts all users of a resource alike, and frees the others") {
  // line: 1 x 10 + 1 x 30 = 40 wanted of 20; input: only the second needs it and it is plenty
  const std::vector<Want> wants = {{10, 0, 0}, {30, 0, 0}, {7, 0, 0}};
  const std::vector<Resource> resources = {{20, false}, {1000, false}};
  const std::vector<Use> uses = {{0, 0, 1}, {1, 0, 1}, {1, 1, 5}, {2, 1, 1}};
  const auto grants = share(ShareProportionally{}, wants, resources, uses);
  CHECK(pieces(grants) == Awards{5, 15, 7});
  CHECK(grants[0].bound_by == 0);
  CHECK(grants[1].bound_by == 0);
  CHECK(grants[2].bound_by == Grant::none);
}

TEST_CASE("Sharing: who is stopped by an input leaves the line to the others") {
  // the first has inputs for 2 only; the line of 20 then serves the second with 18
  const std::vector<Want> wants = {{20, 0, 0}, {20, 0, 0}};
  const std::vector<Resource> resources = {{20, false}, {2, false}};
  const std::vector<Use> uses = {{0, 0, 1}, {0, 1, 1}, {1, 0, 1}};
  const auto grants = share(ShareProportionally{}, wants, resources, uses);
  CHECK(pieces(grants) == Awards{2, 18});
  CHECK(grants[0].bound_by == 1);
  CHECK(grants[1].bound_by == 0);
}

TEST_CASE("Sharing: by margin, the best per unit of the scarce resource goes first") {
  // margins 10 on 4 units of line against 6 on 2 units: the second earns more per unit
  const std::vector<Want> wants = {{10, 10, 0}, {10, 6, 0}};
  const std::vector<Resource> resources = {{40, false}};
  const std::vector<Use> uses = {{0, 0, 4}, {1, 0, 2}};
  const auto grants = share(ShareByMargin{}, wants, resources, uses);
  CHECK(pieces(grants) == Awards{5, 10});
  CHECK(grants[0].bound_by == 0);
}

TEST_CASE("Sharing: by margin, a limit of one recipe alone does not decide who gets the line") {
  // `a` earns more and may start 20 of its 60; `b` gets the other 80 of the line
  const std::vector<Want> wants = {{60, 11, 0}, {150, 5, 0}};
  const std::vector<Resource> resources = {{100, false}, {20, false}};
  const std::vector<Use> uses = {{0, 0, 1}, {0, 1, 1}, {1, 0, 1}};
  const auto grants = share(ShareByMargin{}, wants, resources, uses);
  CHECK(pieces(grants) == Awards{20, 80});
  CHECK(grants[0].bound_by == 1);
  CHECK(grants[1].bound_by == 0);
}

TEST_CASE("Sharing: fixed shares, and what one does not want goes to the others") {
  const std::vector<Resource> resources = {{100, false}};
  const std::vector<Use> uses = {{0, 0, 1}, {1, 0, 1}, {2, 0, 1}};
  const std::vector<Want> greedy = {{500, 0, 3}, {500, 0, 1}, {500, 0, 0}};
  CHECK(pieces(share(ShareFixed{}, greedy, resources, uses)) == Awards{75, 25, 0});
  const std::vector<Want> modest = {{30, 0, 3}, {20, 0, 1}, {500, 0, 0}};
  CHECK(pieces(share(ShareFixed{}, modest, resources, uses)) == Awards{30, 20, 50});
}

TEST_CASE("Sharing: a line may end its period inside a piece, an input may not") {
  const std::vector<Want> wants = {{10, 0, 0}};
  const std::vector<Use> uses = {{0, 0, 1}};
  CHECK(pieces(share(ShareProportionally{}, wants, std::vector<Resource>{{1.5, true}}, uses)) ==
        Awards{2});
  CHECK(pieces(share(ShareProportionally{}, wants, std::vector<Resource>{{1.5, false}}, uses)) ==
        Awards{1});
  CHECK(pieces(share(ShareByMargin{}, wants, std::vector<Resource>{{0, true}}, uses)) == Awards{0});
}

TEST_CASE("Sharing: every rule of the list on one example") {
  const std::vector<std::pair<SharingRule, Awards>> table = {
      {ShareProportionally{}, {29, 71}},
      {ShareByMargin{}, {60, 40}},
      {ShareFixed{{{"a", 1}, {"b", 3}}}, {25, 75}},
  };
  const std::vector<Resource> line = {{100, false}};
  const std::vector<Use> uses = {{0, 0, 1}, {1, 0, 1}};
  check_table<SharingRule, Awards>(table, [&](const SharingRule& rule, const Awards& expected) {
    const std::vector<Want> wants = {{60, 11, weight_of(rule, "a")},
                                     {150, 5, weight_of(rule, "b")}};
    CHECK(pieces(share(rule, wants, line, uses)) == expected);
  });
}

// --- forecasts and replenishment ----------------------------------------------------------------

TEST_CASE("Forecast: exponential smoothing of weekly rates") {
  Forecast f(ExponentialForecast{0.25}, 100);
  f.observe(400, 2);  // 200 a week
  CHECK(f.per_week() == doctest::Approx(125));
  CHECK(f.over(3) == doctest::Approx(375));
}

TEST_CASE("Forecast: Holt's trend follows a ramp and does not go below zero") {
  Forecast f(TrendForecast{0.5, 0.5}, 0);
  for (int week = 1; week <= 60; ++week) f.observe(10.0 * week, 1);
  CHECK(f.per_week() == doctest::Approx(600).epsilon(0.01));
  CHECK(f.over(4) == doctest::Approx(4 * 620).epsilon(0.01));
  for (int week = 60; week >= 0; --week) f.observe(10.0 * week, 1);
  CHECK(f.over(1000) >= 0);
  CHECK(f.over(1000) < 1000);
}

TEST_CASE("Forecast: a damped trend fades by phi a week, and what is expected stays finite") {
  // after one observation of 110: level 100 + 0.5 x 10, trend 0.5 x 5
  Forecast f(TrendForecast{0.5, 0.5, 0.5}, 100);
  f.observe(110, 1);
  CHECK(f.per_week() == doctest::Approx(105));
  // the trend of 2.5 goes on for the integral of 0.5^t; the level rises by 2.5 / ln 2 in the end
  const double ln2 = std::log(2.0);
  CHECK(f.over(1) == doctest::Approx(105 + 2.5 / ln2 * (1 - 0.5 / ln2)));
  CHECK(f.over(1001) - f.over(1000) == doctest::Approx(105 + 2.5 / ln2));
  // after a week without news the level is where it was expected, and half of the trend is left
  f.observe(105 + 2.5 * 0.5 / ln2, 1);
  CHECK(f.per_week() == doctest::Approx(105 + 2.5 * 0.5 / ln2));

  Forecast falling(TrendForecast{1, 1, 0.9}, 100);
  falling.observe(40, 1);  // level 40, trend -60: at zero before the trend has faded
  // 40 = 60 (1 - 0.9^t) / -ln 0.9 at t = ln(1 + 40 ln 0.9 / 60) / ln 0.9
  const double until = std::log(1 + 40 * std::log(0.9) / 60) / std::log(0.9);
  CHECK(falling.over(until) == doctest::Approx(falling.over(10 * until)));
  CHECK(falling.over(0.5) < falling.over(until));
  // almost no damping is almost no difference
  Forecast damped(TrendForecast{0.3, 0.2, 1 - 1e-9}, 50), straight(TrendForecast{0.3, 0.2}, 50);
  for (const double x : {60.0, 80.0, 70.0, 90.0}) {
    damped.observe(x, 2);
    straight.observe(x, 2);
  }
  CHECK(damped.over(30) == doctest::Approx(straight.over(30)).epsilon(1e-6));
}

/// One rate for some weeks from a day on, another afterwards.
struct TwoRates : PlannedDemand {
  sim::Time change = sim::Date{std::chrono::year{2026} / 1 / 15};
  double before = 0, after = 0;
  double per_week(sim::Time from) const override { return from < change ? before : after; }
  double over(sim::Time from, double weeks) const override {
    const double until_then = std::clamp(sim::to_weeks(change - from), 0.0, weeks);
    return before * until_then + after * (weeks - until_then);
  }
};

TEST_CASE("Forecast: a shared one follows the plan from the review on, and not the orders") {
  Forecast f(SharedForecast{}, 50);
  CHECK(f.over(2) == doctest::Approx(100));  // until there is a plan
  TwoRates plan;
  plan.before = 100;
  plan.after = 300;
  f.follow(plan, plan.change - 4 * sim::one_week);
  f.observe(1000, 1);
  CHECK(f.per_week() == 100);
  CHECK(f.over(3) == doctest::Approx(300));
  CHECK(f.over(6) == doctest::Approx(4 * 100 + 2 * 300));
  f.follow(plan, plan.change - 1 * sim::one_week);
  CHECK(f.over(6) == doctest::Approx(100 + 5 * 300));
  f.follow(plan, plan.change);
  CHECK(f.per_week() == 300);
}

TEST_CASE("Forecast: moving average of the latest reviews, constant for ever") {
  Forecast m(MovingAverageForecast{3}, 50);
  CHECK(m.per_week() == 50);
  for (const double x : {1.0, 2.0, 3.0, 4.0}) m.observe(x, 1);
  CHECK(m.per_week() == doctest::Approx(3));
  Forecast c(ConstantForecast{}, 50);
  c.observe(1000, 1);
  CHECK(c.per_week() == 50);
}

TEST_CASE("Forecast: every method of the list on one example") {
  const std::vector<std::pair<ForecastMethod, double>> table = {
      {ExponentialForecast{0.25}, 125}, {TrendForecast{0.5, 0.5}, 150},
      {MovingAverageForecast{}, 200},   {ConstantForecast{}, 100},
      {SharedForecast{}, 70},
  };
  check_table<ForecastMethod, double>(table,
                                      [](const ForecastMethod& method, const double& expected) {
                                        Forecast forecast(method, 100);
                                        TwoRates plan;
                                        plan.after = 70;
                                        CHECK(forecast.per_week() == 100);
                                        if (forecast.needs_plan())
                                          forecast.follow(plan, plan.change);
                                        forecast.observe(400, 2);
                                        CHECK(forecast.per_week() == doctest::Approx(expected));
                                        CHECK(forecast.over(0) == 0);
                                      });
}

double replenishment_quantity(const Replenishment& policy, const InventoryState& state,
                              const Forecast& forecast) {
  constexpr ReplenishmentNeeds all{StockFact::forecast, StockFact::lead_time,
                                   StockFact::review_period, StockFact::reviews_only,
                                   StockFact::downstream};
  return policy::replenishment_quantity<all>(policy, state, forecast);
}

TEST_CASE("Replenishment: every policy of the list on one example") {
  const std::vector<std::pair<Replenishment, double>> table = {
      {OrderUpTo{2, 52}, 15},
      {BaseStock{Pieces{60}}, 55},
      {AnchorAndAdjust{1, 1, 28}, 27},
      {EchelonBaseStock{Pieces{30}}, 3},
      {MinMax{Pieces{5}, Pieces{12}}, 7},
      {ReorderQuantity{Pieces{5}, Pieces{10}}, 10},
  };
  const InventoryState state{.on_hand = 4,
                             .pipeline = 3,
                             .backlog = 2,
                             .lead_weeks = 2,
                             .review_weeks = 1,
                             .downstream = 20};
  InventoryState full = state;
  full.on_hand = 1000;
  const Forecast four(ConstantForecast{}, 4);
  check_table<Replenishment, double>(
      table, [&](const Replenishment& policy, const double& expected) {
        CHECK(replenishment_quantity(policy, state, four) == doctest::Approx(expected));
        CHECK(replenishment_quantity(policy, full, four) == 0);
        CHECK_FALSE(misfit_of(policy));
      });
}

TEST_CASE("Replenishment: a maximum must be above the minimum") {
  const auto misfit = misfit_of(MinMax{Pieces{7}, Pieces{7}});
  REQUIRE(misfit);
  CHECK(misfit->key == "max_pieces");
  CHECK(misfit->why == "expected more than the minimum of 7, received 7");
}

TEST_CASE("Replenishment: order-up-to covers lead time, review and safety, up to the cap") {
  const Forecast f(ConstantForecast{}, 100);
  const InventoryState s{
      .on_hand = 200, .pipeline = 300, .backlog = 50, .lead_weeks = 4, .review_weeks = 1};
  // 100 x (4 + 1 + 2) + 50 - 200 - 300
  CHECK(replenishment_quantity(OrderUpTo{2, 52}, s, f) == doctest::Approx(250));
  CHECK(replenishment_quantity(OrderUpTo{2, 3}, s, f) == doctest::Approx(150));
  InventoryState full = s;
  full.on_hand = 1000;
  CHECK(replenishment_quantity(OrderUpTo{2, 52}, full, f) == 0);
}

TEST_CASE("Replenishment: base stock and anchor-and-adjust") {
  const Forecast f(ConstantForecast{}, 4);
  CHECK(replenishment_quantity(BaseStock{Pieces{60}}, {.on_hand = 40, .pipeline = 12}, f) == 8);
  CHECK(replenishment_quantity(BaseStock{Pieces{60}}, {.on_hand = 81}, f) == 0);
  // the retailer of the beer game in week 1: 4 + 1 x (28 - 12 - 12)
  const InventoryState low{.on_hand = 4, .pipeline = 3, .backlog = 2, .downstream = 20};
  CHECK(replenishment_quantity(MinMax{Pieces{5}, Pieces{12}}, low, f) == 7);  // at the minimum
  CHECK(replenishment_quantity(MinMax{Pieces{4}, Pieces{12}}, low, f) == 0);
  CHECK(replenishment_quantity(ReorderQuantity{Pieces{5}, Pieces{10}}, low, f) == 10);
  CHECK(replenishment_quantity(ReorderQuantity{Pieces{4}, Pieces{10}}, low, f) == 0);
  CHECK(replenishment_quantity(ReorderQuantity{Pieces{5}, Pieces{1}}, low, f) == 1);
  CHECK(replenishment_quantity(ReorderQuantity{Pieces{11}, Pieces{3}}, low, f) == 9);
  CHECK(replenishment_quantity(ReorderQuantity{Pieces{-2}, Pieces{4}}, {.backlog = 6}, f) == 8);
  CHECK(replenishment_quantity(EchelonBaseStock{Pieces{30}}, low, f) == 3);
  CHECK(replenishment_quantity(EchelonBaseStock{Pieces{20}}, low, f) == 0);
  CHECK(replenishment_quantity(AnchorAndAdjust{1, 1, 28},
                               {.on_hand = 12, .pipeline = 12, .review_weeks = 1}, f) == 8);
}

// --- needs --------------------------------------------------------------------------------------

// Who tells less than some policy of a list needs does not compile.
static_assert(!are_told<AllocationPolicy>(AllocationNeeds{BuyerFact::name, BuyerFact::premium}));
static_assert(!are_told<Replenishment>(ReplenishmentNeeds{
    StockFact::forecast, StockFact::lead_time, StockFact::review_period, StockFact::reviews_only}));
static_assert(!are_told<ForecastMethod>(ForecastNeeds{}));
static_assert(!are_told<SharingRule>(SharingNeeds{RecipeFact::name}));

TEST_CASE("Needs: a set of facts covers its parts") {
  constexpr ReplenishmentNeeds none{}, one{StockFact::downstream},
      two{StockFact::forecast, StockFact::downstream};
  CHECK(two.covers(one));
  CHECK_FALSE(one.covers(two));
  CHECK(one.covers(none));
  CHECK(needs(Replenishment{EchelonBaseStock{}}).has(StockFact::downstream));
  CHECK_FALSE(needs(Replenishment{BaseStock{}}).has(StockFact::downstream));
}

// --- splitting orders ---------------------------------------------------------------------------

Awards split(std::int64_t pieces, const std::vector<Quote>& quotes, double elasticity,
             std::int64_t lot = 1) {
  std::vector<double> owed(quotes.size(), 0);
  return split_order(pieces, quotes, elasticity, owed, lot);
}

TEST_CASE("Split: by weight, less to who is slow, and what is committed first") {
  CHECK(split(100, {{3, 4, 0}, {1, 2, 0}}, 0) == Awards{75, 25});
  CHECK(split(100, {{3, 4, 0}, {1, 2, 0}}, 1) == Awards{60, 40});
  CHECK(split(100, {{3, 4, 0}, {1, 2, 40}}, 0) == Awards{60, 40});
  CHECK(split(30, {{3, 4, 0}, {1, 2, 40}}, 0) == Awards{0, 30});
  CHECK(split(30, {{0, 4, 0}}, 0) == Awards{0});
  CHECK(split(30, {{0, 4, 20}}, 0) == Awards{20});
}

TEST_CASE("Split: whole lots to each seller") {
  CHECK(split(500, {{3, 4, 0}, {2, 4, 0}}, 0, 100) == Awards{300, 200});
  CHECK(split(100, {{3, 4, 0}, {2, 4, 0}}, 0, 100) == Awards{100, 0});
  // of 130 a lot goes first, the part of another only by its last call; where nobody else may be
  // ordered from at once
  CHECK(split(300, {{3, 4, 0}, {1, 4, 130}}, 0, 100) == Awards{200, 100});
  CHECK(split(300, {{3, 4, 0}, {1, 4, 130, 30}}, 0, 100) == Awards{200, 100});
  CHECK(split(300, {{3, 4, 0}, {1, 4, 130, 130}}, 0, 100) == Awards{100, 200});
  CHECK(split(100, {{0, 4, 0}, {0, 4, 30}}, 0, 100) == Awards{0, 100});
  CHECK(split(250, {{3, 4, 0}, {1, 4, 0}}, 0, 100) == Awards{150, 100});  // over-ordering
}

// A seller is committed to and has half of the weights: over ten orders of a piece it has five, or
// six if six are committed, whichever stands first.
TEST_CASE("Split: over time a seller has its share or what is committed, whichever is more") {
  const auto total = [](const std::vector<int>& committed, bool first) {
    std::vector<double> owed(2, 0);
    std::int64_t pieces = 0;
    for (const int due : committed) {
      std::vector<Quote> quotes(2, Quote{1, 1});
      quotes[first ? 0 : 1].committed = due;
      const auto parts = split_order(1, quotes, 0, owed);
      CHECK(parts[0] + parts[1] == 1);
      pieces += parts[first ? 0 : 1];
    }
    return pieces;
  };
  for (const bool first : {true, false}) {
    CHECK(total({1, 0, 0, 1, 0, 0, 1, 0, 0, 0}, first) == 5);
    CHECK(total({1, 0, 1, 0, 1, 1, 0, 1, 0, 1}, first) == 6);
  }
}

// Two of three are committed to and want one piece each of every one: by turns.
TEST_CASE("Split: who is committed to beyond the order has its part of it") {
  std::vector<double> owed(3, 0);
  std::vector<std::int64_t> total(3, 0);
  for (int i = 0; i < 10; ++i) {
    const std::vector<Quote> quotes{{1, 1, 1}, {1, 1, 0}, {1, 1, 1}};
    const auto parts = split_order(1, quotes, 0, owed);
    for (std::size_t s = 0; s < 3; ++s) total[s] += parts[s];
  }
  CHECK(total == Awards{5, 0, 5});
}

// --- over-ordering ------------------------------------------------------------------------------

TEST_CASE("Over-ordering: orders grow as the recent fill rate falls, up to the cap") {
  OverOrders orders(OverOrdering{.cap = 3, .sensitivity = 1, .memory_weeks = 8}, 100);
  CHECK(orders.factor() == 1);
  orders.observe(100, 100, 1);
  CHECK(orders.factor() == 1);
  OverOrders blank(OverOrdering{.cap = 3, .sensitivity = 1, .memory_weeks = 8}, 0);
  blank.observe(100, 50, 1);
  CHECK(blank.fill_rate() == 0.5);
  CHECK(blank.factor() == 2);
  CHECK(OverOrders(OverOrdering{}, 0).factor() == 1);  // nothing ordered is nothing missed
  OverOrders bold(OverOrdering{.cap = 3, .sensitivity = 2, .memory_weeks = 8}, 0);
  bold.observe(100, 80, 1);
  CHECK(bold.factor() == doctest::Approx(1 / 0.64));
  bold.observe(100, 0, 1);
  CHECK(bold.factor() == 3);
  OverOrders calm(OverOrdering{.cap = 3, .sensitivity = 0, .memory_weeks = 8}, 0);
  calm.observe(100, 0, 1);
  CHECK(calm.factor() == 1);
}

TEST_CASE("Over-ordering: excess is ordered, taken for new needs, cancelled, and never lost") {
  OverOrders orders(OverOrdering{.cap = 2, .sensitivity = 1, .memory_weeks = 1e9}, 0);
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
  OverOrders orders(OverOrdering{.cap = 1.5, .sensitivity = 1, .memory_weeks = 8}, 0);
  orders.observe(1, 0, 1);
  CHECK(orders.decide(Pieces{100}, Pieces{0}).order == Pieces{150});
  orders.give_up(Pieces{60}, Pieces{150});
  CHECK(orders.excess() == Pieces{30});
  orders.give_up(Pieces{90}, Pieces{90});
  CHECK(orders.excess() == Pieces{0});
}

// Half a piece is ordered beyond each single one that is needed: every other time a whole one.
TEST_CASE("Over-ordering: parts of a piece beyond small needs add up") {
  OverOrders orders(OverOrdering{.cap = 1.5, .sensitivity = 1, .memory_weeks = 8}, 0);
  orders.observe(1, 0, 1);
  std::vector<std::int64_t> ordered;
  Pieces outstanding{0};
  for (int i = 0; i < 4; ++i) {
    const Pieces pieces = orders.decide(Pieces{1}, outstanding).order;
    ordered.push_back(pieces.count());
    outstanding += pieces;
  }
  CHECK(ordered == std::vector<std::int64_t>{1, 2, 1, 2});
}

// The same in lots of 100: half a lot beyond each that is needed.
TEST_CASE("Over-ordering: who orders in lots orders more, takes and cancels in whole lots") {
  OverOrders orders(OverOrdering{.cap = 1.5, .sensitivity = 1, .memory_weeks = 8}, 0, Pieces{100});
  orders.observe(1, 0, 1);
  CHECK(orders.decide(Pieces{100}, Pieces{0}).order == Pieces{100});
  CHECK(orders.decide(Pieces{100}, Pieces{100}, Pieces{199}).order == Pieces{100});  // no room
  CHECK(orders.decide(Pieces{200}, Pieces{200}, Pieces{300}).order == Pieces{300});
  CHECK(orders.decide(Pieces{100}, Pieces{500}).order == Pieces{100});
  CHECK(orders.decide(Pieces{100}, Pieces{600}).order == Pieces{200});
  CHECK(orders.excess() == Pieces{200});
  // 30 of the excess were withdrawn with a part of the rest; all is filled now
  orders.give_up(Pieces{120}, Pieces{800});
  CHECK(orders.excess() == Pieces{170});
  orders.observe(0, 10000, 1);
  const auto d = orders.decide(Pieces{30}, Pieces{680});  // a part of a lot is no excess to take
  CHECK(d.order == Pieces{30});
  CHECK(d.cancel == Pieces{100});
  orders.cancelled(d.cancel);
  CHECK(orders.decide(Pieces{100}, Pieces{580}).order == Pieces{100});
  CHECK(orders.excess() == Pieces{70});
}

TEST_CASE("Over-ordering: of orders that are not served any more the needed part is wanted again") {
  OverOrders orders(OverOrdering{.cap = 2, .sensitivity = 1, .memory_weeks = 1e9}, 0);
  orders.observe(100, 0, 1);
  CHECK(orders.decide(Pieces{100}, Pieces{0}).order == Pieces{200});
  CHECK(orders.take_back(Pieces{50}, Pieces{200}) == Pieces{25});
  CHECK(orders.take_back(Pieces{150}, Pieces{150}) == Pieces{75});
  CHECK(orders.excess() == Pieces{0});
  CHECK(orders.fill_rate() == 1);  // as if they had not been ordered
}

// --- yield --------------------------------------------------------------------------------------

TEST_CASE("Yield: half of the gap closes in each halving, by weeks or by pieces") {
  const sim::Time start{};
  YieldLearning weeks;
  weeks.initial = 0.3;
  weeks.halving_weeks = 10;
  CHECK(mean_yield(0.7, weeks, start, start, 0) == doctest::Approx(0.3));
  CHECK(mean_yield(0.7, weeks, start + sim::one_week * 10, start, 0) == doctest::Approx(0.5));
  CHECK(mean_yield(0.7, weeks, start + sim::one_week * 20, start, 0) == doctest::Approx(0.6));
  CHECK(mean_yield(0.7, weeks, start - sim::one_week, start, 0) == doctest::Approx(0.3));
  YieldLearning by_pieces;
  by_pieces.initial = 0.3;
  by_pieces.halving_pieces = 1000;
  CHECK(mean_yield(0.7, by_pieces, start, start, 1000) == doctest::Approx(0.5));
  CHECK(mean_yield(0.7, std::nullopt, start, start, 0) == 0.7);
}

TEST_CASE("Yield: lots vary around the mean with the deviation that was asked for") {
  double sum = 0, squares = 0;
  constexpr int n = 4000;
  for (int i = 0; i < n; ++i) {
    const double y = lot_yield(0.6, 0.05, (i + 0.5) / n);
    CHECK_MESSAGE((y > 0 && y < 1), y);
    sum += y;
    squares += y * y;
  }
  CHECK(sum / n == doctest::Approx(0.6).epsilon(1e-3));
  CHECK(std::sqrt(squares / n - sum / n * sum / n) == doctest::Approx(0.05).epsilon(0.01));
  CHECK(lot_yield(1.0, 0.05, 0.3) == 1.0);
  CHECK(lot_yield(0.6, 0.0, 0.3) == 0.6);
  CHECK(lot_yield(0.6, 1e-12, 0.3) == doctest::Approx(0.6));
  CHECK(lot_yield(1 - 1e-12, 0.05, 0.3) == 1 - 1e-12);
}

TEST_CASE("Trigger: fires after it has held for long enough, so often, with a wait between") {
  Trigger trigger({.for_weeks = 3, .at_most = 2, .wait_weeks = 5});
  std::vector<int> fired;
  for (int week = 1; week <= 20; ++week) {
    const bool holds = week != 2;  // not at the second look
    if (trigger.look(holds, 1)) fired.push_back(week);
  }
  CHECK(fired == std::vector<int>{5, 10});  // 3, 4, 5; then held since 6, but the wait is to 10

  Trigger at_once({.for_weeks = 0, .at_most = 3, .wait_weeks = 0});
  CHECK_FALSE(at_once.look(false, 1));
  CHECK(at_once.look(true, 1));
  CHECK(at_once.look(true, 1));
  CHECK(at_once.look(true, 1));
  CHECK_FALSE(at_once.look(true, 1));
}

TEST_CASE("Conversion: capacity goes where it earns more, by a share of what it earns") {
  CHECK(earns_more(10, 12, 0.2));
  CHECK_FALSE(earns_more(10, 11.9, 0.2));
  CHECK_FALSE(earns_more(10, 10, 0));
  CHECK(earns_more(-10, -7, 0.3));  // a loss that is smaller by 30 %
  CHECK_FALSE(earns_more(-10, -8, 0.3));
  CHECK(earns_more(0, 0.01, 5));
}

}  // namespace
}  // namespace optichain::models::policy
