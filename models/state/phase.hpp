#pragma once
// The phases of an instant. Who acts in which of them, and how that begins, is the table in
// models/world/week.cpp.

#include <cstddef>

#include "sim/kernel/kernel.hpp"

namespace optichain::models::state {

/// The order of things within one instant.
namespace phase {
inline constexpr sim::Phase closing{0};      // periods of the results end before anything happens
inline constexpr sim::Phase prepaying{1};    // what is due on a day ahead of deliveries is paid
inline constexpr sim::Phase arrivals{2};     // shipments arrive
inline constexpr sim::Phase completions{3};  // lots finish
inline constexpr sim::Phase programs{4};     // programs, migrations, qualifications
inline constexpr sim::Phase orders_in{5};    // customers order; orders reach their sellers
inline constexpr sim::Phase allocation{6};   // sellers allocate and ship
inline constexpr sim::Phase giving_up{7};    // customers give up what has taken too long
inline constexpr sim::Phase planning{8};     // makers plan and start lots
inline constexpr sim::Phase ordering{9};     // sites order their inputs
inline constexpr sim::Phase charging{10};    // what is kept and owed is charged; bills are paid
inline constexpr sim::Phase pricing{11};     // markets move prices
inline constexpr sim::Phase recording{12};   // causes are traced
inline constexpr sim::Phase settling{13};    // agreements are settled, in a period's last second
inline constexpr sim::Phase ending{14};      // a week of the series ends, at its last instant
inline constexpr std::size_t count = 15;
}  // namespace phase

}  // namespace optichain::models::state
