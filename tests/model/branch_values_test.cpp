// What an option changes acts from the day of the decision on, in full, and leaves the past as it
// was: a steady world in which everything a week can be said beforehand.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "tests/model/branch_run.hpp"

namespace optichain::models {
namespace {

using std::chrono_literals::operator""y;
constexpr Date date{2026y / 1 / 5};  // a Monday: a week begins

// 700 modules a week, half of each kind, of 700 lasers a week, half from each fab. Nothing is
// scarce and nothing is random.
const std::string steady = R"(name: Steady
start: 2025-01-06
end: 2026-12-27
families: {module: {}}
items:
  laser: {price_usd: 10}
  eml: {family: module, price_usd: 100}
  siph: {family: module, price_usd: 100}
sites:
  fab_a: &fab
    recipes: {grow: {makes: laser, cycle_days: 7}}
    sells: {laser: {}}
  fab_b: *fab
  maker:
    recipes:
      eml: {makes: eml, inputs: {laser: 1}, cycle_days: 7}
      siph: {makes: siph, inputs: {laser: 1}, cycle_days: 7}
    sells: {module: {mix: {eml: 1, siph: 1}}}
    buys:
      laser:
        from: {fab_a: {share: 1}, fab_b: {share: 1}}
        replenish: {order_up_to: {safety_weeks: 2}}
customers:
  cloud: {demand: {module: {pieces_per_week: 700, from: {maker: {}}}}}
)";
const std::string moving = steady +
                           "migrations: {siph: {of: module, to: [siph], share: {given: "
                           "{share: 0.5}}}}\n";

struct Pair {
  world::Results before, after;
};

/// The past gone on with, and the same past with other values from the date on; checks that no week
/// before it differs.
Pair changed(const std::string& yaml, const std::vector<std::string>& changes) {
  const scenario::LoadedScenario past = scenario::scenario_from_text(yaml, "steady.yaml", {});
  auto results = branches(past, {past, scenario::scenario_from_text(yaml, "steady.yaml", changes)},
                          date, {1, 0});
  Pair pair{std::move(results[0]), std::move(results[1])};
  std::size_t weeks = 0;
  for (const world::Series& s : pair.after.series) {
    const auto there = series(pair.before, s.entity.text(), s.measure);
    for (std::size_t w = 0; pair.after.weeks[w] < sim::Time{date}; ++w) {
      REQUIRE(s.values[w] == (there.empty() ? 0 : there[w]));
      ++weeks;
    }
  }
  CHECK(weeks >= 52 * pair.before.series.size());
  CHECK(pair.before.fingerprint != pair.after.fingerprint);
  return pair;
}

/// A week, in the mean over twenty weeks of the last year in which all has settled.
double weekly(const world::Results& results, const std::string& entity,
              const std::string& measure) {
  const auto values = series(results, entity, measure);
  REQUIRE(values.size() >= 100);
  return std::accumulate(values.end() - 22, values.end() - 2, 0.0) / 20;
}

TEST_CASE("Branch: another mix is delivered from the date on") {
  const auto [before, after] = changed(steady, {"sites.maker.sells.module.mix={eml: 3, siph: 1}"});
  CHECK(weekly(before, "stocks.maker.eml", "shipped") == 350);
  CHECK(weekly(after, "stocks.maker.eml", "shipped") == 525);
  CHECK(weekly(after, "stocks.maker.siph", "shipped") == 175);
}

TEST_CASE("Branch: another price is paid from the date on") {
  const auto [before, after] = changed(steady, {"sites.maker.sells.module.price_usd=120"});
  CHECK(weekly(before, "channels.cloud<maker.module", "spend") == 700 * 100);
  CHECK(weekly(after, "channels.cloud<maker.module", "spend") == 700 * 120);
}

TEST_CASE("Branch: another premium is paid to its seller alone") {
  const auto [before, after] = changed(steady, {"sites.maker.buys.laser.from.fab_a.premium=0.2"});
  CHECK(weekly(before, "channels.maker<fab_a.laser", "spend") == 350 * 10);
  CHECK(weekly(after, "channels.maker<fab_a.laser", "spend") == 350 * 12);
  CHECK(weekly(after, "channels.maker<fab_b.laser", "spend") == 350 * 10);
}

TEST_CASE("Branch: other shares of sellers divide the orders from the date on") {
  const auto [before, after] = changed(steady, {"sites.maker.buys.laser.from.fab_a.share=3"});
  CHECK(weekly(before, "channels.maker<fab_a.laser", "ordered") == 350);
  CHECK(weekly(after, "channels.maker<fab_a.laser", "ordered") == 525);
  CHECK(weekly(after, "channels.maker<fab_b.laser", "ordered") == 175);
  CHECK(weekly(after, "channels.maker<fab_a.laser", "received") == 525);
}

TEST_CASE("Branch: a higher stock is bought once, from the date on") {
  const auto [before, after] =
      changed(steady, {"sites.maker.buys.laser.replenish={order_up_to: {safety_weeks: 10}}"});
  CHECK(weekly(after, "channels.maker<fab_a.laser", "received") ==
        weekly(before, "channels.maker<fab_a.laser", "received"));
  // eight weeks more of 700 pieces; each level is brought up to the next whole piece
  CHECK(std::abs(weekly(after, "stocks.maker.laser", "on_hand") -
                 weekly(before, "stocks.maker.laser", "on_hand") - 8 * 700) <= 1);
}

TEST_CASE("Branch: another migration moves what is delivered from the date on") {
  const auto [before, after] = changed(moving, {"migrations.siph.share={given: {share: 0.8}}"});
  CHECK(weekly(before, "stocks.maker.siph", "shipped") == 350);
  CHECK(weekly(after, "stocks.maker.siph", "shipped") == 560);
  CHECK(weekly(after, "stocks.maker.eml", "shipped") == 140);
}

TEST_CASE("Branch: several values at once act together") {
  const auto [before, after] = changed(
      steady, {"sites.maker.sells.module.price_usd=120", "sites.fab_b.recipes.grow.yield=0.5",
               "sites.maker.buys.laser.from.fab_b.share=3"});
  CHECK(weekly(after, "channels.cloud<maker.module", "spend") == 700 * 120);
  CHECK(weekly(after, "channels.maker<fab_b.laser", "received") == 525);
  CHECK(weekly(before, "recipes.fab_b.grow", "started") == 350);
  // half of them are good; pieces are whole
  CHECK(weekly(after, "recipes.fab_b.grow", "started") == doctest::Approx(1050).epsilon(0.001));
}

}  // namespace
}  // namespace optichain::models
