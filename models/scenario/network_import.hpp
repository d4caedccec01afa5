#pragma once
// A scenario out of the tables of a multi-echelon network.

#include <cstddef>
#include <string>

#include "models/scenario/network_tables.hpp"

namespace optichain::models::scenario {

struct ImportedNetwork {
  std::string yaml;
  std::size_t stages = 0, arcs = 0, markets = 0;
};

/// Each stage becomes a site that makes one item out of those of the stages before it; who uses an
/// item buys it. A stage without a stage before it makes it out of nothing. Lead times and demand
/// that vary are gamma, which keeps their mean and standard deviation; the variances of the units
/// of time in a review period add up.
///
/// The chain begins in its steady state, everybody plans with what customers plan: without chance,
/// each stage makes what customers want, from the first review on, however long the chain is.
///
/// Throws InputError with all that is wrong. The scenario is valid.
ImportedNetwork import_network(const NetworkTables& tables);

}  // namespace optichain::models::scenario
