#include "models/world/report_periods.hpp"

#include "models/measures/figure_name.hpp"
#include "sim/base/time.hpp"

namespace optichain::models::world {

std::vector<ReportPeriod> report_periods(const Catalog& catalog) {
  const auto quarters = sim::quarters_between(catalog.start(), catalog.end());
  std::vector<ReportPeriod> periods;
  for (std::size_t q = 0; q < quarters.size(); ++q) {
    periods.push_back({quarters[q].name, q, q + 1, true});
  }
  for (std::size_t q = 0; q < quarters.size();) {
    const std::string year = quarters[q].name.substr(0, 4);
    std::size_t end = q;
    while (end < quarters.size() && quarters[end].name.starts_with(year)) ++end;
    periods.push_back({year, q, end, false});
    q = end;
  }
  periods.push_back({std::string(measures::whole_run), 0, quarters.size(), false});
  return periods;
}

}  // namespace optichain::models::world
