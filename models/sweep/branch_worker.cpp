#include "models/sweep/branch_worker.hpp"

#include <map>
#include <optional>
#include <utility>

#include "models/run/replicate.hpp"
#include "models/world/branch.hpp"

namespace optichain::models::sweep {
namespace {

using Points = std::vector<std::uint64_t>;

/// The options that are wanted in one future: their scenarios are read once.
class FutureWorker {
 public:
  FutureWorker(const SweepFiles& files, const Plan& plan, Points points,
               const volatile std::sig_atomic_t* stop)
      : files_(files), plan_(plan), points_(std::move(points)), stop_(stop) {
    std::vector<Scenario> options;
    for (const std::uint64_t point : points_) options_.push_back(read(point, options));
    invalid_ = why_not(files, [&] {
      const std::size_t future = plan.study.future_of(points_.front());
      branch_.emplace(plan.study.in_future(future).scenario, std::move(options),
                      plan.study.study.decision->date);
    });
  }

  /// A line for each point, in their order.
  std::vector<RunLine> run(std::uint64_t replication) {
    if (!invalid_.empty()) return for_all(invalid_);
    const sim::Outcome outcome = run_isolated(
        stop_, sim::Retry::killed, [&] { return sim::json_line(branch_all(replication)); });
    if (outcome.status != sim::Outcome::Status::done) return for_all(outcome.text);
    return lines_of(*sim::parse_json(outcome.text));
  }

 private:
  struct Option {
    std::size_t number = 0;  // among those that are valid
    std::optional<network::ExpectedBound> bound;
    std::string invalid;
  };

  Option read(std::uint64_t point, std::vector<Scenario>& options) const {
    Option option{options.size(), {}, {}};
    option.invalid = why_not(files_, [&] {
      const study::LoadedStudy& study = plan_.study;
      scenario::LoadedScenario loaded = study.at(study.policy_of(point), study.future_of(point));
      if (plan_.selection.needs_bound()) {
        option.bound = run::bound_if_known(Catalog(loaded.scenario), plan_.seed(), stop_);
      }
      options.push_back(std::move(loaded.scenario));
    });
    return option;
  }

  /// In a process of its own: the past, and then each option in a process that is forked from it.
  sim::Json branch_all(std::uint64_t replication) {
    world::World world(branch_->catalog(), {plan_.seed(), replication}, stop_);
    world.run_until(branch_->moment_before());
    sim::Json all = sim::Json::array();
    for (const Option& option : options_) {
      all.push_back(option.invalid.empty() ? branch(world, option)
                                           : failed_run(option.invalid).json);
    }
    return all;
  }
  /// One that is killed ends the process of the past, too, and all are tried again.
  sim::Json branch(world::World& world, const Option& option) {
    const sim::Outcome outcome = run_isolated(stop_, sim::Retry::never, [&] {
      branch_->take(option.number, world);
      return sim::json_line(done_run(plan_.selection, world, option.bound).json);
    });
    return line_of(outcome).json;
  }

  static std::vector<RunLine> lines_of(const sim::Json& all) {
    std::vector<RunLine> lines;
    for (const sim::Json& json : all) lines.push_back({json, json.contains("failure")});
    return lines;
  }
  std::vector<RunLine> for_all(const std::string& reason) const {
    return std::vector<RunLine>(points_.size(), failed_run(reason));
  }

  const SweepFiles& files_;
  const Plan& plan_;
  const Points points_;
  const volatile std::sig_atomic_t* stop_;
  std::vector<Option> options_;
  std::optional<world::BranchPoint> branch_;
  std::string invalid_;
};

}  // namespace

void run_branches(const SweepFiles& files, const Plan& plan, const Chunk& chunk,
                  const volatile std::sig_atomic_t* stop,
                  const std::function<void(std::uint64_t, std::uint64_t, const RunLine&)>& on_run) {
  // by future, then by what is wanted of it, the replications
  std::map<std::uint64_t, std::map<std::uint64_t, Points>> wanted;
  for (const RunRange& range : chunk.runs) {
    for (std::uint64_t p = range.point; p < range.point + range.points; ++p) {
      for (std::uint64_t r = range.first; r < range.first + range.replications; ++r) {
        wanted[plan.study.future_of(p)][r].push_back(p);
      }
    }
  }
  for (const auto& [future, replications] : wanted) {
    std::optional<FutureWorker> worker;
    const Points* points = nullptr;
    for (const auto& [replication, here] : replications) {
      if (!points || *points != here) worker.emplace(files, plan, here, stop);
      points = &here;
      const auto lines = worker->run(replication);
      for (std::size_t i = 0; i < here.size(); ++i) on_run(here[i], replication, lines[i]);
    }
  }
}

}  // namespace optichain::models::sweep
