#pragma once
// The rules that make a scenario valid beyond the form of its values: that names refer to things
// that exist, that what is used can be had, that the network has no cycle.

#include "models/catalog/scenario.hpp"
#include "sim/base/diagnostics.hpp"
#include "sim/input/document.hpp"
#include "sim/input/reader.hpp"
#include "sim/input/unread.hpp"

namespace optichain::models::scenario {

/// Adds an error for every rule that is broken, at the place in the document where it is. What was
/// not read breaks none.
void check_rules(const Scenario& scenario, const sim::Document& document,
                 const std::vector<sim::Input>& inputs, const sim::Unread& unread,
                 sim::Diagnostics& diagnostics);

}  // namespace optichain::models::scenario
