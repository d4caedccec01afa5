#include "models/world/price_index.hpp"

#include <cmath>

#include "models/measures/figure_name.hpp"

namespace optichain::models::world {
namespace {

/// What the pieces of period `base` would cost at the prices of period `p`, over what they did
/// cost.
double link(std::span<const Sold> products, std::size_t p, std::size_t base) {
  double now = 0, then = 0;
  for (const Sold& s : products) {
    if (s.pieces[p] <= 0 || s.pieces[base] <= 0) continue;
    now += s.spend[p] / s.pieces[p] * s.pieces[base];
    then += s.spend[base];
  }
  return then > 0 ? now / then : std::nan("");
}

}  // namespace

std::vector<double> price_index(std::span<const ReportPeriod> periods,
                                std::span<const Sold> products) {
  std::vector<double> index(periods.size(), std::nan(""));
  const std::size_t none = periods.size();
  std::size_t before = none;  // the last year with an index
  for (std::size_t y = 0; y < periods.size(); ++y) {
    const ReportPeriod& year = periods[y];
    if (year.is_quarter || year.name == measures::whole_run) continue;
    const std::size_t base = before == none ? y : before;
    const double level = before == none ? 1 : index[before];
    for (std::size_t q = year.from_mark; q < year.to_mark; ++q) {
      index[q] = level * link(products, q, base);
    }
    index[y] = level * link(products, y, base);
    if (!std::isnan(index[y])) before = y;
  }
  return index;
}

}  // namespace optichain::models::world
