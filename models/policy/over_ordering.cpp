#include "models/policy/over_ordering.hpp"

#include <algorithm>
#include <cmath>

#include "sim/base/quantity.hpp"

namespace optichain::models::policy {
namespace {

Pieces whole_part(double pieces) {
  return Pieces{sim::to_whole(std::floor(pieces))};
}

}  // namespace

OverOrders::OverOrders(const OverOrdering& terms, double per_week, Pieces lot)
    : terms_(terms),
      lot_(lot),
      ordered_(per_week * terms.memory_weeks),
      shipped_(per_week * terms.memory_weeks) {}

void OverOrders::observe(double ordered, double shipped, double weeks) {
  const double fade = std::exp(-weeks / terms_.memory_weeks);
  ordered_ = ordered_ * fade + ordered;
  shipped_ = shipped_ * fade + shipped;
}

double OverOrders::fill_rate() const {
  return shipped_ < ordered_ ? shipped_ / ordered_ : 1;
}

double OverOrders::factor() const {
  const double fill = fill_rate();
  if (fill >= 1 || terms_.sensitivity == 0) return 1;
  return fill > 0 ? std::min(terms_.cap, std::pow(fill, -terms_.sensitivity)) : terms_.cap;
}

Pieces OverOrders::settle(Pieces outstanding) {
  const Pieces beyond = std::max(Pieces{0}, excess_ - outstanding);
  excess_ -= beyond;
  return beyond;
}

void OverOrders::give_up(Pieces pieces, Pieces outstanding) {
  if (!pieces) return;
  const double kept = to_double(outstanding - pieces) / to_double(outstanding);
  excess_ = std::min(whole_part(kept * to_double(excess_)), outstanding - pieces);
}

Pieces OverOrders::take_back(Pieces pieces, Pieces outstanding) {
  const Pieces before = excess_;
  give_up(pieces, outstanding);
  ordered_ = std::max(0.0, ordered_ - to_double(pieces));
  return pieces - (before - excess_);
}

OverOrders::Decision OverOrders::decide(Pieces need, Pieces outstanding,
                                        std::optional<Pieces> room) {
  const double more = factor() - 1;
  const Pieces allowed = whole_part(more * (to_double(outstanding - excess_) + to_double(need)));
  if (excess_ <= allowed) {
    // what is not allowed is not made up for
    const Pieces extra{carry_.take(more * to_double(need) / to_double(lot_)) * lot_.count()};
    Pieces added = std::min(extra, allowed - excess_);
    if (room) added = std::min(added, std::max(Pieces{0}, *room - need));
    added = in_whole_lots(added, lot_);
    excess_ += added;
    return {need + added, Pieces{0}};
  }
  const Pieces taken = in_whole_lots(std::min(need, excess_ - allowed), lot_);
  excess_ -= taken;
  return {need - taken, in_whole_lots(excess_ - allowed, lot_)};
}

void OverOrders::cancelled(Pieces pieces) {
  excess_ -= pieces;
  ordered_ = std::max(0.0, ordered_ - to_double(pieces));
}

}  // namespace optichain::models::policy
