#include "models/sweep/run_line.hpp"

#include <csignal>

#include "models/run/replicate.hpp"
#include "sim/base/check.hpp"
#include "sim/base/diagnostics.hpp"

namespace optichain::models::sweep {

RunLine failed_run(const std::string& reason) {
  return {{{"failure", reason}}, true};
}

RunLine done_run(const MetricSelection& selection, world::World& world,
                 const std::optional<network::ExpectedBound>& bound) {
  world::Results results = selection.series.empty() ? world.run_without_series() : world.run();
  if (bound) run::add_bound(results, *bound);
  sim::Json json = {{"fingerprint", results.fingerprint}, {"values", selection.values(results)}};
  for (const MetricSelection::Curve& curve : selection.series) {
    sim::Json values = nullptr;  // a series that stays zero is not reported
    if (const world::Series* s = results.series_of(curve.name)) values = s->values;
    json["series"].push_back(std::move(values));
  }
  return {std::move(json), false};
}

sim::Outcome run_isolated(const volatile std::sig_atomic_t* stop, sim::Retry retry,
                          const std::function<std::string()>& work) {
  sim::Outcome outcome = sim::run_job(stop, retry, work);
  if (outcome.was_killed()) std::raise(outcome.signal);
  return outcome;
}

RunLine line_of(const sim::Outcome& outcome) {
  if (outcome.status != sim::Outcome::Status::done) return failed_run(outcome.text);
  sim::Json json = *sim::parse_json(outcome.text);
  const bool failed = json.contains("failure");
  return {std::move(json), failed};
}

std::string why_not(const SweepFiles& files, const std::function<void()>& read) {
  try {
    read();
    return "";
  } catch (const sim::InputError& e) {
    const std::string folder = files.folder.string() + "/";
    std::string message = e.what();
    for (std::size_t at; (at = message.find(folder)) != std::string::npos;) {
      message.erase(at, folder.size());
    }
    while (!message.empty() && message.back() == '\n') message.pop_back();
    return "the scenario is not valid: " + message;
  } catch (const sim::Interrupted&) {
    throw;
  } catch (const sim::Error& e) {
    return e.what();
  }
}

}  // namespace optichain::models::sweep
