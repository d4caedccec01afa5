// Levers and uncertainties that can do nothing.
#include "models/study/idle_factors.hpp"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <unistd.h>

#include "models/study/load.hpp"

namespace optichain::models::study {
namespace {

using Texts = std::vector<std::string>;

/// Paths and messages for a study of the small chain in scenarios/programs, 2026 and 2027.
Texts idle(const std::string& factors, const std::string& design = "grid") {
  const auto folder = std::filesystem::temp_directory_path() /
                      ("optichain_idle_factors." + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const std::string file = folder / "study.yaml";
  std::ofstream(file) << "name: Idle\nbase: " OPTICHAIN_SOURCE_DIR
                         "/scenarios/programs/programs.yaml\n"
                         "design: {levers: "
                      << design << ", uncertainties: {sobol: {points: 4}}}\n"
                      << factors;
  Texts texts;
  const sim::Diagnostics found = idle_factors(load_study(file));
  for (const sim::Diagnostic& d : found.errors()) texts.push_back(d.path + ": " + d.message);
  std::filesystem::remove_all(folder);
  return texts;
}

const std::string weeks = "sites.plant.stocks.crystal.initial_weeks";

TEST_CASE("Idle factors: none where settings make a difference") {
  CHECK(idle("levers: {stock: {path: " + weeks +
             ", values: [2, 8]}}\n"
             "uncertainties: {demand: {path: customers.city.demand.lamp.pieces_per_week, "
             "as: factor, low: 0.8, high: 1.3}}") == Texts{});
  // an option that is the scenario as it is, beside one that is not
  CHECK(idle("levers: {shift: {options: {by_rule: {}, never: {programs.second_shift: ~}}}}") ==
        Texts{});
  // one setting, but not that of the scenario
  CHECK(idle("levers: {stock: {path: " + weeks + ", values: [2]}}") == Texts{});
}

TEST_CASE("Idle factors: settings that all make the same scenario") {
  const std::string nothing = "all its settings make the same scenario: it does nothing";
  CHECK(idle("levers: {stock: {path: " + weeks + ", values: [4]}}") ==
        Texts{"levers.stock: " + nothing});
  CHECK(idle("levers: {shift: {options: {a: {}, b: {" + weeks + ": 4.0}}}}") ==
        Texts{"levers.shift: " + nothing});
  // nothing times anything
  CHECK(idle("changes: {" + weeks + ": 0}\nuncertainties: {stock: {path: " + weeks +
             ", as: factor, low: 0.5, high: 2}}") == Texts{"uncertainties.stock: " + nothing});
  // ... unless another factor puts something there
  CHECK(idle("changes: {" + weeks + ": 0}\nlevers: {some: {options: {no: {}, yes: {" + weeks +
             ": 4}}}}\nuncertainties: {stock: {path: " + weeks +
             ", as: factor, low: 0.5, high: 2}}") == Texts{});
}

TEST_CASE("Idle factors: two options that are one") {
  CHECK(idle("levers: {stock: {options: {a: {}, b: {" + weeks + ": 3}, c: {" + weeks +
             ": 3.0}}}}") == Texts{"levers.stock: \"b\" and \"c\" make the same scenario"});
}

TEST_CASE("Idle factors: what begins after the end") {
  const auto late = [](const std::string& path, const std::string& from) {
    return idle("uncertainties: {late: {path: " + path + ", as: factor, low: 0.5, high: 1.2, " +
                "from: " + from + "}}");
  };
  const std::string yield = "sites.west_grower.recipes.grow.yield";
  CHECK(late(yield, "2027-12-31") == Texts{});
  CHECK(late(yield, "2028-01-01") ==
        Texts{"uncertainties.late: what it changes does nothing: its settings differ after the end "
              "of the scenario on 2027-12-31"});
  // plans of demand are known ahead, and shared ones are looked at
  const std::string demand = "customers.city.demand.lamp.pieces_per_week";
  CHECK(late(demand, "2028-06-01") == Texts{});
  CHECK(late(demand, "2029-06-01").size() == 1);
}

TEST_CASE("Idle factors: terms of what does nothing itself") {
  const auto share = [](const std::string& from) {
    return idle(
        "changes: {programs.later: {expansion: {site: plant, line: assembly, adds_share: 1, "
        "decided: " +
        from +
        ", lead_days: 0}}}\n"
        "levers: {size: {path: programs.later.expansion.adds_share, values: [1, 2]}}");
  };
  CHECK(share("2027-12-31") == Texts{});
  CHECK(share("2028-01-01") ==
        Texts{"levers.size: what it changes does nothing: programs.later.expansion.decided: it is "
              "decided on 2028-01-01, after the end of the scenario on 2027-12-31: it does "
              "nothing"});
}

}  // namespace
}  // namespace optichain::models::study
