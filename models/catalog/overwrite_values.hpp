#pragma once
// Other values for a world that is under way.

#include "models/catalog/scenario.hpp"

namespace optichain::models {

/// Gives a scenario the values of another one. Nothing in it moves, so that whoever holds a
/// pointer to a part of it sees the new values there. Requires the same entries in both, but for
/// agreements and programs: those that the other lacks stay as they are.
void overwrite_values(Scenario& scenario, Scenario&& values);

}  // namespace optichain::models
