#pragma once
// What `optichain reproduce --consistency` and `--calibrate` show.

#include "models/claims/calibrate.hpp"
#include "models/claims/consistency.hpp"
#include "sim/output/table.hpp"

namespace optichain::models::report {

/// In how many futures each claim holds, and the input that decides it.
sim::Table share_table(const claims::Consistency& found);
/// The largest sets of claims that hold together: what each lacks of all.
sim::Table set_table(const claims::Consistency& found, std::size_t most = 8);
/// Pairs that never hold together, and the input that decides.
sim::Table conflict_table(const claims::Consistency& found);

/// What was fitted, and how well it is pinned down.
sim::Table parameter_table(const claims::CalibrationResult& found);
/// Figures before and after.
sim::Table fit_table(const claims::LoadedClaims& claims, const claims::CalibrationResult& found);

}  // namespace optichain::models::report
