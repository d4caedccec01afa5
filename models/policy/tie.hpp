#pragma once
// Who comes first of those that are alike in all that a decision looks at.

#include <string_view>

#include "sim/base/random.hpp"

namespace optichain::models::policy {

/// A number from 0 to a millionth, drawn for `party` in the splits of one kind. It is added to what
/// a party is owed where that is compared, and nowhere else: larger than rounding, smaller than a
/// debt, so that it decides among equals alone, and all of them are as likely to be first. As every
/// draw it belongs to the run and to names, whatever else a scenario says: the past of a fork is
/// the same, and over replications a name has no part in it.
inline double drawn_tie(sim::RunSeed run, std::string_view party, std::string_view split) {
  return 1e-6 * sim::Stream(run, party, split).uniform_at(0);
}

}  // namespace optichain::models::policy
