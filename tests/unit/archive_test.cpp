// Results as bytes: nothing is lost on the way from one process to another.
#include "models/world/archive.hpp"

#include <bit>
#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include "sim/base/hash.hpp"

namespace optichain::models {
namespace {

std::vector<std::uint64_t> bits(const std::vector<double>& values) {
  std::vector<std::uint64_t> bits;
  for (const double value : values) bits.push_back(std::bit_cast<std::uint64_t>(value));
  return bits;
}

TEST_CASE("Archive: every value comes back to the last bit, wherever zeros are") {
  const double tiny = std::numeric_limits<double>::denorm_min();
  std::vector<double> mixed(105, 0.0);
  for (const std::size_t week : {0U, 7U, 8U, 63U, 64U, 104U}) mixed[week] = 1e6 / 7;
  const std::vector<std::vector<double>> rows = {{},
                                                 {0},
                                                 {-0.0},
                                                 {1},
                                                 {0, 0, 0, 0, 0, 0, 0, 0},
                                                 {0, -0.0, std::nan(""), INFINITY, tiny, -1e300},
                                                 mixed};
  world::Results results;
  for (const auto& row : rows) {
    results.metrics.push_back({measures::of_market(), "shipped", "pieces", row});
    results.series.push_back({measures::of(measures::Group::sites, "a\0b"), "", "usd", row});
  }
  results.periods = {"2026", ""};
  results.weeks = {sim::Time{}, sim::Time{} + std::chrono::days{7}};
  results.traces = {{}, {{"from", "to", -3}}};
  results.fingerprint = "00ff";
  results.events = 1;
  results.wakeups = ~std::uint64_t{0};

  const std::string bytes = world::pack(results);
  CHECK(bytes.size() == world::packed_size(results));
  CHECK(world::hash_of(results) == sim::hash_text(bytes));
  const world::Results again = world::unpack(bytes);
  REQUIRE(again.metrics.size() == rows.size());
  REQUIRE(again.series.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK(bits(again.metrics[i].values) == bits(rows[i]));
    CHECK(bits(again.series[i].values) == bits(rows[i]));
    CHECK(again.series[i].entity == results.series[i].entity);
    CHECK(again.metrics[i].measure == "shipped");
  }
  CHECK(again.periods == results.periods);
  CHECK(again.weeks == results.weeks);
  REQUIRE(again.traces.size() == 2);
  CHECK(again.traces[1][0].pieces == -3);
  CHECK(again.fingerprint == "00ff");
  CHECK(again.wakeups == results.wakeups);
  CHECK(world::pack(again) == bytes);
}

TEST_CASE("Archive: weeks without anything take an eighth of a byte") {
  world::Results results;
  const std::size_t empty = world::packed_size(results);
  results.series.push_back({measures::of_market(), "", "", std::vector<double>(800, 0.0)});
  CHECK(world::packed_size(results) ==
        empty + sizeof(measures::Group) + 4 * sizeof(std::uint64_t) + 100);
}

}  // namespace
}  // namespace optichain::models
