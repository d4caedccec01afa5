#pragma once
// What `optichain condition` shows.

#include <string>

#include "models/condition/condition.hpp"
#include "sim/output/table.hpp"

namespace optichain::models::condition {

/// How the futures came about and how far they can be trusted; why there are none if refused.
std::string summary(const Conditioned& found, const LoadedObservations& observations);

/// A row for each uncertainty: from where to where it was and is, and the spread left.
sim::Table input_table(const Conditioned& found);
/// A row for each figure: published, simulated beforehand, and what would be published afterwards.
sim::Table figure_table(const Conditioned& found);

}  // namespace optichain::models::condition
