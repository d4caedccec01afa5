#pragma once
// How good forecasts were, once it is known what came.

#include <cstddef>
#include <span>

namespace optichain::sim {

/// The continuous ranked probability score of a forecast given as equally likely members, 0 at
/// best, in their unit: the mean distance to what came, less half the mean distance of two members
/// (Gneiting and Raftery, JASA 102, 2007), fair to small ensembles (Ferro, QJRMS 140, 2014). Of one
/// member it is the distance. Requires a member.
double fair_crps(std::span<const double> members, double observed);

/// A share that was counted, with its interval of 95 % (Clopper and Pearson 1934).
struct CountedShare {
  std::size_t count = 0, of = 0;
  double low = 0, high = 1;
};
/// Requires count <= of.
CountedShare counted_share(std::size_t count, std::size_t of);

}  // namespace optichain::sim
