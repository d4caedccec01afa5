// What a chain in its steady state begins with, worked out by hand.
#include "models/network/steady_start.hpp"

#include <map>
#include <numeric>

#include "tests/model/run_text.hpp"

namespace optichain::models {
namespace {

using Words = std::vector<std::string>;
/// Pieces, and in how many days.
using UnderWay = std::vector<std::pair<std::int64_t, int>>;

/// A maker that keeps so many lamps in all, and sells 70 a week.
std::string maker(const std::string& items, const std::string& recipes, const std::string& sells,
                  const std::string& stocks = "{}", const std::string& kept = "500") {
  return "name: steady\nstart: 2024-01-01\nend: 2025-12-28\ninitial: steady\n" + items +
         "sites:\n  maker:\n    recipes: " + recipes + "\n    sells: {lamp: {" + sells +
         "replenish: {base_stock: {level_pieces: " + kept + "}}}}\n    stocks: " + stocks +
         "\ncustomers: {public: {demand: {lamp: {pieces_per_week: 70, from: {maker: {}}}}}}\n";
}
const std::string one_item = "items: {lamp: {}}\n";

/// The beginning of a scenario; `needs` a week, by name of the stock point.
struct Beginning {
  Beginning(const std::string& yaml, const std::map<std::string, double>& needs)
      : loaded(scenario::scenario_from_text(yaml, "test.yaml")), catalog(loaded.scenario) {
    std::vector<double> by_stock;
    for (const auto& s : catalog.stocks) by_stock.push_back(needs.at(s.name));
    const state::Realisation real(catalog);
    there = network::opening_state(catalog, real, by_stock);
  }
  std::int64_t stock(const std::string& name) const {
    return there.stock[position(catalog.stocks, name)].count();
  }
  UnderWay lots(const std::string& name) const {
    return days(there.lots[position(catalog.recipes, name)]);
  }
  UnderWay shipments(const std::string& name) const {
    return days(there.shipments[position(catalog.channels, name)]);
  }

  scenario::LoadedScenario loaded;
  Catalog catalog;
  network::OpeningState there;

 private:
  template <class Entries>
  static std::size_t position(const Entries& entries, const std::string& name) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (entries[i].name == name) return i;
    }
    FAIL("no " << name);
    return 0;
  }
  static UnderWay days(const std::vector<InitialPieces>& all) {
    UnderWay list;
    for (const InitialPieces& some : all) {
      list.emplace_back(some.pieces.count(), static_cast<int>(some.in_days));
    }
    return list;
  }
};

// Of two weeks in process the lot of a week ago is there in a week; that of two weeks ago is there.
// Before the 70 of the first day are taken, stock and lot make up the 500.
TEST_CASE("Steady start: no more is there than there is room for") {
  const auto begins = [](const std::string& stocks) {
    return Beginning(maker(one_item, "{make: {makes: lamp, cycle_days: 14}}", "", stocks),
                     {{"maker.lamp", 70}});
  };
  const Beginning freely = begins("{}");
  CHECK(freely.lots("maker.make") == UnderWay{{70, 7}});
  CHECK(freely.stock("maker.lamp") == 430);
  const Beginning narrow = begins("{lamp: {room_pieces: 300}}");
  CHECK(narrow.lots("maker.make") == UnderWay{{70, 7}});
  CHECK(narrow.stock("maker.lamp") == 230);
  const Beginning tiny = begins("{lamp: {room_pieces: 50}}");
  CHECK(tiny.lots("maker.make").empty());
  CHECK(tiny.stock("maker.lamp") == 50);
}

// The 250 are of all lamps together: 150 red ones, of which 42 are in process, and 100 blue ones,
// of which 28 are.
TEST_CASE("Steady start: of a family each variant has its part of what is kept") {
  const std::string yaml =
      maker("families: {lamp: {}}\nitems: {red: {family: lamp}, blue: {family: lamp}}\n",
            "{a: {makes: red, cycle_days: 14}, b: {makes: blue, cycle_days: 14}}",
            "mix: {red: 0.6, blue: 0.4}, ", "{}", "250");
  const Beginning family(yaml, {{"maker.red", 42}, {"maker.blue", 28}});
  CHECK(family.lots("maker.a") == UnderWay{{42, 7}});
  CHECK(family.lots("maker.b") == UnderWay{{28, 7}});
  CHECK(family.stock("maker.red") == 108);
  CHECK(family.stock("maker.blue") == 72);
  const world::Results r = run_loaded(family.loaded);
  CHECK(series(r, "recipes.maker.a", "started") == std::vector<double>(104, 42));
  CHECK(series(r, "recipes.maker.b", "started") == std::vector<double>(104, 28));
}

TEST_CASE("Steady start: two recipes of an item have begun what their shares say") {
  const std::string recipes =
      "{a: {makes: lamp, share: 0.6, cycle_days: 14}, b: {makes: lamp, share: 0.4, cycle_days: 7}}";
  const Beginning both(maker(one_item, recipes, ""), {{"maker.lamp", 70}});
  CHECK(both.lots("maker.a") == UnderWay{{42, 7}});
  CHECK(both.lots("maker.b").empty());  // what began a week ago is there
  CHECK(both.stock("maker.lamp") == 458);
  const world::Results r = run_loaded(both.loaded);
  CHECK(series(r, "recipes.maker.a", "started") == std::vector<double>(104, 42));
  CHECK(series(r, "recipes.maker.b", "started") == std::vector<double>(104, 28));
}

// 42 each come in one, two and three weeks from the slow one, 28 in a week from the quick one: of
// 154 there is room for 100. What comes in a week are 70, and 30 more are in stock.
TEST_CASE("Steady start: for want of room the latest is left out, of whatever recipe") {
  for (const auto& [slow, quick] : {std::pair{"a", "b"}, std::pair{"b", "a"}}) {
    const std::string recipes = std::string("{") + slow +
                                ": {makes: lamp, share: 0.6, cycle_days: 28}, " + quick +
                                ": {makes: lamp, share: 0.4, cycle_days: 14}}";
    const Beginning begins(maker(one_item, recipes, "", "{lamp: {room_pieces: 100}}"),
                           {{"maker.lamp", 70}});
    CHECK(begins.lots(std::string("maker.") + slow) == UnderWay{{42, 7}});
    CHECK(begins.lots(std::string("maker.") + quick) == UnderWay{{28, 7}});
    CHECK(begins.stock("maker.lamp") == 30);
  }
}

// The 40 that the scenario begins with stay, whatever there is room for beside them.
TEST_CASE("Steady start: what the scenario says itself is not left out") {
  const std::string recipes =
      "{a: {makes: lamp, share: 0.6, cycle_days: 28, initial_lots: [{pieces: 40, in_days: 25}]}, "
      "b: {makes: lamp, share: 0.4, cycle_days: 14}}";
  const Beginning begins(maker(one_item, recipes, "", "{lamp: {room_pieces: 50}}"),
                         {{"maker.lamp", 70}});
  CHECK(begins.lots("maker.a") == UnderWay{{40, 25}});
  CHECK(begins.lots("maker.b").empty());
  CHECK(begins.stock("maker.lamp") == 10);
}

// What was ordered one, two and three weeks ago is on its way for three weeks: 210, which are two
// lots; that of three weeks ago would have been 70 of a lot, that of two weeks ago 140.
TEST_CASE("Steady start: who orders in lots has ordered lots") {
  const Beginning begins(R"(
name: steady
start: 2024-01-01
end: 2024-12-29
initial: steady
items: {good: {}}
sites:
  mine:
    continuous_review: true
    sells: {good: {}}
    stocks: {good: {initial_pieces: 10000}}
  shop:
    buys:
      good:
        from: {mine: {}}
        replenish: {reorder_quantity: {reorder_pieces: 300, quantity_pieces: 100}}
    sells: {good: {}}
lanes: {way: {from: mine, to: shop, transit_days: 21}}
customers: {public: {demand: {good: {pieces_per_week: 70, from: {shop: {}}}}}}
)",
                         {{"mine.good", 70}, {"shop.good", 70}});
  CHECK(begins.shipments("shop<mine.good") == UnderWay{{100, 7}, {100, 14}});
}

}  // namespace
}  // namespace optichain::models
