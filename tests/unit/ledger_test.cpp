// Each law, broken on purpose: the ledger must notice, and say which.
#include "models/books/ledger.hpp"

#include <doctest/doctest.h>

#include "models/books/accounts.hpp"
#include "models/scenario/load.hpp"

namespace optichain::models {
namespace {

struct Books {
  scenario::LoadedScenario loaded = scenario::scenario_from_text(R"(
name: two sites
start: 2024-01-01
end: 2024-12-31
items: {part: {}, thing: {}}
sites:
  supplier: {sells: {part: {}}, stocks: {part: {initial_pieces: 10}}}
  maker:
    lines: {line: {capacity_per_week: 70}}
    recipes: {make: {makes: thing, inputs: {part: 1}, line: line}}
    sells: {thing: {}}
    buys: {part: {from: {supplier: {}}}}
customers:
  buyer: {demand: {thing: {pieces_per_week: 1, from: {maker: {}}}}}
)");
  Catalog catalog{loaded.scenario};
  sim::Kernel kernel{catalog.begin()};
  books::Ledger ledger{catalog, kernel, {sim::Curve(70.0 / 604800).graph()}};

  // by name order: maker.part, maker.thing, supplier.part; maker<supplier.part, buyer<maker.thing
  StockId maker_part{0}, maker_thing{1}, supplier_part{2};
  ChannelId part_channel{0}, thing_channel{1};
  RecipeId make{0};

  books::Ledger::Observed observed() const {
    books::Ledger::Observed o;
    o.stock.resize(3);
    o.in_process.resize(1);
    o.in_transit.resize(2);
    o.open.resize(2);
    o.waiting.resize(1);
    o.cash.resize(4);
    return o;
  }
};

TEST_CASE("Ledger: a shipment needs an order") {
  Books b;
  b.ledger.put_initial(b.supplier_part, Pieces{10});
  b.ledger.order(b.part_channel, Pieces{4});
  b.ledger.ship(b.part_channel, b.supplier_part, Pieces{3});
  CHECK_THROWS_WITH_AS(b.ledger.ship(b.part_channel, b.supplier_part, Pieces{2}),
                       "law broken: 2 pieces shipped to maker<supplier.part without an order",
                       sim::Error);
}

TEST_CASE("Ledger: stock does not fall below zero") {
  Books b;
  b.ledger.put_initial(b.supplier_part, Pieces{3});
  b.ledger.order(b.part_channel, Pieces{4});
  CHECK_THROWS_WITH_AS(b.ledger.ship(b.part_channel, b.supplier_part, Pieces{4}),
                       "law broken: 4 pieces shipped at supplier.part, where there are 3",
                       sim::Error);
  CHECK_THROWS_AS(b.ledger.use_input(b.maker_part, Pieces{1}), sim::Error);
}

TEST_CASE("Ledger: nothing arrives, finishes or is withdrawn that was not there") {
  Books b;
  CHECK_THROWS_AS(b.ledger.arrive(b.part_channel, b.supplier_part, Pieces{1}), sim::Error);
  CHECK_THROWS_AS(b.ledger.finish_lot(b.make, Pieces{1}, Pieces{0}), sim::Error);
  CHECK_THROWS_AS(b.ledger.withdraw(b.part_channel, Pieces{1}), sim::Error);
  b.ledger.begin_lot(b.make, Pieces{5});
  CHECK_THROWS_WITH_AS(b.ledger.finish_lot(b.make, Pieces{6}, Pieces{-1}),
                       "law broken: a lot of maker.make gave 6 good pieces and -1 scrap",
                       sim::Error);
}

TEST_CASE("Ledger: a line does no more work than its capacity allowed") {
  Books b;
  b.kernel.run_until(b.catalog.start() + sim::one_week);
  b.ledger.do_work(LineId{0}, 70);
  CHECK_THROWS_WITH_AS(b.ledger.do_work(LineId{0}, 0.01),
                       "law broken: line maker.line has done 70.01 of work where 70 was possible",
                       sim::Error);
}

TEST_CASE("Ledger: work is held against what every capacity allowed in its time") {
  Books b;
  const auto weeks = [&](int n) { return b.catalog.start() + n * sim::one_week; };
  const auto per_week = [](double work) { return sim::Curve(work / 604800).graph(); };
  b.kernel.run_until(weeks(1));
  b.ledger.change_capacity(LineId{0}, per_week(0));
  b.kernel.run_until(weeks(3));
  b.ledger.change_capacity(LineId{0}, per_week(140));
  b.kernel.run_until(weeks(4));
  b.ledger.do_work(LineId{0}, 210);
  CHECK_THROWS_WITH_AS(b.ledger.do_work(LineId{0}, 0.01),
                       "law broken: line maker.line has done 210.01 of work where 210 was possible",
                       sim::Error);
}

TEST_CASE("Ledger: every way of the pieces closes, and what the agents say is held against it") {
  Books b;
  auto& l = b.ledger;
  l.put_initial(b.supplier_part, Pieces{10});
  l.order(b.part_channel, Pieces{8});
  l.ship(b.part_channel, b.supplier_part, Pieces{6});
  l.arrive(b.part_channel, b.supplier_part, Pieces{5});
  l.use_input(b.maker_part, Pieces{4});
  l.begin_lot(b.make, Pieces{4});
  l.finish_lot(b.make, Pieces{2}, Pieces{1});
  l.want(DemandId{0}, Pieces{2});
  l.order(b.thing_channel, Pieces{2});
  l.ship(b.thing_channel, b.maker_thing, Pieces{1});
  l.arrive(b.thing_channel, b.maker_thing, Pieces{1});
  l.withdraw(b.thing_channel, Pieces{1});
  l.pay(PartyId{0}, PartyId{1}, usd(12.5));
  l.pay(PartyId{1}, l.outside(), usd(3));

  auto o = b.observed();
  o.stock = {Pieces{1}, Pieces{1}, Pieces{4}};
  o.in_process = {Pieces{1}};
  o.in_transit = {Pieces{1}, Pieces{0}};
  o.open = {Pieces{2}, Pieces{0}};
  o.cash = {usd(-12.5), usd(9.5), usd(0), usd(3)};
  CHECK_NOTHROW(l.audit(o));
  CHECK(l.cash(PartyId{0}) == usd(-12.5));
  CHECK(l.cash(PartyId{1}) == usd(9.5));

  auto wrong = o;
  wrong.stock[0] = Pieces{2};
  CHECK_THROWS_WITH_AS(l.audit(wrong), "law broken: maker.part has 2 pieces, by the ledger 1",
                       sim::Error);
  wrong = o;
  wrong.in_process[0] = Pieces{0};
  CHECK_THROWS_AS(l.audit(wrong), sim::Error);
  wrong = o;
  wrong.in_transit[0] = Pieces{0};
  CHECK_THROWS_AS(l.audit(wrong), sim::Error);
  wrong = o;
  wrong.open[0] = Pieces{3};
  CHECK_THROWS_AS(l.audit(wrong), sim::Error);
  wrong = o;
  wrong.cash[1] = usd(9.4);
  CHECK_THROWS_WITH_AS(
      l.audit(wrong),
      "law broken: supplier has 9400000 micro-dollars by its accounts, by the ledger 9500000",
      sim::Error);
}

TEST_CASE("Ledger: what is wanted is ordered, waits or was given up") {
  Books b;
  auto& l = b.ledger;
  const DemandId things{0};
  l.want(things, Pieces{7});
  l.order(b.thing_channel, Pieces{4});
  auto o = b.observed();
  o.open[1] = Pieces{4};
  o.waiting[0] = Pieces{3};
  CHECK_NOTHROW(l.audit(o));
  o.waiting[0] = Pieces{2};
  CHECK_THROWS_WITH_AS(l.audit(o),
                       "law broken: buyer.thing wanted 7 pieces, 0 of them again, and ordered 0 "
                       "beyond its need; 4 are "
                       "ordered, 2 wait for somebody to order from and 0 were given up",
                       sim::Error);
  l.give_up(things, Pieces{1});
  CHECK_NOTHROW(l.audit(o));

  // two more than needed are ordered, and one of them is taken for what is wanted next
  l.order(b.thing_channel, Pieces{2});
  l.order_beyond_need(things, Pieces{2});
  l.want(things, Pieces{1});
  l.order_beyond_need(things, Pieces{-1});
  o.open[1] = Pieces{6};
  CHECK_NOTHROW(l.audit(o));
  CHECK_THROWS_WITH_AS(l.order_beyond_need(things, Pieces{-2}),
                       "law broken: buyer.thing has ordered 1 pieces less than it needs",
                       sim::Error);
}

TEST_CASE("Accounts: what is counted now and paid later is due in between, at both ends") {
  Books b;
  books::Meters meters;
  books::Accounts accounts(b.catalog, b.kernel, b.ledger, meters);
  const PartyId maker{0}, supplier{1};
  accounts.pay(maker, supplier, books::Account::goods, usd(5));
  accounts.pay_outside(supplier, books::Account::holding, usd(1));
  accounts.pay_at(b.catalog.start() + sim::one_day, sim::Phase{0}, maker, supplier,
                  books::Account::goods, usd(2));
  const auto total = [&](const char* entity, const char* measure) {
    return meters.total(meters.of(*measures::Entity::parse(entity))(measure));
  };
  CHECK(total("sites.maker", "purchases") == 7'000'000);
  CHECK(total("sites.supplier", "sales") == 7'000'000);
  CHECK(total("outside", "holding_cost") == 1'000'000);
  CHECK(accounts.payable(maker) == usd(2));
  CHECK(accounts.receivable(supplier) == usd(2));
  auto o = b.observed();
  o.cash = accounts.cash();
  CHECK(o.cash == std::vector<Money>{usd(-5), usd(4), usd(0), usd(1)});
  CHECK_NOTHROW(b.ledger.audit(o));

  b.kernel.run_until(b.catalog.start() + sim::one_week);
  CHECK(accounts.payable(maker) == usd(0));
  o.cash = accounts.cash();
  CHECK(o.cash == std::vector<Money>{usd(-7), usd(6), usd(0), usd(1)});
  CHECK_NOTHROW(b.ledger.audit(o));
}

TEST_CASE("Accounts: amounts that cannot be counted are said with whose they are") {
  Books b;
  books::Meters meters;
  books::Accounts accounts(b.catalog, b.kernel, b.ledger, meters);
  const PartyId maker{0}, supplier{1};
  const auto pay = [&] { accounts.pay(maker, supplier, books::Account::goods, usd(5e12)); };
  pay();  // twice is 1e19 micro-dollars
  CHECK_THROWS_WITH_AS(
      pay(), "purchases of sites.maker is beyond 9.2e18: the scenario's numbers are too large",
      sim::Error);
}

TEST_CASE("Ledger: the fingerprint follows every entry") {
  const auto print = [](int pieces) {
    auto books = std::make_unique<Books>();
    books->ledger.put_initial(books->supplier_part, Pieces{pieces});
    return books->ledger.fingerprint();
  };
  const std::string ten = print(10);
  CHECK(ten.size() == 16);
}

}  // namespace
}  // namespace optichain::models
