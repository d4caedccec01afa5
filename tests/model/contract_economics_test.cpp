// The economics of take-or-pay, out of the simulated world: tests/reference/contracts.csv.
//
// A customer wants D ~ N(100, 20) units of 1000 pieces a week. It has committed itself to Q a week
// at a contract price, and pays for them whether it takes them or not; what it does not take is
// worth nothing, because nothing can be made up. What exceeds Q it buys on the spot market at a
// higher price. The expected cost is c Q + s E[(D - Q)+], least where P(D > Q) = c / s.
#include <cmath>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "sim/base/number.hpp"
#include "tests/model/run_text.hpp"

namespace optichain::models {
namespace {

constexpr double pieces_per_unit = 1000;
constexpr int weeks = 260;

struct Case {
  double contract, spot, best, cost;
};

/// The number after a word such as "spot=".
double number_after(const std::string& text, const std::string& word) {
  const std::size_t at = text.find(word) + word.size();
  return sim::parse_number(text.substr(at, text.find_first_of(" \"", at) - at)).value();
}

std::vector<Case> cases() {
  std::ifstream file(OPTICHAIN_SOURCE_DIR "/tests/reference/contracts.csv");
  std::vector<Case> all;
  for (std::string line; std::getline(file, line);) {
    while (!line.empty() && line.back() == '\r') line.pop_back();
    if (!line.starts_with("take_or_pay_plus_spot")) continue;
    REQUIRE(line.find("D~N(100,20)") != std::string::npos);
    REQUIRE(number_after(line, "resale=") == 0);
    const double value = sim::parse_number(line.substr(line.rfind(',') + 1)).value();
    if (line.find(",Q*,") != std::string::npos) {
      all.push_back({number_after(line, "contract="), number_after(line, "spot="), value, 0});
    } else {
      all.back().cost = value;
    }
  }
  REQUIRE(all.size() == 2);
  return all;
}

scenario::LoadedScenario scenario(const Case& c, double committed) {
  return scenario::scenario_from_text(
      fmt::format(R"(
name: take or pay
start: 2024-01-01
end: 2028-12-24
items: {{part: {{}}}}
sites:
  maker:
    sells: {{part: {{price_usd: {1}}}}}
    stocks: {{part: {{initial_pieces: 1000000000}}}}
  market:
    sells: {{part: {{price_usd: {1}}}}}
    stocks: {{part: {{initial_pieces: 1000000000}}}}
customers:
  buyer:
    demand:
      part:
        pieces_per_week: 100000
        variation: {{factor: {{distribution: {{normal: {{mean: 1, sd: 0.2, min: 0}}}}}}}}
        from: {{maker: {{share: 0}}, market: {{share: 1}}}}
agreements:
  lta:
    seller: maker
    buyer: buyer
    item: part
    from: 2024-01-01
    until: 2028-12-24
    settled: week
    pieces_per_week: {2}
    take_or_pay: 1
    price: {{fixed: {{usd: {0}}}}}
)",
                  c.contract / pieces_per_unit, c.spot / pieces_per_unit,
                  std::round(committed * pieces_per_unit)),
      "contract.yaml");
}

/// Cost per week in one replication: what goes to the maker, whether or not pieces come for it, and
/// what goes to the market.
double cost_of(const Case& c, double committed, std::uint64_t replication) {
  const world::Results r = run_loaded(scenario(c, committed), {2026, replication});
  REQUIRE(r.weeks.size() == weeks);
  REQUIRE(metric(r, "customers.buyer.fill_rate.all") == 1);
  return (metric(r, "agreements.lta.cash_to_seller.all") + metric(r, "sites.market.sales.all")) /
         weeks;
}

struct Mean {
  double mean = 0, standard_error = 0;
};
Mean mean_of(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  for (const double v : values) sum += v;
  for (const double v : values) squares += (v - sum / n) * (v - sum / n);
  return {sum / n, std::sqrt(squares / (n - 1) / n)};
}

TEST_CASE("Contract economics: the best commitment costs what theory says") {
  for (const Case& c : cases()) {
    std::vector<double> costs;
    for (std::uint64_t r = 0; r < 60; ++r) costs.push_back(cost_of(c, c.best, r));
    const Mean cost = mean_of(costs);
    CAPTURE(c.spot);
    CAPTURE(cost.mean);
    CAPTURE(cost.standard_error);
    CHECK(std::fabs(cost.mean - c.cost) <= 4 * cost.standard_error);
    CHECK(cost.standard_error < 0.002 * c.cost);  // the comparison means something
  }
}

/// The commitment of least cost in one replication, by golden section (Kiefer 1953) to a tenth
/// of a unit: with the same demand at every commitment, cost is convex in it.
double best_commitment(const Case& c, std::uint64_t replication) {
  const double ratio = (std::sqrt(5.0) - 1) / 2;
  double low = 60, high = 140;
  double a = high - ratio * (high - low), b = low + ratio * (high - low);
  double cost_a = cost_of(c, a, replication), cost_b = cost_of(c, b, replication);
  while (high - low > 0.1) {
    if (cost_a < cost_b) {
      high = b, b = a, cost_b = cost_a;
      a = high - ratio * (high - low);
      cost_a = cost_of(c, a, replication);
    } else {
      low = a, a = b, cost_a = cost_b;
      b = low + ratio * (high - low);
      cost_b = cost_of(c, b, replication);
    }
  }
  return (low + high) / 2;
}

TEST_CASE("Contract economics: a search finds the best commitment") {
  for (const Case& c : cases()) {
    std::vector<double> found;
    for (std::uint64_t r = 0; r < 16; ++r) found.push_back(best_commitment(c, r));
    const Mean best = mean_of(found);
    CAPTURE(c.spot);
    CAPTURE(best.mean);
    CAPTURE(best.standard_error);
    CHECK(std::fabs(best.mean - c.best) <= 4 * best.standard_error);
    CHECK(best.standard_error < 1);
  }
}

}  // namespace
}  // namespace optichain::models
