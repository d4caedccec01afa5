#include "models/policy/replenishment.hpp"

#include <algorithm>

namespace optichain::models {

double replenishment_quantity(const Replenishment& policy, const InventoryState& s,
                              const Forecast& forecast) {
  struct Visitor {
    const InventoryState& s;
    const Forecast& forecast;
    double position() const { return s.on_hand + s.pipeline - s.backlog; }
    double operator()(const OrderUpTo& p) const {
      const double cover =
          std::min(s.lead_weeks, p.lead_time_cap_weeks) + s.review_weeks + p.safety_weeks;
      return forecast.over(cover) - position();
    }
    double operator()(const BaseStock& p) const {
      return static_cast<double>(p.level_pieces.count()) - position();
    }
    double operator()(const AnchorAndAdjust& p) const {
      const double gap = p.target_pieces - (s.on_hand - s.backlog) - p.beta * s.pipeline;
      return forecast.over(s.review_weeks) + p.alpha * gap;
    }
  };
  return std::max(0.0, std::visit(Visitor{s, forecast}, policy));
}

}  // namespace optichain::models
