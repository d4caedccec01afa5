#pragma once
// What was given to a run, what differs from another's, and what is dated in it.

#include <vector>

#include "models/report/page/page_types.hpp"
#include "sim/output/store.hpp"

namespace optichain::models::report {

std::vector<GivenInput> inputs(const std::vector<sim::InputRow>& inputs);

/// Each path whose value differs.
std::vector<ChangedInput> changes(const std::vector<sim::InputRow>& base,
                                  const std::vector<sim::InputRow>& other);

/// Outages and programs that act between two dates.
std::vector<DatedEvent> events(const std::vector<sim::InputRow>& inputs);

}  // namespace optichain::models::report
