#include "models/sweep/run_line.hpp"

#include <csignal>

#include "models/run/replicate.hpp"

namespace optichain::models::sweep {

RunLine failed_run(const std::string& reason) {
  return {{{"failure", reason}}, true};
}

RunLine done_run(const Kept& kept, world::World& world, std::optional<double> bound) {
  world::Results results = kept.series.empty() ? world.run_without_series() : world.run();
  if (bound) run::add_bound(results, *bound);
  sim::Json json = {{"fingerprint", results.fingerprint}, {"values", kept.values(results)}};
  for (const Kept::Curve& curve : kept.series) {
    sim::Json values = nullptr;  // a series that stays zero is not reported
    if (const world::Series* s = results.series_of(curve.name)) values = s->values;
    json["series"].push_back(std::move(values));
  }
  return {std::move(json), false};
}

bool comes_from_outside(int signal) {
  return signal == SIGKILL || signal == SIGTERM || signal == SIGINT || signal == SIGHUP ||
         signal == SIGXCPU;
}

std::string not_valid(const std::string& folder, std::string message) {
  for (std::size_t at; (at = message.find(folder)) != std::string::npos;) {
    message.erase(at, folder.size());
  }
  while (!message.empty() && message.back() == '\n') message.pop_back();
  return "the scenario is not valid: " + message;
}

}  // namespace optichain::models::sweep
