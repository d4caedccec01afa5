#include "models/sweep/chunk_worker.hpp"

#include <csignal>

#include "models/run/replicate.hpp"
#include "models/sweep/branch_worker.hpp"
#include "models/sweep/run_line.hpp"
#include "models/sweep/state.hpp"
#include "models/world/world.hpp"
#include "sim/base/check.hpp"
#include "sim/base/hash.hpp"
#include "sim/batch/workers.hpp"
#include "sim/output/chunk_file.hpp"

namespace optichain::models::sweep {
namespace {

/// One point: its scenario is read once and all its replications start from there.
class PointWorker {
 public:
  PointWorker(const SweepFiles& files, const Plan& plan, std::uint64_t point,
              const volatile std::sig_atomic_t* stop)
      : plan_(plan), stop_(stop) {
    try {
      const study::LoadedStudy& study = plan.study;
      scenario_ = study.at(study.policy_of(point), study.future_of(point));
      catalog_.emplace(scenario_.scenario);
      if (plan.selection.needs_bound()) bound_ = run::bound_if_known(*catalog_);
    } catch (const sim::InputError& e) {
      invalid_ = not_valid(files.folder.string() + "/", e.what());
    } catch (const sim::Error& e) {
      invalid_ = e.what();
    }
  }

  RunLine run(std::uint64_t replication) {
    if (!invalid_.empty()) return failed_run(invalid_);
    for (int attempt = 1;; ++attempt) {
      const auto outcome = sim::run_jobs(1, {.jobs = 1, .stop = stop_}, [&](std::size_t) {
                             world::World world(*catalog_, {plan_.seed(), replication}, stop_);
                             return sim::json_line(done_run(plan_.selection, world, bound_).json);
                           }).front();
      switch (outcome.status) {
        case sim::Outcome::Status::done:
          return {*sim::parse_json(outcome.text), false};
        case sim::Outcome::Status::stopped:
          throw sim::Interrupted("stopped by a signal");
        case sim::Outcome::Status::failed:
          return failed_run(outcome.text);
        case sim::Outcome::Status::crashed:
          if (!comes_from_outside(outcome.signal)) return failed_run(outcome.text);
          if (attempt == most_run_attempts) std::raise(outcome.signal);
      }
    }
  }

 private:
  const Plan& plan_;
  const volatile std::sig_atomic_t* stop_;
  scenario::LoadedScenario scenario_;
  std::optional<Catalog> catalog_;
  std::optional<double> bound_;
  std::string invalid_;
};

}  // namespace

std::string run_chunk(const SweepFiles& files, const Plan& plan, const PointIndex& index,
                      const Chunk& chunk, const volatile std::sig_atomic_t* stop,
                      const std::function<void(bool failed)>& on_run) {
  sim::ChunkWriter writer(files.chunk(chunk.id), chunk_head(plan, index, chunk));
  const auto add = [&](std::uint64_t point, std::uint64_t replication, const RunLine& line) {
    sim::Json json = {{"point", sim::hash_digits(index.id(point))}, {"replication", replication}};
    json.update(line.json);
    writer.add(json, line.failed);
    on_run(line.failed);
  };
  if (plan.study.study.decision) {
    run_branches(files, plan, chunk, stop, add);
  } else {
    for (const RunRange& range : chunk.runs) {
      for (std::uint64_t p = range.point; p < range.point + range.points; ++p) {
        PointWorker point(files, plan, p, stop);
        for (std::uint64_t r = range.first; r < range.first + range.replications; ++r) {
          add(p, r, point.run(r));
        }
      }
    }
  }
  writer.publish();
  return "";
}

}  // namespace optichain::models::sweep
