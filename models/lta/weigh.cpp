#include "models/lta/weigh.hpp"

#include <algorithm>

#include "models/sweep/whole_sweep.hpp"

namespace optichain::models::lta {

Weighed weigh(const study::LoadedStudy& study, const sweep::SweepFiles& files,
              const sweep::SweepWork& work,
              const std::function<void(const sweep::SweepOutcome&)>& on_round) {
  const sweep::PilotRun pilot = sweep::pilot_run(study, work.stop);
  const std::int64_t most = study.study.decision->ranking.most_of(study.study.replications);
  for (std::int64_t replications = study.study.replications;;
       replications = std::min(2 * replications, most)) {
    study::LoadedStudy more = study;
    more.study.replications = replications;
    Weighed weighed{sweep::sweep_whole(std::move(more), pilot, files, work).work, nullptr};
    on_round(weighed.work);
    if (weighed.work.stopped || !std::filesystem::exists(files.folder / "results.sqlite")) {
      return weighed;
    }
    weighed.analysis = std::make_unique<const LtaAnalysis>(files.folder);
    const bool is_complete = weighed.work.failed + weighed.work.missing == 0;
    if (weighed.analysis->is_decided() || replications >= most || !is_complete) return weighed;
  }
}

}  // namespace optichain::models::lta
