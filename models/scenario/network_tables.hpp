#pragma once
// The tables of a multi-echelon network, as they are published: stages, and arcs from a stage to
// the one that uses it.

#include <cstddef>
#include <string>
#include <vector>

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

inline constexpr double longest_lead_weeks = 1040;  // that orders can be told to cover

/// A row of the table, with what the arcs make of it.
struct NetworkStage {
  std::string name;
  std::string key;     // in the scenario
  std::string market;  // the key of its customers; empty if there are none
  std::size_t row = 0;
  double lead_days = 0, lead_sd_days = 0;
  double cost_added_usd = 0;
  double wanted_per_week = 0;  // by customers
  double relative_sd = 0;      // of what they want in a review period
  struct Input {
    std::size_t stage;
    double pieces;
  };
  std::vector<Input> inputs;
  double cost_usd = 0;  // with that of its inputs
};

/// In the order of their table, each with a key of its own. Throws InputError with all that is
/// wrong.
std::vector<NetworkStage> read_network_stages(const NetworkTables& tables);

}  // namespace optichain::models::scenario
