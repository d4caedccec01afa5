#pragma once
// A recipe's own limit (`max_starts_per_week`) where review is continuous: it allows its pieces as
// time goes on, a token bucket.

#include <algorithm>

#include "sim/base/curve.hpp"
#include "sim/base/time.hpp"

namespace optichain::models::policy {

/// How often at most it is looked at while starts wait for it: of a limit of millions of pieces
/// each of them would be looked at alone.
inline sim::Duration look_every(sim::Duration review) {
  constexpr int most_looks = 100;  // between two reviews
  return review / most_looks;
}

/// The whole pieces that may be allowed and unused at a time, at most, to which a fraction of one
/// may come: a piece, or the lot that is started, or what comes between two looks. `per_week` is
/// the limit.
inline double most_unused(const sim::Curve& per_week, sim::Time now, sim::Duration look_every,
                          double lot) {
  return std::max(lot, per_week.integral(now - look_every, now) / sim::seconds_per_week);
}

}  // namespace optichain::models::policy
