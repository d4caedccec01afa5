#pragma once
// The runs of one point: its scenario is read once, and all its replications start from there.

#include <csignal>
#include <optional>
#include <string>

#include "models/catalog/catalog.hpp"
#include "models/sweep/plan.hpp"
#include "models/sweep/run_line.hpp"

namespace optichain::models::sweep {

class PointWorker {
 public:
  /// The files and the plan must live as long as the worker.
  PointWorker(const SweepFiles& files, const Plan& plan, std::uint64_t point,
              const volatile std::sig_atomic_t* stop);

  /// Runs a replication in a process of its own. A failure is a line, too: of the replication, or
  /// of a scenario that is not valid.
  RunLine run(std::uint64_t replication);

 private:
  const Plan& plan_;
  const volatile std::sig_atomic_t* stop_;
  scenario::LoadedScenario scenario_;
  std::optional<Catalog> catalog_;
  std::optional<network::ExpectedBound> bound_;
  std::string invalid_;
};

}  // namespace optichain::models::sweep
