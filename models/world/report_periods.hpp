#pragma once
// The periods that key figures are given for.

#include <cstddef>
#include <string>
#include <vector>

#include "models/catalog/catalog.hpp"

namespace optichain::models::world {

/// Spans of time that key figures are given for, by the period marks that bound them.
struct ReportPeriod {
  std::string name;
  std::size_t from_mark;
  std::size_t to_mark;
  bool is_quarter;
};
/// The quarters, the years and `all`, where mark i is the begin of quarter i.
std::vector<ReportPeriod> report_periods(const Catalog& catalog);

}  // namespace optichain::models::world
