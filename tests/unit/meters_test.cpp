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

measures::Entity stock_named(std::string_view name) {
  return measures::of(measures::Group::stocks, name);
}

TEST_CASE("Meters: weekly series are exact beyond 32 bits and leave out what is always zero") {
  constexpr std::int64_t lowest = std::numeric_limits<std::int32_t>::min();
  constexpr std::int64_t highest = std::numeric_limits<std::int32_t>::max();
  constexpr std::array<std::int64_t, 7> values = {
      0, lowest, lowest - 1, highest, highest + 1, std::int64_t{1} << 50, -1};
  constexpr std::size_t weeks = 9;
  books::Meters meters;
  std::vector<books::MeterId> ids;  // more than stand in one cache line
  for (int i = 0; i < 40; ++i) {
    const auto entity = stock_named("s" + std::to_string(i));
    ids.push_back(i % 3 == 0 ? meters.level(entity, "on_hand", 0.5)
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
  meters.for_each_weekly([&](const books::Meters::Definition& d, std::span<const double> read) {
    series[std::string(d.entity)].assign(read.begin(), read.end());
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

TEST_CASE("Meters: a level that stays is in every week, a flow only where it ran") {
  books::Meters meters;
  const books::MeterId gone = meters.level(stock_named("c"), "on_hand");
  const books::MeterId stock = meters.level(stock_named("a"), "on_hand"),
                       sold = meters.flow(stock_named("a"), "shipped"),
                       later =
                           meters.level(measures::of(measures::Group::recipes, "a"), "in_process"),
                       idle = meters.level(stock_named("b"), "on_hand");
  sim::Time now{};
  meters.set(stock, 7, now);  // before the first mark
  meters.set(gone, 4, now);   // and not in any week
  meters.add(sold, 100);
  meters.mark_week(now);
  meters.mark_period(now);
  const auto end_week = [&] {
    now += sim::one_week;
    meters.mark_week(now);
  };
  meters.set(gone, 0, now);
  end_week();
  meters.add(sold, 5);
  end_week();
  meters.set(later, 3, now);
  meters.set(idle, 1, now);
  meters.set(idle, 0, now);
  end_week();
  meters.set(stock, 0, now);
  end_week();
  meters.mark_period(now);

  std::map<std::string, std::vector<double>> series;
  meters.for_each_weekly([&](const books::Meters::Definition& d, std::span<const double> read) {
    series[std::string(d.entity) + " " + std::string(d.measure)].assign(read.begin(), read.end());
  });
  const std::map<std::string, std::vector<double>> expected = {
      {"stocks.a on_hand", {7, 7, 7, 0}},
      {"stocks.a shipped", {0, 5, 0, 0}},
      {"recipes.a in_process", {0, 0, 3, 3}}};
  CHECK(series == expected);

  CHECK(meters.between(stock, 0, 1) == 7.0 * 3 / 4);  // for three weeks of four
  CHECK(meters.between(sold, 0, 1) == 5);
  CHECK(meters.between(later, 0, 1) == 3.0 * 2 / 4);  // used after the first mark only
  CHECK(meters.level_at(later, 0) == 0);
  CHECK(meters.level_at(later, 1) == 3);
  CHECK(meters.between(idle, 0, 1) == 0);
}

TEST_CASE("Meters: one of an entity is found by its measure, in whatever order they were defined") {
  books::Meters meters;
  const books::MeterId made = meters.flow(stock_named("a"), "produced");
  const books::MeterId other = meters.flow(stock_named("b"), "produced");
  const books::MeterId kept = meters.level(stock_named("a"), "on_hand", 0.5);
  CHECK(meters.of(stock_named("a"))("produced") == made);
  CHECK(meters.of(stock_named("a"))("on_hand") == kept);
  CHECK(meters.of(stock_named("b"))("produced") == other);
  const books::Meters::Definition& d = meters.definitions()[kept.index()];
  CHECK(d.entity == "stocks.a");
  CHECK(d.name() == "a");
  CHECK(d.unit() == "pieces");
  CHECK(d.of->is_level());
  CHECK(d.scale == 0.5);
}

}  // namespace
}  // namespace optichain::models
