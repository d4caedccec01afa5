#pragma once
// What was given to a run, what differs from another's, and what is dated in it.

#include <vector>

#include "sim/output/json.hpp"
#include "sim/output/store.hpp"

namespace optichain::models::report {

/// Each input: path, value, source, confidence, low, high, note.
sim::Json inputs_json(const std::vector<sim::InputRow>& inputs);

/// Each path whose value differs: path, value of the base, value here; null where it is not given.
sim::Json changes_json(const std::vector<sim::InputRow>& base,
                       const std::vector<sim::InputRow>& other);

/// Outages and programs that act between two dates: name, from, until.
sim::Json events_json(const std::vector<sim::InputRow>& inputs);

}  // namespace optichain::models::report
