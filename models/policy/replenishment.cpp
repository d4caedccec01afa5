#include "models/policy/replenishment.hpp"

#include <algorithm>
#include <cmath>

namespace optichain::models::policy {

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
    double operator()(const BaseStock& p) const { return to_double(p.level_pieces) - position(); }
    double operator()(const AnchorAndAdjust& p) const {
      const double gap = p.target_pieces - (s.on_hand - s.backlog) - p.beta * s.pipeline;
      return forecast.over(s.review_weeks) + p.alpha * gap;
    }
    double operator()(const EchelonBaseStock& p) const {
      return to_double(p.level_pieces) - (s.on_hand + s.pipeline + s.downstream);
    }
    double operator()(const MinMax& p) const {
      return position() <= to_double(p.min_pieces) ? to_double(p.max_pieces) - position() : 0;
    }
    double operator()(const ReorderQuantity& p) const {
      const double lot = to_double(p.quantity_pieces);
      const double below = to_double(p.reorder_pieces) - position();
      return below < 0 ? 0 : lot * (std::floor(below / lot) + 1);
    }
  };
  return std::max(0.0, std::visit(Visitor{s, forecast}, policy));
}

}  // namespace optichain::models::policy
