#include "models/sweep/run_line.hpp"

#include <csignal>

#include "models/run/replicate.hpp"

namespace optichain::models::sweep {

RunLine failed_run(const std::string& reason) {
  return {{{"failure", reason}}, true};
}

RunLine done_run(const MetricSelection& selection, world::World& world,
                 std::optional<double> bound) {
  world::Results results = selection.series.empty() ? world.run_without_series() : world.run();
  if (bound) run::add_bound(results, *bound);
  sim::Json json = {{"fingerprint", results.fingerprint}, {"values", selection.values(results)}};
  for (const MetricSelection::Curve& curve : selection.series) {
    sim::Json values = nullptr;  // a series that stays zero is not reported
    for (const world::Series& s : results.series) {
      if (s.entity == curve.entity && s.measure == curve.measure) values = s.values;
    }
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
