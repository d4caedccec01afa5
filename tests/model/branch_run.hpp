#pragma once
// Runs several options that branch from one past.

#include "models/world/branch.hpp"
#include "tests/model/run_text.hpp"

namespace optichain::models {

/// All options, each in a process that was forked from one world at the date.
inline std::vector<world::Results> branches(const scenario::LoadedScenario& past,
                                            const std::vector<scenario::LoadedScenario>& options,
                                            Date date, sim::RunSeed seed) {
  std::vector<Scenario> scenarios;
  for (const auto& option : options) scenarios.push_back(option.scenario);
  world::BranchPoint point(past.scenario, scenarios, date);
  const auto outcome = sim::run_jobs(1, {.jobs = 1}, [&](std::size_t) {
    world::World world(point.catalog(), seed);
    world.run_until(point.moment_before());
    std::string all;
    const auto parts = sim::run_jobs(options.size(), {.jobs = 1}, [&](std::size_t option) {
      point.take(option, world);
      return world::pack(world.run());
    });
    for (const auto& part : parts) {
      if (part.status != sim::Outcome::Status::done) sim::fail("{}", part.text);
      all += fmt::format("{:020}", part.text.size()) + part.text;
    }
    return all;
  });
  REQUIRE_MESSAGE(outcome[0].status == sim::Outcome::Status::done, outcome[0].text);
  std::vector<world::Results> results;
  for (std::string_view text = outcome[0].text; !text.empty();) {
    const std::size_t size = std::stoul(std::string(text.substr(0, 20)));
    results.push_back(world::unpack(text.substr(20, size)));
    text.remove_prefix(20 + size);
  }
  return results;
}

}  // namespace optichain::models
