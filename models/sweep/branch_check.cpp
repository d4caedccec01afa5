#include "models/sweep/branch_check.hpp"

#include "models/world/archive.hpp"
#include "models/world/branch.hpp"
#include "sim/base/check.hpp"
#include "sim/base/hash.hpp"
#include "sim/batch/processor_time.hpp"
#include "sim/batch/workers.hpp"
#include "sim/output/json.hpp"

namespace optichain::models::sweep {
namespace {

using Hashes = std::vector<std::string>;  // of all that came of a run, by option

class Checker {
 public:
  Checker(const study::LoadedStudy& study, const volatile std::sig_atomic_t* stop)
      : seed_(static_cast<std::uint64_t>(study.study.seed)), stop_(stop) {
    std::vector<Scenario> options;
    for (std::size_t p = 0; p < study.policies.rows(); ++p) {
      options.push_back(study.at(p, 0).scenario);
    }
    options_ = options.size();
    branch_.emplace(study.in_future(0).scenario, std::move(options), study.study.decision->date);
  }

  Hashes branched(std::size_t replication) {
    const std::string text = in_process([&] {
      world::World world(branch_->catalog(), {seed_, replication}, stop_);
      world.run_until(branch_->moment_before());
      sim::Json hashes = sim::Json::array();
      for (std::size_t o = 0; o < options_; ++o) {
        hashes.push_back(in_process([&] { return taken(o, world); }));
      }
      return sim::json_line(hashes);
    });
    return sim::parse_json(text)->get<Hashes>();
  }

  Hashes whole(std::size_t replication) {
    Hashes hashes;
    for (std::size_t o = 0; o < options_; ++o) {
      hashes.push_back(in_process([&] {
        world::World world(branch_->catalog(), {seed_, replication}, stop_);
        world.run_until(branch_->moment_before());
        return taken(o, world);
      }));
    }
    return hashes;
  }
  std::size_t options() const { return options_; }

 private:
  std::string taken(std::size_t option, world::World& world) {
    branch_->take(option, world);
    const std::uint64_t figures = world::hash_of(world.run_without_series());
    return sim::hash_digits(figures) + sim::hash_digits(world.hash_of_series());
  }
  template <class F>
  std::string in_process(F f) const {
    const sim::Outcome outcome = sim::run_job(stop_, sim::Retry::never, f);
    if (outcome.status != sim::Outcome::Status::done) sim::fail("{}", outcome.text);
    return outcome.text;
  }

  std::uint64_t seed_;
  const volatile std::sig_atomic_t* stop_;
  std::size_t options_ = 0;
  std::optional<world::BranchPoint> branch_;
};

}  // namespace

BranchCheck check_branches(const study::LoadedStudy& study, std::size_t replications,
                           const volatile std::sig_atomic_t* stop) {
  Checker checker(study, stop);
  BranchCheck check{checker.options(), replications, 0, 0, {}};
  for (std::size_t r = 0; r < replications; ++r) {
    const double begin = sim::processor_time_of_children();
    const Hashes branched = checker.branched(r);
    const double between = sim::processor_time_of_children();
    const Hashes whole = checker.whole(r);
    check.branch_seconds += between - begin;
    check.whole_seconds += sim::processor_time_of_children() - between;
    for (std::size_t o = 0; o < whole.size(); ++o) {
      if (whole[o] != branched[o]) check.different.push_back(study.policy_name(o));
    }
  }
  return check;
}

}  // namespace optichain::models::sweep
