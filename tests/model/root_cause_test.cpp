// Root causes, worked out by hand.
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "models/causes/kinds.hpp"
#include "tests/model/run_text.hpp"
#include "tests/model/small_worlds.hpp"

namespace optichain::models {
namespace {

/// Pieces of the whole run by cause: kind/item/where.
std::map<std::string, std::int64_t> causes_of(const world::Results& results) {
  std::map<std::string, std::int64_t> found;
  for (const causes::Trace& t : results.traces.back()) {
    if (causes::is_cause(t.to)) found[t.to] += t.pieces;
  }
  std::erase_if(found, [](const auto& cause) { return cause.second == 0; });
  return found;
}

std::int64_t handed_on(const world::Results& results, const std::string& from,
                       const std::string& to) {
  for (const causes::Trace& t : results.traces.back()) {
    if (t.from == from && t.to == to) return t.pieces;
  }
  return 0;
}

// Three tiers, nothing takes time but looking at orders once a week, and base stocks of 0:
// everything is made to order. Customers want 60 a week from `deep`, which needs an isolator each;
// an isolator needs a garnet; garnets grow at 50 a week. They want 40 from `flat`, whose bench
// makes 30.
constexpr const char* three_tiers = R"(
name: three tiers
start: 2024-01-01
end: 2024-05-19
items: {garnet: {}, isolator: {}, module: {}}
sites:
  grower:
    lines: {furnace: {capacity_per_week: 50}}
    recipes: {grow: {makes: garnet, line: furnace}}
    sells: {garnet: {replenish: &to_order {base_stock: {level_pieces: 0}}}}
  assembler:
    recipes: {build: {makes: isolator, inputs: {garnet: 1}}}
    sells: {isolator: {replenish: *to_order}}
    buys: {garnet: {from: {grower: {}}, replenish: *to_order}}
  deep:
    recipes: {build: {makes: module, inputs: {isolator: 1}}}
    sells: {module: {replenish: *to_order}}
    buys: {isolator: {from: {assembler: {}}, replenish: *to_order}}
  flat:
    lines: {bench: {capacity_per_week: 30}}
    recipes: {build: {makes: module, line: bench}}
    sells: {module: {replenish: *to_order}}
customers:
  cloud:
    demand:
      module:
        pieces_per_week: 100
        from: {deep: {share: 60}, flat: {share: 40}}
)";

// Of the 20 orders of 40, `flat` has met 19 x 30 at the last of its reviews: 230 are missing, 30 of
// them in process and 200 waiting for the bench.
//
// An order placed at review k with `deep` is looked at by `deep` at once, by the assembler at k + 1
// and by the grower at k + 2; its garnets are shipped at k + 3, isolators at k + 4, modules at k
// + 5. So 15 x 50 of 20 x 60 are shipped and 450 are missing. Behind them stand at the end 50
// modules made at the last review; with the assembler 50 isolators made then and 60 orders that it
// has not looked at; with the grower 50 garnets in the furnace and 60 orders not looked at; and
// what waited for the furnace since its first look at review 2: 18 x 10.
TEST_CASE("Root causes: three tiers worked out by hand") {
  const world::Results results = run_text(three_tiers);
  const std::map<std::string, std::int64_t> expected = {
      {"capacity/garnet/grower.furnace", 180}, {"capacity/module/flat.bench", 200},
      {"lead_time/garnet/grower.garnet", 110}, {"lead_time/isolator/assembler.isolator", 110},
      {"lead_time/module/deep.module", 50},    {"lead_time/module/flat.module", 30}};
  CHECK(causes_of(results) == expected);
  CHECK(metric(results, "market.unmet.all") == 680);
  CHECK(metric(results, "causes.capacity.garnet.unmet.all") == 180);
  CHECK(metric(results, "causes.lead_time.module.unmet.all") == 80);

  // the way back to the furnace
  CHECK(handed_on(results, "cloud.module", "deep.module") == 450);
  CHECK(handed_on(results, "deep.module", "deep.isolator") == 400);
  CHECK(handed_on(results, "deep.isolator", "assembler.isolator") == 400);
  CHECK(handed_on(results, "assembler.isolator", "assembler.garnet") == 290);
  CHECK(handed_on(results, "assembler.garnet", "grower.garnet") == 290);
}

TEST_CASE("Root causes: pieces that come after all are taken off what they had waited for") {
  // After ten weeks the furnace makes 80 a week, and what waited for it is worked off.
  const world::Results results = run_text(
      three_tiers, {"sites.grower.lines.furnace.capacity_per_week={steps: {2024-01-01: 50, "
                    "2024-03-11: 80}}",
                    "end=2024-12-29"});
  const auto found = causes_of(results);
  CHECK(found.count("capacity/garnet/grower.furnace") == 0);
  CHECK(found.at("capacity/module/flat.bench") == 52 * 10);
  // in the first quarter it had been to blame: at reviews 2 to 9
  CHECK(metric(results, "causes.capacity.garnet.unmet.2024Q1") > 0);
}

TEST_CASE("Root causes: of two inputs that lack, the one that takes longer is to blame") {
  // Lasers are short: 20 a week for 60. Housings would be there, but are ordered only as modules
  // are started, so that they lack at every review, too.
  const world::Results results = run_text(R"(
name: two inputs
start: 2024-01-01
end: 2024-12-29
items: {laser: {}, housing: {}, module: {}}
sites:
  fab:
    lines: {line: {capacity_per_week: 20}}
    recipes: {make: {makes: laser, line: line}}
    sells: {laser: {}}
  warehouse:
    sells: {housing: {}}
    stocks: {housing: {initial_pieces: 1000000}}
  maker:
    recipes: {build: {makes: module, inputs: {laser: 1, housing: 1}}}
    sells: {module: {}}
    buys:
      laser: {from: {fab: {}}}
      housing: {from: {warehouse: {}}, replenish: {base_stock: {level_pieces: 0}}}
customers:
  cloud: {demand: {module: {pieces_per_week: 60, from: {maker: {}}}}}
)");
  const auto found = causes_of(results);
  double all = 0;
  for (const auto& [name, pieces] : found) all += static_cast<double>(pieces);
  // 40 of 60 a week wait for the line from its second review on; nothing else is to blame but time
  CHECK(static_cast<double>(found.at("capacity/laser/fab.line")) > 0.9 * all);
}

TEST_CASE("Root causes: an export control on an item that is sold under a family's name") {
  // The fab has nothing, so what the maker ordered in two weeks is open when the control begins.
  const world::Results results = run_text(R"(
name: control
start: 2024-01-01
end: 2024-03-31
families: {lasers: {in_market: false}}
items: {module: {}, laser: {family: lasers}}
sites:
  fab: {sells: {lasers: {}}, stocks: {laser: {initial_pieces: 0}}}
  maker:
    recipes: {build: {makes: module, inputs: {laser: 1}}}
    sells: {module: {}}
    buys: {laser: {from: {fab: {}}}}
customers:
  cloud: {demand: {module: {pieces_per_week: 10, from: {maker: {}}}}}
programs:
  ban: {export_control: {from: 2024-01-15, items: [laser]}}
)");
  const auto found = causes_of(results);
  std::int64_t all = 0;
  for (const auto& [name, pieces] : found) all += pieces;
  CHECK(all == 13 * 10);
  CHECK(found.at("program/lasers/ban") > 0);
}

/// A world, and the causes of all pieces that are missing at its end, worked out by hand.
struct Worked {
  const char* what;
  std::string yaml;
  std::vector<std::string> changes;
  std::map<std::string, std::int64_t> causes;
};

/// A fab that makes what is ordered by the next Monday, and ten Mondays on which 100 are wanted.
const std::string fab = R"(
name: fab
start: 2024-01-01
end: 2024-03-10
items: {chip: {}}
sites:
  fab:
    recipes: {chip: {makes: chip}}
    sells: {chip: {replenish: {base_stock: {level_pieces: 0}}}}
customers: {buyer: {demand: {chip: {pieces_per_week: 100, from: {fab: {}}}}}}
)";

/// A depot has all that is wanted on ten Mondays, and more.
const std::string depot = R"(
name: depot
start: 2024-01-01
end: 2024-03-10
items: {chip: {}}
sites:
  depot: {region: east, sells: {chip: {}}, stocks: {chip: {initial_pieces: 100000}}}
customers:
  buyer: {region: west, demand: {chip: {pieces_per_week: 100, from: {depot: {}}}}}
)";

const std::vector<Worked>& worked_worlds() {
  static const std::vector<Worked> worlds = {
      // What an outage cost waits for the capacity of the line ever after. The line makes 100 of
      // 100 a week, but a quarter in four weeks: 4 x 75 pieces wait for it from then on, and 100
      // are in process.
      {"a line that was out",
       fab,
       {"sites.fab.lines={wafers: {capacity_per_week: 100, outages: {fire: {from: 2024-01-29, "
        "until: 2024-02-25, left: 0.25}}}}",
        "sites.fab.recipes.chip.line=wafers"},
       {{"capacity/chip/fab.wafers", 300}, {"lead_time/chip/fab.chip", 100}}},
      // No more than 60 are started: 40 a week wait, and the tenth 60 are in process.
      {"a recipe that cannot be started as often",
       fab,
       {"sites.fab.recipes.chip.max_starts_per_week=60"},
       {{"limit/chip/fab.chip", 400}, {"lead_time/chip/fab.chip", 60}}},
      // 300 are there, and nobody makes or buys others.
      {"a depot that is not supplied",
       depot,
       {"sites.depot.stocks.chip.initial_pieces=300"},
       {{"supply/chip/depot.chip", 700}}},
      // The only seller may be ordered from next year.
      {"a buyer without a seller",
       depot,
       {"customers.buyer.demand.chip.from.depot={from: 2025-01-01}"},
       {{"qualification/chip/buyer.chip", 1000}}},
      // In force on the last two of ten Mondays: what is wanted then waits to be ordered.
      {"an export control",
       depot,
       {"programs={licence: {export_control: {from: 2024-02-26, until: 2024-03-10}}}"},
       {{"program/chip/licence", 200}}},
      // On ten Mondays alpha gets 80 and beta 20 of 100: beta would have had them all.
      {"pieces that went to the holder of an agreement instead",
       agreed,
       {},
       {{"reserved/chip/lta", 800}, {"capacity/chip/fab.wafers", 200}}},
      // Each week 80 chips and 20 parts of 100 each are started. Nine lots are shipped, the tenth
      // is in process. 80 parts a week wait for the agreement, 20 chips for the line.
      {"starts that made room for an agreement",
       agreed,
       {"sites.fab.recipes.part={makes: part, line: wafers}",
        "sites.fab.sharing={fixed: {shares: {part: 1}}}",
        "sites.fab.sells.part={replenish: {base_stock: {level_pieces: 0}}}",
        "sites.fab.stocks.chip.initial_pieces=0",
        "customers.beta.demand={part: {pieces_per_week: 100, from: {fab: {}}}}",
        "sites.fab.sells.chip={replenish: {base_stock: {level_pieces: 0}}}"},
       {{"reserved/part/lta", 800},
        {"lead_time/part/fab.part", 20},
        {"capacity/chip/fab.wafers", 200},
        {"lead_time/chip/fab.chip", 80}}},
      // A chip takes ten weeks. An order waits half a week on average until it is looked at, and
      // pieces half a week until they are shipped: eleven weeks. From March 11, a Monday, 200 a
      // week are wanted instead of 100, and nobody knew: of the orders of eleven Mondays half was
      // not foreseen. Of the 3200 wanted in all, those of the first eleven Mondays are shipped.
      {"demand that is revised at shorter notice than a way takes",
       fab,
       {"end=2024-05-26", "sites.fab.recipes.chip.cycle_days=70",
        "customers.buyer.demand.chip.revisions={doubled: {announced: 2024-03-11, from: 2024-03-11, "
        "factor: 2}}"},
       {{"revision/chip/buyer.chip", 1100}, {"lead_time/chip/fab.chip", 900}}},
      // The fab starts nothing before it owes 2000.
      {"a maker that waits for a larger lot",
       fab,
       {"sites.fab.sells.chip.replenish={min_max: {min_pieces: -2000, max_pieces: 0}}"},
       {{"planning/chip/fab.chip", 1000}}},
      // 50 that were ordered before the beginning are shipped beside all that is wanted.
      {"orders from before",
       depot,
       {"customers.buyer.demand.chip.from.depot={initial_orders: [{pieces: 50, in_days: 0}]}"},
       {{"earlier/chip/buyer.chip", -50}}},
  };
  return worlds;
}

TEST_CASE("Root causes: a world for each kind of cause, worked out by hand") {
  std::set<std::string> shown;
  for (const Worked& world : worked_worlds()) {
    INFO(world.what);
    CHECK(causes_of(run_text(world.yaml, world.changes)) == world.causes);
    for (const auto& [name, pieces] : world.causes) shown.insert(causes::cause_name(name).kind);
  }
  for (const causes::KindRow& row : causes::kind_rows) {
    CHECK_MESSAGE(shown.contains(std::string(row.word)), "no world is missing pieces for ",
                  row.word);
  }
}

}  // namespace
}  // namespace optichain::models
