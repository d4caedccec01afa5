// What meters keep of each week, whatever its size.
#include "models/books/meters.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace optichain::models {
namespace {

TEST_CASE("Meters: weekly series are exact beyond 32 bits and leave out what is always zero") {
  constexpr std::int64_t lowest = std::numeric_limits<std::int32_t>::min();
  constexpr std::int64_t highest = std::numeric_limits<std::int32_t>::max();
  constexpr std::array<std::int64_t, 7> values = {
      0, lowest, lowest - 1, highest, highest + 1, std::int64_t{1} << 50, -1};
  constexpr std::size_t weeks = 9;
  Meters meters;
  std::vector<MeterId> ids;  // more than stand in one cache line
  for (int i = 0; i < 40; ++i) {
    const std::string entity = "stocks.s" + std::to_string(i);
    ids.push_back(i % 3 == 0 ? meters.level(entity, "on_hand", "pieces", 0.5)
                             : meters.flow(entity, "shipped"));
  }
  const auto value = [&](std::size_t meter, std::size_t week) {
    return meter == 20 ? 0 : values[(meter + week) % values.size()];
  };
  sim::Time now{};
  meters.mark_week(now);
  for (std::size_t w = 0; w < weeks; ++w) {
    now += sim::one_week;
    for (std::size_t m = 0; m < ids.size(); ++m) {
      if (m % 3 == 0) {
        meters.set(ids[m], value(m, w), now);
      } else {
        meters.add(ids[m], value(m, w));
      }
    }
    meters.mark_week(now);
  }

  std::map<std::string, std::vector<double>> series;
  meters.for_each_weekly([&](const Meters::Definition& d, std::span<const double> read) {
    series[d.entity].assign(read.begin(), read.end());
  });
  CHECK(series.size() == ids.size() - 1);
  CHECK(!series.contains("stocks.s20"));
  for (std::size_t m = 0; m < ids.size(); ++m) {
    if (m == 20) continue;
    const auto& read = series.at("stocks.s" + std::to_string(m));
    REQUIRE(read.size() == weeks);
    for (std::size_t w = 0; w < weeks; ++w) {
      CHECK(read[w] == static_cast<double>(value(m, w)) * (m % 3 == 0 ? 0.5 : 1));
    }
  }
}

}  // namespace
}  // namespace optichain::models
