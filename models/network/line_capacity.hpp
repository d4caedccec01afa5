#pragma once
// What lines can do, planned outages taken out.

#include <vector>

#include "models/catalog/realisation.hpp"

namespace optichain::models {

/// Capacity of every line in work per second, by LineId. Where outages overlap, what they leave
/// multiplies.
std::vector<sim::PiecewiseLinear> line_capacities(const Catalog& catalog, const Realisation& real);

}  // namespace optichain::models
