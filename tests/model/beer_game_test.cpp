// The beer game runs on the agents of the optical chain and gives the published table, week by
// week.
#include <array>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "tests/model/run_text.hpp"

namespace optichain::models {
namespace {

TEST_CASE("Beer game: stock, backlog, orders and costs of 36 weeks are those of the table") {
  const std::string root = OPTICHAIN_SOURCE_DIR;
  const auto loaded = scenario::load_scenario(root + "/scenarios/beer-game/beer-game.yaml");
  const world::Results results = run_loaded(loaded);

  struct Stage {
    const char* letter;
    const char* site;
    const char* orders;  // where its orders are counted
    const char* orders_measure;
  };
  const std::array<Stage, 4> stages = {{
      {"R", "retailer", "channels.retailer<wholesaler.beer", "ordered"},
      {"W", "wholesaler", "channels.wholesaler<distributor.beer", "ordered"},
      {"D", "distributor", "channels.distributor<factory.beer", "ordered"},
      {"F", "factory", "recipes.factory.brew", "started"},
  }};

  std::ifstream table(root + "/tests/reference/beer_game_weekly.csv");
  std::string line;
  REQUIRE(std::getline(table, line));
  REQUIRE(line.starts_with("week,demand,R_inventory,R_backlog,R_order,R_cum_cost,W_inventory"));
  std::array<double, 4> cost{};
  std::size_t week = 0;
  for (; std::getline(table, line); ++week) {
    std::vector<double> row;
    std::stringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) row.push_back(std::stod(cell));
    REQUIRE(row.size() == 18);
    REQUIRE(row[0] == static_cast<double>(week + 1));
    const auto at = [&](const std::string& entity, const std::string& measure) {
      const auto values = series(results, entity, measure);
      return values.empty() ? 0.0 : static_cast<double>(values.at(week));
    };
    CAPTURE(week + 1);
    CHECK(at("demands.drinkers.beer", "demanded") == row[1]);
    for (std::size_t s = 0; s < stages.size(); ++s) {
      const double* expected = &row[2 + 4 * s];
      const std::string site = stages[s].site;
      CAPTURE(site);
      const double inventory = at("stocks." + site + ".beer", "on_hand");
      const double backlog = at("sites." + site + ".beer", "backlog");
      cost[s] += at("sites." + site, "holding_cost") + at("sites." + site, "backlog_cost");
      CHECK(inventory == expected[0]);
      CHECK(backlog == expected[1]);
      CHECK(at(stages[s].orders, stages[s].orders_measure) == expected[2]);
      CHECK(cost[s] == doctest::Approx(expected[3]));
    }
  }
  CHECK(week == 36);
  CHECK(cost[0] + cost[1] + cost[2] + cost[3] == doctest::Approx(180));
}

}  // namespace
}  // namespace optichain::models
