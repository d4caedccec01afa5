// Levers of which runs show that nothing depended on them.
#include "models/sweep/inert_levers.hpp"

#include <cmath>
#include <functional>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "sim/output/store.hpp"
#include "tests/unit/output_support.hpp"

namespace optichain::models::sweep {
namespace {

/// What a run of a sweep of two levers, two futures and two replications gives.
using Outcome = std::function<double(double stock, double patience, int future, int replication)>;

/// The run is done, but does not report the second figure.
constexpr double not_reported = -1;

std::vector<InertLever> inert(const std::vector<std::pair<double, double>>& policies,
                              const Outcome& outcome) {
  const sim::TestFolder folder;
  const auto file = folder.path / "results.sqlite";
  {
    sim::StoreWriter store(file);
    store.put_meta("study",
                   "name: Levers\nbase: scenario.yaml\nreplications: 2\n"
                   "levers:\n"
                   "  stock: {path: sites.shop.stocks.lamp.initial_weeks}\n"
                   "  patience: {path: customers.city.patience_days}\n"
                   "uncertainties:\n"
                   "  demand: {path: customers.city.demand.lamp.pieces_per_week, as: factor,"
                   " low: 0.5, high: 1.2}\n"
                   "metrics: [market.shipped.all, market.unmet.all]\n");
    for (std::size_t p = 0; p < policies.size(); ++p) {
      store.put_policy({fmt::format("p{}", p), fmt::format(R"({{"stock":{},"patience":{}}})",
                                                           policies[p].first, policies[p].second)});
    }
    store.put_future({"f0", R"({"demand":0.7})"});
    store.put_future({"f1", R"({"demand":1.1})"});
    for (std::size_t p = 0; p < policies.size(); ++p) {
      for (int future = 0; future < 2; ++future) {
        for (int r = 0; r < 2; ++r) {
          const double value = outcome(policies[p].first, policies[p].second, future, r);
          sim::RunResult run{
              .run = {.key = {"base", fmt::format("p{}", p), fmt::format("f{}", future),
                              static_cast<std::uint64_t>(r)}},
              .kpis = {{"market.shipped.all", "pieces", 7}, {"market.unmet.all", "pieces", value}}};
          if (std::isnan(value)) run = {.run = {.key = run.run.key, .failure = "why"}};
          if (value == not_reported) run.kpis.pop_back();
          store.add(run);
        }
      }
    }
    store.finish();
  }
  return inert_levers(SweepResults(file));
}

const std::vector<std::pair<double, double>> grid = {{2, 10}, {2, 20}, {8, 10}, {8, 20}};

TEST_CASE("Inert levers: one that changes no figure of any run is named, with what was compared") {
  const auto found = inert(grid, [](double stock, double, int future, int r) {
    return stock + 100 * future + 10 * r;  // patience is nowhere in it
  });
  REQUIRE(found.size() == 1);
  CHECK(found[0].name == "patience");
  CHECK(found[0].pairs == 2);  // {2, 10}-{2, 20} and {8, 10}-{8, 20}
  CHECK(found[0].runs == 8);   // two pairs in two futures, twice
  CHECK(inert_levers_text(found) ==
        "No figure that was kept depends on \"patience\": 2 pairs of policies that differ in it "
        "alone, the same in all 8 runs.\n");
}

TEST_CASE("Inert levers: a difference in one run of one future is one") {
  CHECK(inert(grid, [](double stock, double patience, int future, int r) {
          return stock + (future == 1 && r == 1 && stock == 8 ? patience : 0);
        }).empty());
}

TEST_CASE("Inert levers: a figure that is reported with one setting alone is a difference") {
  CHECK(inert(grid, [](double, double patience, int future, int) {
          return patience == 20 && future == 0 ? not_reported : 5;
        }).size() == 1);  // the stock
  CHECK(inert(grid, [](double, double, int, int) { return not_reported; }).size() == 2);
}

TEST_CASE("Inert levers: without policies that differ in a lever alone nothing is said of it") {
  CHECK(inert({{2, 10}, {8, 20}}, [](double, double, int, int) { return 1; }).empty());
}

TEST_CASE("Inert levers: runs that failed say nothing") {
  CHECK(inert(grid, [](double, double, int, int) { return std::nan(""); }).empty());
  const auto found = inert(grid, [](double stock, double patience, int, int) {
    return patience == 20 && stock == 2 ? std::nan("") : stock;
  });
  REQUIRE(found.size() == 1);
  CHECK(found[0].runs == 4);
}

}  // namespace
}  // namespace optichain::models::sweep
