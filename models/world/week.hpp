#pragma once
// The week: who does what at an instant, and in which order. The whole simulation is the table in
// week.cpp, again and again.

#include "models/world/recorder.hpp"

namespace optichain::models::world {

/// Puts on the agenda what everybody does first. From then on they put down for themselves what
/// they do next, always in the phases of the table.
void begin_week(Assembly& world, Recorder& recorder);

}  // namespace optichain::models::world
