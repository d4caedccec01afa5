#pragma once
// How many pieces a buyer still takes as new variants of a migration: every order brings the share
// of its day, and what it leaves may be used later.

#include <algorithm>
#include <cmath>
#include <vector>

#include "models/catalog/catalog.hpp"
#include "sim/base/check.hpp"

namespace optichain::models::trade {

class NewVariants {
 public:
  explicit NewVariants(const Catalog::ChannelEntry& entry)
      : entry_(entry), room_(entry.limits.size(), 0) {}

  void note_order(Pieces pieces, sim::Time now) {
    for (std::size_t l = 0; l < room_.size(); ++l) {
      room_[l] += entry_.limits[l].most->value(now) * to_double(pieces);
    }
  }
  /// How many of these pieces may be of a variant.
  Pieces within_limits(Pieces pieces, std::size_t variant) const {
    for (std::size_t l = 0; l < room_.size(); ++l) {
      if (!entry_.limits[l].is_new[variant]) continue;
      // sums of parts of pieces are exact up to rounding
      pieces = std::min(pieces, Pieces{sim::to_whole(std::floor(std::max(0.0, room_[l] + 1e-6)))});
    }
    return pieces;
  }
  void note_shipment(Pieces pieces, std::size_t variant) {
    for (std::size_t l = 0; l < room_.size(); ++l) {
      if (!entry_.limits[l].is_new[variant]) continue;
      room_[l] -= to_double(pieces);
      if (room_[l] < -1) {
        sim::fail("law broken: {} gets {:.0f} pieces of new variants more than its buyer takes",
                  entry_.name, -room_[l]);
      }
    }
  }

 private:
  const Catalog::ChannelEntry& entry_;
  std::vector<double> room_;  // by limit: pieces that may still be met with new variants
};

}  // namespace optichain::models::trade
