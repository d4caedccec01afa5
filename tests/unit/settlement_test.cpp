// The pure parts of agreements, without a clock: prices, one period's settlement, sharing in
// layers.
#include "models/agreement/settlement.hpp"

#include <doctest/doctest.h>

#include "models/agreement/discount.hpp"
#include "models/policy/contract_price.hpp"
#include "models/policy/layers.hpp"

namespace optichain::models {
namespace {

constexpr std::int64_t dollar = 1'000'000;

Pieces pieces(std::int64_t count) {
  return Pieces{count};
}

TEST_CASE("Contract price: each kind") {
  const sim::Time now{};
  CHECK(policy::contract_price(policy::SpotPrice{}, now, {.spot = 7}) == 7);
  CHECK(policy::contract_price(policy::FixedPrice{Curve(5.0)}, now, {.spot = 7}) == 5);
  CHECK(policy::contract_price(policy::DiscountedPrice{0.25}, now, {.spot = 8}) == 6);
  const policy::CollaredPrice collar{4, 6};
  CHECK(policy::contract_price(collar, now, {.spot = 7}) == 6);
  CHECK(policy::contract_price(collar, now, {.spot = 5}) == 5);
  CHECK(policy::contract_price(collar, now, {.spot = 3}) == 4);
  // the index doubles and a quarter of it is passed on: 10 x 1.25
  const policy::IndexedPrice indexed{10, {}, 0.25};
  CHECK(policy::contract_price(indexed, now, {.index = 6, .index_first = 3}) == 12.5);
  CHECK(policy::contract_price(indexed, now, {.index = 6, .index_first = 0}) == 10);
}

TEST_CASE("Settlement: the minimum is paid for, damages for the rest of the volume") {
  Agreement terms;
  terms.take_or_pay = 0.75;
  terms.buyer_damages = 0.5;
  agreement::Banks banks;
  // of 100 pieces at 2 USD 60 are called: 15 are paid for, 25 cost half of their price
  const agreement::Settlement s = agreement::settle(
      terms, {.committed = pieces(100), .called = pieces(60), .price_usd = 2}, banks);
  CHECK(s.shortfall_buyer == pieces(40));
  CHECK(s.take_or_pay == Money{30 * dollar});
  CHECK(s.buyer_damages == Money{25 * dollar});
  CHECK(banks.make_up.total() == pieces(0));  // no window
}

TEST_CASE("Settlement: make-up is beyond the minimum, oldest first, until its window closes") {
  Agreement terms;
  terms.take_or_pay = 1;
  terms.make_up_periods = 2;
  agreement::Banks banks;
  const auto period = [&](std::int64_t called) {
    return agreement::settle(
        terms, {.committed = pieces(100), .called = pieces(called), .price_usd = 1}, banks);
  };
  CHECK(period(70).take_or_pay == Money{30 * dollar});
  CHECK(period(90).take_or_pay == Money{10 * dollar});
  CHECK(banks.make_up.total() == pieces(40));
  CHECK(period(125).make_up == Money{25 * dollar});
  CHECK(banks.make_up.total() ==
        pieces(10));  // 5 of the 30 have gone: their window was two periods
  CHECK(period(100).make_up == Money{0});
  CHECK(banks.make_up.total() == pieces(0));
}

TEST_CASE("Settlement: carry-forward counts what was called beyond the volume, once") {
  Agreement terms;
  terms.take_or_pay = 1;
  terms.carry_forward_periods = 3;
  agreement::Banks banks;
  const auto paid = [&](std::int64_t called) {
    return agreement::settle(
               terms, {.committed = pieces(100), .called = pieces(called), .price_usd = 1}, banks)
        .take_or_pay;
  };
  CHECK(paid(130) == Money{0});
  CHECK(paid(80) == Money{0});
  CHECK(banks.carried.total() == pieces(10));
  CHECK(paid(80) == Money{10 * dollar});
  CHECK(paid(80) == Money{20 * dollar});
}

TEST_CASE("Settlement: a piece is late in one period only, and withdrawn calls count as late") {
  Agreement terms;
  terms.seller_damages = 0.1;
  agreement::Banks banks;
  const auto shortfall = [&](const agreement::PeriodRecord& record) {
    return agreement::settle(terms, record, banks).shortfall_seller;
  };
  CHECK(shortfall({.called = pieces(50), .delivered = pieces(20), .owed_after = pieces(30)}) ==
        pieces(30));
  // the 30 are delivered first, of the next 50 only 10
  CHECK(shortfall({.called = pieces(50),
                   .delivered = pieces(40),
                   .owed_before = pieces(30),
                   .owed_after = pieces(40)}) == pieces(40));
  // nothing new is called and 25 of the 40 are late once more: no new shortfall
  CHECK(shortfall({.delivered = pieces(15), .owed_before = pieces(40), .owed_after = pieces(25)}) ==
        pieces(0));
  CHECK(shortfall({.called = pieces(8), .withdrawn = pieces(8)}) == pieces(8));
}

TEST_CASE("Layers: what is reserved comes first, what it keeps is lost to others") {
  const std::vector<policy::Want> wants = {{.pieces = 100}, {.pieces = 100}};
  const std::vector<policy::Resource> line = {{100, true}};
  const std::vector<policy::Use> uses = {{0, 0, 1}, {1, 0, 1}};
  const auto pieces_of = [&](const std::vector<policy::Want>& w,
                             const policy::ReservedStarts& first) {
    const policy::LayeredGrants g = policy::share_in_layers(
        policy::ShareProportionally{}, w, std::vector{first, policy::ReservedStarts{}}, line, uses);
    CHECK(g.grants[0].pieces + g.grants[1].pieces + static_cast<std::int64_t>(g.kept[0]) <= 100);
    return std::vector<std::int64_t>{g.grants[0].pieces, g.grants[1].pieces, g.given_away[0],
                                     g.given_away[1]};
  };
  using List = std::vector<std::int64_t>;
  CHECK(pieces_of(wants, {}) == List{50, 50, 0, 0});
  // 70 first; the rest of 30 is shared as 30 and 100 are wanted
  CHECK(pieces_of(wants, {.soft = 70}) == List{77, 23, 0, 27});
  // 20 are wanted of 70: the other 50 of a hard reservation are lost
  const std::vector<policy::Want> little = {{.pieces = 20}, {.pieces = 100}};
  CHECK(pieces_of(little, {.soft = 70}) == List{20, 80, 0, 3});
  CHECK(pieces_of(little, {.hard = 70}) == List{20, 30, 0, 53});
}

TEST_CASE("Discounting: a dollar in two years at a tenth a year") {
  const sim::Date day{std::chrono::year(2026) / 7 / 1};
  const agreement::Discount discount{.per_year = 0.1, .to = day};
  CHECK(discount.after(2) == doctest::Approx(1 / 1.21));
  // four years with a leap day are four times 365.25 days
  CHECK(discount.at(sim::Date{std::chrono::year(2030) / 7 / 1}) ==
        doctest::Approx(1 / (1.21 * 1.21)));
  CHECK(discount.at(day) == 1);
  const agreement::Discount none{.per_year = 0, .to = day};
  CHECK(none.after(7) == 1);
}

}  // namespace
}  // namespace optichain::models
