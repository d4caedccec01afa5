// A channel alone: no agents, only a kernel, books, and somebody who orders and ships by hand.
// Every number is worked out in the comment above it.
#include "tests/unit/trade_parts.hpp"

namespace optichain::models {
namespace {

// Orders are two days in the mail, chips seven on the way. A chip costs 10 USD.
const std::string depot_and_shop = R"(
name: depot and shop
start: 2024-01-01
end: 2024-12-29
items: {chip: {price_usd: 10}}
sites:
  depot: {sells: {chip: {}}, stocks: {chip: {initial_pieces: 1000}}}
  shop: {sells: {chip: {}}, buys: {chip: {from: {depot: {order_delay_days: 2}}}}}
lanes:
  way:
    transit_days: 7
    freight_usd_per_piece: 0.5
    freight_usd_per_shipment: 20
    express: {transit_days: 1, usd_per_piece: 3}
customers:
  buyer: {demand: {chip: {pieces_per_week: 1, from: {shop: {}}}}}
)";
const std::string source = "sites.shop.buys.chip.from.depot";

/// The channel from the depot to the shop.
struct Trade : TradeParts {
  explicit Trade(const std::vector<std::string>& changes = {})
      : TradeParts(depot_and_shop, changes) {
    put("depot.chip", 1000);
  }
  void go_to_day(int day) { kernel.run_until(catalog.begin() + std::chrono::days{day}); }
  std::int64_t counted(std::string_view measure) const {
    return meters.total(
        meters.of(measures::of(measures::Group::channels, "shop<depot.chip"))(measure));
  }
  std::int64_t micro_usd(std::string_view party, std::string_view measure) const {
    return meters.total(meters.of(*measures::Entity::parse(party))(measure));
  }

  trade::Channel& shop = channel("shop<depot.chip");
};

TEST_CASE("Channel: an order is in the mail, open, on its way and received") {
  Trade t;
  CHECK(t.shop.way_weeks() == doctest::Approx(9 / 7.0));
  t.shop.order(Pieces{30});
  CHECK(t.shop.in_mail() == Pieces{30});
  CHECK(t.shop.open() == Pieces{0});
  CHECK(t.shop.claim(0) == Pieces{0});

  t.go_to_day(2);
  CHECK(t.shop.in_mail() == Pieces{0});
  CHECK(t.shop.claim(0) == Pieces{30});
  CHECK(t.shop.take_intake() == Pieces{30});
  CHECK(t.shop.take_intake() == Pieces{0});

  t.go_to_day(3);
  t.shop.ship(0, Pieces{20});
  CHECK(t.shop.not_shipped() == Pieces{10});
  CHECK(t.shop.in_transit() == Pieces{20});
  CHECK(t.shop.on_order() == Pieces{30});
  CHECK(t.on_hand("depot.chip") == 980);

  t.go_to_day(9);
  CHECK(t.on_hand("shop.chip") == 0);
  t.go_to_day(10);
  CHECK(t.on_hand("shop.chip") == 20);
  CHECK(t.shop.on_order() == Pieces{10});
  CHECK(t.counted("ordered") == 30);
  CHECK(t.counted("shipped") == 20);
  CHECK(t.counted("received") == 20);
  // ordered on day 0 and received on day 10
  CHECK(t.counted("lead_time") == 20 * 10 * 86400);
}

TEST_CASE("Channel: goods are paid at the price of the day, transport by the piece and shipment") {
  Trade t({source + ".premium=0.2", source + ".order_usd=4"});
  t.shop.order(Pieces{30});
  t.go_to_day(2);
  t.shop.ship(0, Pieces{20});
  // 20 at 12 USD; the depot pays 20 for the shipment and 20 x 0.50 for its pieces
  CHECK(t.counted("spend") == 240'000'000);
  CHECK(t.micro_usd("sites.shop", "purchases") == 240'000'000);
  CHECK(t.micro_usd("sites.depot", "sales") == 240'000'000);
  CHECK(t.micro_usd("sites.depot", "freight_cost") == 30'000'000);
  CHECK(t.micro_usd("sites.shop", "ordering_cost") == 4'000'000);
}

TEST_CASE("Channel: the oldest orders are filled first, and withdrawn by their age") {
  Trade t;
  t.shop.order(Pieces{10});
  t.go_to_day(5);
  t.shop.order(Pieces{10});
  t.go_to_day(7);
  t.shop.ship(0, Pieces{4});  // ordered seven days ago
  CHECK(t.counted("lead_time") == 4 * 14 * 86400);
  // six of day 0 are left, and those of day 5 are younger
  CHECK(t.shop.withdraw_ordered_before(t.catalog.begin()) == Pieces{6});
  CHECK(t.shop.open() == Pieces{10});
  // of those that came last three are given up
  CHECK(t.shop.cancel_newest(Pieces{3}) == Pieces{3});
  CHECK(t.shop.open() == Pieces{7});
  CHECK(t.shop.cancel_newest(Pieces{100}) == Pieces{7});
  CHECK(t.counted("withdrawn") == 6);
  CHECK(t.counted("cancelled") == 10);
}

TEST_CASE("Channel: what is late goes express, the rest of the shipment the usual way") {
  Trade t({source + ".expedite={when_late_days: 5, paid_by: buyer}"});
  t.shop.order(Pieces{10});
  t.go_to_day(3);
  t.shop.order(Pieces{10});
  t.go_to_day(5);
  // the order of day 0 is five days old, that of day 3 is not
  t.shop.ship(0, Pieces{15});
  t.go_to_day(6);
  CHECK(t.on_hand("shop.chip") == 10);
  t.go_to_day(12);
  CHECK(t.on_hand("shop.chip") == 15);
  CHECK(t.counted("expedited") == 10);
  CHECK(t.counted("lead_time") == (10 * 6 + 5 * 9) * 86400);
  CHECK(t.micro_usd("sites.shop", "expediting_cost") == 30'000'000);
  CHECK(t.micro_usd("sites.depot", "freight_cost") == 22'500'000);
}

TEST_CASE("Channel: a quota lets a part of what was usual through, week by week") {
  // 100 in the two weeks before: 50 a week were usual, 25 a week are allowed from day 14 on.
  Trade t(
      {"programs.control={export_control: {from: 2024-01-15, until: 2024-03-31, effect: {quota: "
       "{left: 0.5, base_weeks: 2}}}}"});
  t.shop.order(Pieces{500});
  t.go_to_day(2);
  t.shop.ship(0, Pieces{100});
  t.go_to_day(14);
  CHECK(t.shop.claim(0) == Pieces{0});
  t.go_to_day(28);
  CHECK(t.shop.claim(0) == Pieces{50});
  t.shop.ship(0, Pieces{30});
  CHECK(t.shop.claim(0) == Pieces{20});
  t.go_to_day(35);
  CHECK(t.shop.claim(0) == Pieces{45});
}

TEST_CASE("Channel: a licence takes its time, with every shipment under control") {
  Trade t(
      {"programs.control={export_control: {from: 2024-01-15, until: 2024-01-28, effect: {delay: "
       "{days: 21}}}}"});
  CHECK(t.shop.way_weeks() == doctest::Approx(9 / 7.0));
  t.shop.order(Pieces{20});
  t.go_to_day(14);
  CHECK(t.shop.way_weeks() == doctest::Approx(30 / 7.0));
  t.shop.ship(0, Pieces{10});
  t.go_to_day(28);
  t.shop.ship(0, Pieces{10});  // after the end
  t.go_to_day(35);
  CHECK(t.on_hand("shop.chip") == 10);
  t.go_to_day(41);
  CHECK(t.on_hand("shop.chip") == 10);
  t.go_to_day(42);
  CHECK(t.on_hand("shop.chip") == 20);
}

TEST_CASE("Channel: what stands still on the way arrives later by as long, or waits at the door") {
  Trade t(
      {"programs.storm={disruption: {site: shop, pauses: transit, when: {dated: {from: "
       "2024-12-01, days: 1}}}}"});
  t.shop.order(Pieces{10});
  t.go_to_day(2);
  t.shop.ship(0, Pieces{10});  // due on day 9
  t.go_to_day(3);
  t.pauses.begin(SiteId{1}, Activity::transit);
  t.go_to_day(5);
  t.pauses.end(SiteId{1}, Activity::transit);
  t.go_to_day(10);
  CHECK(t.shop.in_transit() == Pieces{10});
  t.pauses.begin(SiteId{1}, Activity::receipts);
  t.go_to_day(11);  // at the door
  CHECK(t.shop.in_transit() == Pieces{10});
  t.go_to_day(14);
  t.pauses.end(SiteId{1}, Activity::receipts);
  t.go_to_day(14);
  CHECK(t.on_hand("shop.chip") == 10);
  CHECK(t.counted("lead_time") == 10 * 14 * 86400);
}

/// An agreement that still has a volume and an upside, and remembers what it is told.
struct Promise final : trade::CallOff {
  AgreementId agreement() const override { return AgreementId{0}; }
  Pieces still_to_call() override { return volume; }
  bool ends_before(sim::Time) const override { return false; }
  Pieces upside_left() override { return upside; }
  void call(Pieces pieces) override {
    const Pieces from_volume = std::min(pieces, volume);
    volume -= from_volume;
    upside -= pieces - from_volume;
  }
  void note_withdrawn(Pieces pieces) override { withdrawn += pieces; }
  Money deliver(Pieces pieces, double spot_usd) override {
    delivered += pieces;
    spot = spot_usd;
    return usd(7 * to_double(pieces));
  }
  Pieces volume{20}, upside{5}, withdrawn{0}, delivered{0};
  double spot = 0;
};
struct Follower final : trade::Arrivals {
  void arrive(Pieces pieces) override { arrived += pieces; }
  Pieces arrived{0};
};

TEST_CASE("Channel: an order is called on an agreement first, its volume and then its upside") {
  Trade t;
  Promise promise;
  Follower follower;
  t.shop.add(promise, &follower);
  CHECK(t.shop.committed() == Pieces{20});
  t.shop.order(Pieces{40});
  CHECK(promise.volume == Pieces{0});
  CHECK(promise.upside == Pieces{0});
  t.go_to_day(2);
  CHECK(t.shop.open() == Pieces{40});
  CHECK(t.shop.open_calls(AgreementId{0}) == Pieces{25});
  // what is called is firm: only the 15 others can be cancelled
  CHECK(t.shop.cancel_newest(Pieces{40}) == Pieces{15});

  // 10 on the agreement at 7 USD apiece; the spot price is 10
  t.shop.ship(0, Pieces{10}, AgreementId{0});
  CHECK(promise.delivered == Pieces{10});
  CHECK(promise.spot == 10);
  CHECK(t.counted("spend") == 70'000'000);
  t.go_to_day(9);
  CHECK(follower.arrived == Pieces{10});
  CHECK(t.shop.open_calls(AgreementId{0}) == Pieces{15});
  CHECK(t.shop.withdraw_ordered_before(t.services.now()) == Pieces{15});
  CHECK(promise.withdrawn == Pieces{15});
}

TEST_CASE("Channel: calls on an agreement that has ended are ordinary orders") {
  Trade t;
  Promise promise;
  t.shop.add(promise, nullptr);
  t.shop.order(Pieces{20});
  t.go_to_day(2);
  t.shop.release_calls(AgreementId{0});
  CHECK(t.shop.open_calls(AgreementId{0}) == Pieces{0});
  t.shop.ship(0, Pieces{20});
  CHECK(promise.delivered == Pieces{0});
  CHECK(t.counted("spend") == 200'000'000);
}

}  // namespace
}  // namespace optichain::models
