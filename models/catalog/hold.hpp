#pragma once
// What programs with a date hold up on a channel of trade: export controls, and exits of sellers.

#include <optional>
#include <vector>

#include "sim/base/id.hpp"
#include "sim/base/time.hpp"

namespace optichain::models {

using ProgramId = sim::Id<struct ProgramTag>;

/// After any date of a scenario.
inline constexpr sim::Time never{sim::Date{std::chrono::days{400'000}}};

/// A span of time in which a program changes what may go over a channel.
struct Hold {
  ProgramId program;
  sim::Time from, until;       // `until` is the first moment at which it does not hold any more
  double weight = 1;           // what it leaves of the channel's weight for new orders
  bool ships = true;           // whether pieces may be shipped
  bool withdraws = false;      // whether open orders are withdrawn if nothing else can meet them
  std::vector<bool> variants;  // of the offer, that it concerns

  bool holds(std::size_t variant, sim::Time now) const {
    return from <= now && now < until && variants[variant];
  }
};

/// What the holds of a channel leave of a variant's weight for new orders: a factor, 0 if blocked.
double weight_left(const std::vector<Hold>& holds, std::size_t variant, sim::Time now);
/// Whether a variant may be shipped.
bool may_ship(const std::vector<Hold>& holds, std::size_t variant, sim::Time now);
/// Whether a variant may be shipped at some moment of a span.
bool may_ship_within(const std::vector<Hold>& holds, std::size_t variant, sim::Time from,
                     sim::Time until);

}  // namespace optichain::models
