#include "models/sweep/point_worker.hpp"

#include "models/run/replicate.hpp"
#include "models/world/world.hpp"

namespace optichain::models::sweep {

PointWorker::PointWorker(const SweepFiles& files, const Plan& plan, std::uint64_t point,
                         const volatile std::sig_atomic_t* stop)
    : plan_(plan), stop_(stop) {
  invalid_ = why_not(files, [&] {
    const study::LoadedStudy& study = plan.study;
    scenario_ = study.at(study.policy_of(point), study.future_of(point));
    catalog_.emplace(scenario_.scenario);
    if (plan.selection.needs_bound()) {
      bound_ = run::bound_if_known(*catalog_, plan.seed(), stop);
    }
  });
}

RunLine PointWorker::run(std::uint64_t replication) {
  if (!invalid_.empty()) return failed_run(invalid_);
  const sim::Outcome outcome = run_isolated(stop_, sim::Retry::killed, [&] {
    world::World world(*catalog_, {plan_.seed(), replication}, stop_);
    return sim::json_line(done_run(plan_.selection, world, bound_).json);
  });
  return line_of(outcome);
}

}  // namespace optichain::models::sweep
