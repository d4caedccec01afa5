#pragma once
// Cutting what is missing of a sweep into chunks of work.

#include <cstdint>
#include <vector>

#include "models/sweep/plan.hpp"

namespace optichain::models::sweep {

struct ChunkSize {
  double seconds = 10;     // that a chunk should take
  std::uint64_t runs = 0;  // or so many runs, if not 0
};

/// Cuts what is missing into chunks, in the order of points and replications.
std::vector<Chunk> cut(const Plan& plan, const PointIndex& index, const Coverage& coverage,
                       const ChunkSize& size);

/// Runs to be done: of points that share an id, those of the first.
std::uint64_t missing_runs(const Plan& plan, const PointIndex& index, const Coverage& coverage);

}  // namespace optichain::models::sweep
