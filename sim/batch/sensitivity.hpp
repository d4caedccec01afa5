#pragma once
// Sobol' indices: which part of the variance of an output each input explains, alone (first order)
// and with all its interactions (total), from the rows of sobol_indices_design().

#include <cstdint>
#include <span>
#include <vector>

namespace optichain::sim {

struct Interval {
  double low = 0, high = 0;
};

struct SobolIndex {
  double first = 0, total = 0;
  Interval first_95, total_95;  // percentiles of the bootstrap
};

/// Indices of each of `factors` inputs. `outputs` are those of blocks of factors + 2 rows: A, B,
/// and A with one input after the other from B. First order after Saltelli et al. (2010, table 2 b,
/// their estimator of Sobol' 2007 with centred outputs), total after Jansen (1999):
///
///   first = mean(B (AB_i - A)) / V,   total = mean((A - AB_i)^2) / 2 V,   V of A and B together.
///
/// The intervals resample blocks (Archer, Saltelli and Sobol' 1997). All are 0 if nothing varies.
/// Requires whole blocks, at least two.
std::vector<SobolIndex> sobol_indices(std::span<const double> outputs, std::size_t factors,
                                      std::uint64_t seed = 1, std::size_t resamples = 500);

}  // namespace optichain::sim
