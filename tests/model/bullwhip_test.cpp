// The bullwhip effect through the agents: a retailer that orders up to a forecast amplifies the
// variance of demand as published (Chen, Drezner, Ryan and Simchi-Levi, Management Science 46,
// 2000; for exponential smoothing the same authors, Naval Research Logistics 47, 2000).
#include <array>
#include <cmath>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "tests/model/run_text.hpp"

namespace optichain::models {
namespace {

constexpr double mean_demand = 1e6;  // a week; rounding to pieces then is no matter
constexpr double sd_share = 0.05;    // so small that no order has to be cut off at zero
constexpr std::size_t replications = 20;

/// A customer, a retailer and a mine that always delivers, 100 weeks of warm-up and twenty years.
/// The published lead time L is the time that an order-up-to level has to cover. Here that is one
/// review more than the way: of L weeks, L - 1 are transit.
std::string retailer(const std::string& forecast, int lead_weeks, double rho) {
  return fmt::format(R"(
name: bullwhip
start: 2000-01-03
end: 2019-12-29
warm_up_days: 700
items: {{good: {{}}}}
sites:
  mine:
    sells: {{good: {{}}}}
    stocks: {{good: {{initial_pieces: 1000000000000}}}}
  retailer:
    buys:
      good:
        from: {{mine: {{}}}}
        replenish: {{order_up_to: {{safety_weeks: 0}}}}
        forecast: {}
    sells: {{good: {{}}}}
    stocks: {{good: {{initial_weeks: {}}}}}
lanes: {{way: {{from: mine, to: retailer, transit_days: {}}}}}
customers:
  market:
    demand:
      good:
        pieces_per_week: {}
        from: {{retailer: {{}}}}
        variation: {{autoregressive: {{rho: {}, sd_share: {}}}}}
)",
                     forecast, lead_weeks, 7 * (lead_weeks - 1), mean_demand, rho, sd_share);
}

struct Moments {
  double demand = 0, orders = 0;  // mean squares around the known mean
  double lagged = 0;              // mean product of successive demands
};

Moments moments_of(const world::Results& r) {
  const auto demand = series(r, "demands.market.good", "demanded");
  const auto orders = series(r, "channels.retailer<mine.good", "ordered");
  REQUIRE(demand.size() > 1000);
  REQUIRE(orders.size() == demand.size());
  const auto n = static_cast<double>(demand.size());
  const auto off = [](double x) { return x / mean_demand - 1; };
  Moments m;
  for (std::size_t t = 0; t < demand.size(); ++t) {
    m.demand += off(demand[t]) * off(demand[t]) / n;
    m.orders += off(orders[t]) * off(orders[t]) / n;
    if (t > 0) m.lagged += off(demand[t]) * off(demand[t - 1]) / (n - 1);
    REQUIRE(orders[t] > 0);  // the formula holds where orders are never cut off
  }
  return m;
}

/// The ratio of two means over replications, and its standard error (delta method).
struct Ratio {
  double value, standard_error;
};
Ratio ratio_of(const std::vector<Moments>& all, double Moments::*part, double Moments::*whole) {
  double parts = 0, wholes = 0, squares = 0;
  for (const Moments& m : all) {
    parts += m.*part;
    wholes += m.*whole;
  }
  const double ratio = parts / wholes;
  for (const Moments& m : all) squares += std::pow(m.*part - ratio * m.*whole, 2);
  const auto n = static_cast<double>(all.size());
  return {ratio, std::sqrt(squares / (n - 1) * n) / wholes};
}

TEST_CASE("Bullwhip: variance is amplified as published, for every row of the table") {
  std::ifstream table(OPTICHAIN_SOURCE_DIR "/tests/reference/bullwhip.csv");
  std::string line;
  REQUIRE(std::getline(table, line));
  REQUIRE(line.starts_with("forecast,L,p_or_alpha,rho,ratio_formula,ratio_simulated"));
  int rows = 0;
  for (; std::getline(table, line); ++rows) {
    std::vector<std::string> row;
    std::stringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) row.push_back(cell);
    REQUIRE(row.size() == 6);
    const bool average = row[0] == "moving_average";
    const std::string forecast = average ? "{moving_average: {reviews: " + row[2] + "}}"
                                         : "{exponential: {alpha: " + row[2] + "}}";
    const double rho = std::stod(row[3]), expected = std::stod(row[4]);
    const auto loaded =
        scenario::scenario_from_text(retailer(forecast, std::stoi(row[1]), rho), "test.yaml", {});
    const Catalog catalog(loaded.scenario);
    const auto outcomes =
        sim::run_jobs(replications, {.jobs = sim::processor_count()}, [&](std::size_t replication) {
          world::World world(catalog, {.seed = 1, .replication = replication});
          return world::pack(world.run());
        });
    std::vector<Moments> all;
    for (const auto& outcome : outcomes) {
      REQUIRE_MESSAGE(outcome.status == sim::Outcome::Status::done, outcome.text);
      all.push_back(moments_of(world::unpack(outcome.text)));
    }
    const Ratio bullwhip = ratio_of(all, &Moments::orders, &Moments::demand);
    MESSAGE(line << ": " << bullwhip.value << " +- " << bullwhip.standard_error);
    CHECK(std::fabs(bullwhip.value - expected) < 4 * bullwhip.standard_error);
    CHECK(bullwhip.standard_error < 0.012 * expected);  // or the row would test nothing
    // and the demand is what it should be: its own variance and correlation
    const Ratio correlation = ratio_of(all, &Moments::lagged, &Moments::demand);
    CHECK(std::fabs(correlation.value - rho) < 4 * correlation.standard_error + 1e-3);
    double variance = 0, squares = 0;
    for (const Moments& m : all) variance += m.demand / replications;
    for (const Moments& m : all) squares += std::pow(m.demand - variance, 2);
    const double error = std::sqrt(squares / (replications - 1) / replications);
    CHECK(std::fabs(variance - sd_share * sd_share) < 4 * error);
  }
  CHECK(rows == 8);
}

}  // namespace
}  // namespace optichain::models
