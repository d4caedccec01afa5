#include "sim/output/store_scan.hpp"

#include <doctest/doctest.h>

#include "sim/output/error.hpp"
#include "tests/unit/output_support.hpp"

namespace optichain::sim {
namespace {

RunResult run(std::uint64_t replication, double value) {
  return {
      .run = {.key = {"base", "", "", replication}, .seed = 1},
      .kpis = {{"market.shipped.2026", "pieces", value}, {"market.shipped.all", "pieces", -1}},
      .series = {{"plant", "shipped", "pieces", {value, 2}}, {"plant", "scrap", "pieces", {9, 9}}}};
}

TEST_CASE("Store: a scan gives what is wanted of every run, and asks once") {
  const TestFolder test;
  const fs::path path = test.path / "s.sqlite";
  {
    StoreWriter store(path);
    store.add(run(0, 5));
    store.add(run(1, 7));
    store.finish();
  }
  int asked = 0;
  StoreScan scan(path, {[&](std::string_view name, std::string_view unit) {
                          ++asked;
                          CHECK(unit == "pieces");
                          return name.ends_with(".2026") ? 3 : -1;
                        },
                        [&](std::string_view node, std::string_view measure, std::string_view) {
                          ++asked;
                          return node == "plant" && measure == "shipped" ? 4 : -1;
                        }});
  std::vector<double> kpis, series;
  for (const std::uint64_t replication : {0U, 1U}) {
    const RunKey key{"base", "", "", replication};
    scan.kpis(key, [&](int slot, double value) {
      CHECK(slot == 3);
      kpis.push_back(value);
    });
    scan.series(key, [&](int slot, std::span<const double> values) {
      CHECK(slot == 4);
      series.insert(series.end(), values.begin(), values.end());
    });
  }
  CHECK(kpis == std::vector<double>{5, 7});
  CHECK(series == std::vector<double>{5, 2, 7, 2});
  CHECK(asked == 4);
  CHECK_THROWS_AS(scan.kpis({"base", "", "", 9}, [](int, double) {}), OutputError);
}

}  // namespace
}  // namespace optichain::sim
