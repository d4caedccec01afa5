#pragma once
// Branches held against whole runs: whether they are the same to the byte, and what they save.

#include <csignal>
#include <cstddef>
#include <string>
#include <vector>

#include "models/study/load.hpp"

namespace optichain::models::sweep {

struct BranchCheck {
  std::size_t options = 0, replications = 0;
  double branch_seconds = 0;           // CPU of one past and all branches, over all replications
  double whole_seconds = 0;            // CPU of as many runs from the beginning
  std::vector<std::string> different;  // options whose figures, series or ledger differ
};

/// Runs every option of a study with a decision both ways, in its first future, one process at a
/// time. Throws Error if a run fails, Interrupted if it is stopped.
BranchCheck check_branches(const study::LoadedStudy& study, std::size_t replications,
                           const volatile std::sig_atomic_t* stop);

}  // namespace optichain::models::sweep
