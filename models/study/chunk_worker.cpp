#include "models/study/chunk_worker.hpp"

#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "models/study/replicate.hpp"
#include "models/study/sweep_state.hpp"
#include "models/world/world.hpp"
#include "sim/base/check.hpp"
#include "sim/base/hash.hpp"
#include "sim/batch/workers.hpp"
#include "sim/output/chunk_file.hpp"

namespace optichain::models {
namespace {

constexpr int most_attempts = 3;  // at a run that is killed from outside

/// Signals that say nothing about the run: somebody, or a machine short of memory, sent them.
bool comes_from_outside(int signal) {
  return signal == SIGKILL || signal == SIGTERM || signal == SIGINT || signal == SIGHUP ||
         signal == SIGXCPU;
}

/// A text without any mention of the folder, so that it is the same wherever the folder is.
std::string without(const std::string& folder, std::string text) {
  for (std::size_t at; (at = text.find(folder)) != std::string::npos;)
    text.erase(at, folder.size());
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

/// One point: its scenario is read once and all its replications start from there.
class PointWorker {
 public:
  PointWorker(const SweepFiles& files, const Plan& plan, std::uint64_t point,
              const volatile std::sig_atomic_t* stop)
      : plan_(plan), stop_(stop) {
    try {
      const LoadedStudy& study = plan.study;
      scenario_ = study.at(study.policy_of(point), study.future_of(point));
      catalog_.emplace(scenario_.scenario);
      if (plan.kept.needs_bound()) bound_ = bound_if_known(*catalog_);
    } catch (const sim::InputError& e) {
      invalid_ = "the scenario is not valid: " + without(files.folder.string() + "/", e.what());
    } catch (const sim::Error& e) {
      invalid_ = e.what();
    }
  }

  /// What stands in the line of a replication: its figures, or why there are none.
  struct Line {
    sim::Json json;
    bool failed = false;
  };
  Line run(std::uint64_t replication) {
    if (!invalid_.empty()) return failure(invalid_);
    for (int attempt = 1;; ++attempt) {
      const auto outcome = sim::run_jobs(1, {.jobs = 1, .stop = stop_}, [&](std::size_t) {
                             World world(*catalog_, {plan_.seed(), replication}, stop_);
                             return result(world.run());
                           }).front();
      using Status = sim::Outcome::Status;
      switch (outcome.status) {
        case Status::done:
          return {*sim::parse_json(outcome.text), false};
        case Status::stopped:
          throw sim::Interrupted("stopped by a signal");
        case Status::failed:
          return failure(outcome.text);
        case Status::crashed:
          if (!comes_from_outside(outcome.signal)) return failure(outcome.text);
          if (attempt == most_attempts) std::raise(outcome.signal);
      }
    }
  }

 private:
  static Line failure(const std::string& reason) { return {{{"failure", reason}}, true}; }

  /// In the process of the replication.
  std::string result(Results results) const {
    if (bound_) add_bound(results, *bound_);
    sim::Json json = {{"fingerprint", results.fingerprint}, {"values", plan_.kept.values(results)}};
    for (const Kept::Curve& kept : plan_.kept.series) {
      sim::Json values = nullptr;  // a series that stays zero is not reported
      for (const Series& s : results.series) {
        if (s.entity == kept.entity && s.measure == kept.measure) values = s.values;
      }
      json["series"].push_back(std::move(values));
    }
    return sim::json_line(json);
  }

  const Plan& plan_;
  const volatile std::sig_atomic_t* stop_;
  LoadedScenario scenario_;
  std::optional<Catalog> catalog_;
  std::optional<double> bound_;
  std::string invalid_;
};

}  // namespace

std::string run_chunk(const SweepFiles& files, const Plan& plan, const PointIndex& index,
                      const Chunk& chunk, const volatile std::sig_atomic_t* stop,
                      const std::function<void(bool failed)>& on_run) {
  sim::ChunkWriter writer(files.chunk(chunk.id), chunk_head(plan, index, chunk));
  for (const RunRange& range : chunk.runs) {
    for (std::uint64_t p = range.point; p < range.point + range.points; ++p) {
      PointWorker point(files, plan, p, stop);
      for (std::uint64_t r = range.first; r < range.first + range.replications; ++r) {
        const auto line = point.run(r);
        sim::Json json = {{"point", sim::hash_digits(index.id(p))}, {"replication", r}};
        json.update(line.json);
        writer.add(json, line.failed);
        on_run(line.failed);
      }
    }
  }
  writer.publish();
  return "";
}

}  // namespace optichain::models
