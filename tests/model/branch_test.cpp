// Options that branch from a common past: nothing before the date depends on them, and a branch is
// the run of the option's scenario, to the byte.
#include <algorithm>
#include <fstream>
#include <sstream>

#include "sim/base/hash.hpp"
#include "tests/model/branch_run.hpp"

namespace optichain::models {
namespace {

using std::chrono_literals::operator""y;
constexpr Date date{2026y / 1 / 1};

std::string agreements_yaml() {
  std::ostringstream text;
  text << std::ifstream(OPTICHAIN_SOURCE_DIR "/scenarios/agreements/agreements.yaml").rdbuf();
  return text.str();
}

scenario::LoadedScenario scenario(const std::vector<std::string>& changes) {
  return scenario::scenario_from_text(agreements_yaml(), "agreements.yaml", changes);
}

const std::vector<std::string> spot = {"agreements.north_lasers=~"};

/// An agreement of South's, from a day on, beside or instead of North's.
std::vector<std::string> signing(const std::string& from, const std::string& more = "") {
  return {"agreements.north_lasers=~",
          "agreements.a_first={seller: fab, buyer: south, item: laser, from: " + from +
              ", until: 2026-12-31, pieces_per_week: 500, price: {fixed: {usd: 11}}, "
              "take_or_pay: 0.9" +
              more + "}"};
}

world::Results plain(const scenario::LoadedScenario& loaded) {
  const Catalog catalog(loaded.scenario);
  const auto outcome = sim::run_jobs(1, {.jobs = 1}, [&](std::size_t) {
    return world::pack(world::World(catalog, {1, 3}).run());
  });
  REQUIRE_MESSAGE(outcome[0].status == sim::Outcome::Status::done, outcome[0].text);
  return world::unpack(outcome[0].text);
}

/// An option without fork: one process that runs to the date, takes it and goes on.
world::Results turned(const scenario::LoadedScenario& past,
                      const scenario::LoadedScenario& option) {
  world::BranchPoint point(past.scenario, {option.scenario}, date);
  const auto outcome = sim::run_jobs(1, {.jobs = 1}, [&](std::size_t) {
    world::World world(point.catalog(), {1, 3});
    world.run_until(point.moment_before());
    point.take(0, world);
    return world::pack(world.run());
  });
  REQUIRE_MESSAGE(outcome[0].status == sim::Outcome::Status::done, outcome[0].text);
  return world::unpack(outcome[0].text);
}

void check_same(const world::Results& a, const world::Results& b) {
  CHECK(a.fingerprint == b.fingerprint);
  REQUIRE(a.metrics.size() == b.metrics.size());
  for (std::size_t m = 0; m < a.metrics.size(); ++m) {
    REQUIRE(a.metrics[m].entity == b.metrics[m].entity);
    REQUIRE(a.metrics[m].measure == b.metrics[m].measure);
  }
  CHECK(a.series.size() == b.series.size());
  CHECK(world::pack(a) == world::pack(b));
  CHECK(world::hash_of(a) == sim::hash_text(world::pack(a)));
}

TEST_CASE("Branch: an option is the run of its scenario from the beginning, to the byte") {
  const scenario::LoadedScenario past = scenario(spot);
  const std::vector<scenario::LoadedScenario> options = {
      scenario(spot), scenario(signing("2026-01-01")),
      scenario(signing("2026-03-15",
                       ", settled: month, reservation: hard, prepayment: {payments: "
                       "[{on: 2026-01-20, usd: 30000}], credited: {invoices: {}}}")),
      scenario({"agreements.north_lasers=~",
                "sites.south.sells.module.price_usd={steps: "
                "{2025-01-01: 100, 2026-01-01: 120}}"}),
      scenario({"agreements.north_lasers=~",
                "programs.more={expansion: {site: fab, line: wafers, adds_per_week: 700, decided: "
                "2026-02-03, lead_days: 40, ramp_days: 30, cost_usd: 5000}}"})};
  const auto results = branches(past, options, date, {1, 3});
  REQUIRE(results.size() == options.size());
  for (std::size_t o = 0; o < options.size(); ++o) {
    CAPTURE(o);
    check_same(results[o], plain(options[o]));
  }
}

TEST_CASE(
    "Branch: an agreement that has begun stays, and others settle with it in the same order") {
  const scenario::LoadedScenario past = scenario({"agreements.north_lasers.share_of_capacity=0.3"});
  auto changes = signing("2026-01-01");
  changes[0] = "agreements.north_lasers.share_of_capacity=0.3";
  const std::vector<scenario::LoadedScenario> options = {past, scenario(changes)};
  const auto results = branches(past, options, date, {1, 3});
  for (std::size_t o = 0; o < options.size(); ++o) check_same(results[o], plain(options[o]));
}

TEST_CASE("Branch: values without date change on the date, with and without fork alike") {
  const scenario::LoadedScenario past = scenario(spot);
  const std::vector<scenario::LoadedScenario> options = {
      scenario({"agreements.north_lasers=~",
                "sites.north.buys.laser.replenish={order_up_to: {safety_weeks: 12}}"}),
      scenario({"agreements.north_lasers=~", "sites.fab.recipes.grow.yield=0.9"}), scenario(spot)};
  const auto results = branches(past, options, date, {1, 3});
  for (std::size_t o = 0; o < options.size(); ++o) {
    check_same(results[o], turned(past, options[o]));
    // weeks before the date are those of the common past
    for (const world::Series& s : results[o].series) {
      const auto same = std::find_if(
          results[2].series.begin(), results[2].series.end(), [&](const world::Series& other) {
            return other.entity == s.entity && other.measure == s.measure;
          });
      for (std::size_t w = 0; w + 1 < s.values.size() && results[o].weeks[w + 1] <= sim::Time{date};
           ++w) {
        const double there = same == results[2].series.end() ? 0 : same->values[w];
        REQUIRE(s.values[w] == there);
      }
    }
  }
  CHECK(results[0].fingerprint != results[2].fingerprint);
  CHECK(results[1].fingerprint != results[2].fingerprint);
}

}  // namespace
}  // namespace optichain::models
