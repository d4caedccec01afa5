#pragma once
// What work has cost: user and system time, in seconds.

namespace optichain::sim {

/// Of this process so far.
double own_processor_time();
/// Of all processes below this one that have ended and were waited for, theirs included.
double processor_time_of_children();

}  // namespace optichain::sim
