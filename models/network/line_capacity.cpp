#include "models/network/line_capacity.hpp"

#include "sim/kernel/calendar.hpp"

namespace optichain::models {

std::vector<sim::PiecewiseLinear> line_capacities(const Catalog& catalog, const Realisation& real) {
  std::vector<sim::PiecewiseLinear> capacities;
  for (std::size_t l = 0; l < catalog.lines.size(); ++l) {
    std::vector<sim::Outage> outages;
    for (const auto& [name, o] : catalog.lines[l].line->outages) {
      outages.push_back({o.from, o.until.date + std::chrono::days{1}, o.left});
    }
    capacities.push_back(sim::with_outages(
        real.line_capacity[l].scaled(1 / sim::seconds_per_week).graph(), outages));
  }
  return capacities;
}

}  // namespace optichain::models
