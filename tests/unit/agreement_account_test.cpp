// The account of an agreement alone, with one channel along which its buyer calls by hand. Every
// number is worked out in the comment above it.
#include "models/agreement/agreement_account.hpp"

#include <cmath>

#include "tests/unit/trade_parts.hpp"

namespace optichain::models {
namespace {

// 20 chips a week at 8 USD instead of 10, paid for whether they are taken or not.
const std::string agreed_depot = R"(
name: depot and shop
start: 2024-01-01
end: 2024-12-29
items: {chip: {price_usd: 10}}
sites:
  depot: {sells: {chip: {}}, stocks: {chip: {initial_pieces: 1000}}}
  shop: {sells: {chip: {}}, buys: {chip: {from: {depot: {}}}}}
customers:
  buyer: {demand: {chip: {pieces_per_week: 1, from: {shop: {}}}}}
agreements:
  lta:
    {seller: depot, buyer: shop, item: chip, from: 2024-01-01, until: 2024-01-28, settled: week,
     pieces_per_week: 20, upside: 0.5, take_or_pay: 1, reservation: soft, price: {fixed: {usd: 8}}}
)";

struct Agreed : TradeParts {
  explicit Agreed(const std::vector<std::string>& changes = {})
      : TradeParts(agreed_depot, changes) {
    put("depot.chip", 1000);
    shop.add(account.call_off(0), nullptr);
    account.begin();
    settle();
  }
  void go_to_day(int day) { kernel.run_until(catalog.begin() + std::chrono::days{day}); }
  std::int64_t counted(std::string_view measure) const {
    return meters.total(meters.of(measures::of(measures::Group::agreements, "lta"))(measure));
  }

  trade::Channel& shop = channel("shop<depot.chip");
  agreement::AgreementDates dates{kernel};
  agreement::AgreementAccount account{services, real, dates, AgreementId{0}, {&shop}, {}};
};

TEST_CASE("Agreement: a week's volume may be called, then its upside, the rest is ordinary") {
  Agreed a;
  CHECK(a.shop.committed() == Pieces{20});
  a.order("shop<depot.chip", 35);
  CHECK(a.counted("called") == 30);
  CHECK(a.shop.committed() == Pieces{0});
  CHECK(a.shop.open_calls(AgreementId{0}) == Pieces{30});
  CHECK(a.account.entitled(0) == Pieces{30});
  a.shop.ship(0, Pieces{35});
  // 30 at 8 USD and 5 at 10
  CHECK(a.counted("delivered") == 30);
  CHECK(a.counted("cash_to_seller") == 240'000'000);
  CHECK(a.meters.total(a.shop.meters().spend) == 290'000'000);
}

TEST_CASE("Agreement: what is not called is paid for at the end of the week") {
  Agreed a;
  a.order("shop<depot.chip", 15);
  a.shop.ship(0, Pieces{15});
  a.go_to_day(7);
  // 15 delivered and 5 not called, at 8 USD
  CHECK(a.counted("committed") == 20);
  CHECK(a.counted("shortfall_buyer") == 5);
  CHECK(a.counted("take_or_pay") == 40'000'000);
  CHECK(a.counted("cash_to_seller") == 160'000'000);
  // the next week has a volume of its own; after four weeks there is none
  CHECK(a.shop.committed() == Pieces{20});
  a.go_to_day(28);
  CHECK(a.shop.committed() == Pieces{0});
  CHECK(a.counted("committed") == 80);
}

TEST_CASE("Agreement: its value is stated in dollars of the first day of the scenario") {
  Agreed a({"agreements.lta.buyer_cost_of_capital=0.1", "agreements.lta.take_or_pay=0"});
  a.go_to_day(14);
  a.order("shop<depot.chip", 10);
  a.shop.ship(0, Pieces{10});
  // worth 100 USD and paid 80 two weeks after the first day
  const double expected = 20 / std::pow(1.1, 14 / 365.25);
  CHECK(static_cast<double>(a.counted("npv_buyer")) == doctest::Approx(expected * 1e6));
  CHECK(a.counted("npv_seller") == -20'000'000);
}

// One chip a week, for two shops alike: by turns, the first by name first.
TEST_CASE("Agreement: takers have their parts of volumes of single pieces over the weeks") {
  struct TwoTakers : TradeParts {
    TwoTakers()
        : TradeParts(R"(
name: depot and two shops
start: 2024-01-01
end: 2024-12-29
items: {chip: {price_usd: 10}}
sites:
  depot: {sells: {chip: {}}, stocks: {chip: {initial_pieces: 1000}}}
  east: {sells: {chip: {}}, buys: {chip: {from: {depot: {}}}}}
  west: {sells: {chip: {}}, buys: {chip: {from: {depot: {}}}}}
customers:
  buyer: {demand: {chip: {pieces_per_week: 1, from: {east: {}, west: {}}}}}
agreements:
  lta:
    {seller: depot, buyer: buyer, item: chip, through: {east: 1, west: 1}, from: 2024-01-01,
     until: 2024-12-29, settled: week, pieces_per_week: 1, reservation: soft}
)") {
      east.add(account.call_off(0), nullptr);
      west.add(account.call_off(1), nullptr);
      account.begin();
      settle();
    }
    trade::Channel& east = channel("east<depot.chip");
    trade::Channel& west = channel("west<depot.chip");
    agreement::AgreementDates dates{kernel};
    agreement::AgreementAccount account{services, real, dates, AgreementId{0}, {&east, &west}, {}};
  };
  TwoTakers t;
  for (int week = 0; week < 6; ++week) {
    CAPTURE(week);
    t.kernel.run_until(t.catalog.begin() + std::chrono::weeks{week});
    CHECK(t.east.committed() == Pieces{week % 2 == 0 ? 1 : 0});
    CHECK(t.west.committed() == Pieces{week % 2 == 0 ? 0 : 1});
  }
}

}  // namespace
}  // namespace optichain::models
