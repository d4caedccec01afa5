#pragma once
// A scenario out of the tables of a multi-echelon network, as they are published: stages, and arcs
// from a stage to the one that uses it.

#include <cstddef>
#include <string>

#include "sim/input/csv.hpp"

namespace optichain::models::scenario {

/// Two CSV files. Columns are found by their names (case, blanks, points, dashes and underscores do
/// not count), also by those of the networks that Willems published ("Data set: real-world
/// multiechelon supply chains used for inventory optimization", M&SOM 10 (2008) 19-23); others are
/// not looked at.
///
///     stages   name | Stage Name | stage          each once
///              lead_time | stageTime              in units of time
///              cost_added | stageCost | cost      USD a piece
///              demand_mean | avgDemand            pieces a unit of time; empty: nobody buys here
///              demand_sd | stDevDemand            the same; empty: demand does not vary
///              lead_time_sd | stdDev stageTime    empty: the lead time is certain
///     arcs     from | sourceStage | source        a stage
///              to | destinationStage | destination
///              pieces | quantity                  used for a piece of `to`; empty: 1
///
/// The first three of the stages and the first two of the arcs are required.
struct NetworkTables {
  std::string stages_file;
  std::string arcs_file;
  sim::CsvFormat format;
  double days_per_unit = 1;  // of time
  double review_days = 7;
  std::string name;
  std::string start, end;  // as in a scenario
};

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
