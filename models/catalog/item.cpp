#include "models/catalog/item.hpp"

#include <cmath>

namespace optichain::models {

double left_by_erosion(const Item& item, sim::Time start, sim::Time now) {
  if (!item.erosion) return 1;
  const sim::Time from = item.erosion->from ? sim::Time{*item.erosion->from} : start;
  if (now <= from) return 1;
  return std::pow(1 - item.erosion->per_year, sim::to_days(now - from) / sim::days_per_year);
}

}  // namespace optichain::models
