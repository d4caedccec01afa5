#pragma once
// Runs a scenario given as YAML text and looks up what came of it.

#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "models/scenario/load.hpp"
#include "models/world/archive.hpp"
#include "models/world/world.hpp"
#include "sim/batch/workers.hpp"

namespace optichain::models {

/// In a process of its own, so that a test can run as many worlds as it likes.
inline world::Results run_loaded(const scenario::LoadedScenario& loaded,
                                 sim::RunSeed seed = {1, 0}) {
  const Catalog catalog(loaded.scenario);
  const auto outcomes = sim::run_jobs(1, {.jobs = 1}, [&](std::size_t) {
    world::World world(catalog, seed);
    return world::pack(world.run());
  });
  REQUIRE_MESSAGE(outcomes[0].status == sim::Outcome::Status::done, outcomes[0].text);
  return world::unpack(outcomes[0].text);
}

inline world::Results run_text(const std::string& yaml,
                               const std::vector<std::string>& changes = {}) {
  return run_loaded(scenario::scenario_from_text(yaml, "test.yaml", changes));
}

inline double metric(const world::Results& results, const std::string& name) {
  const auto figure = measures::FigureName::parse(name);
  REQUIRE_MESSAGE(figure, name);
  const bool is_there =
      std::any_of(results.metrics.begin(), results.metrics.end(), [&](const world::Metric& m) {
        return m.entity == figure->entity && m.measure == figure->measure;
      });
  REQUIRE_MESSAGE(is_there, "no key figure " << name);
  return results.value(*figure);
}

/// Empty if the series was zero throughout.
inline std::vector<double> series(const world::Results& results, const std::string& entity,
                                  const std::string& measure) {
  const auto of = measures::Entity::parse(entity);
  REQUIRE_MESSAGE(of, entity);
  const world::Series* found = results.series_of({*of, measure});
  return found ? found->values : std::vector<double>();
}

}  // namespace optichain::models
