#pragma once
// What a buyer orders of one product beyond its need, over all its channels: see
// models/policy/over_ordering.hpp.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "models/policy/over_ordering.hpp"
#include "models/trade/channel.hpp"

namespace optichain::models::agents {

class ExcessOrders {
 public:
  /// `per_week` is what is needed at the beginning of all `channels`; more than that is ordered
  /// `at` some of them (see over_orders_at).
  ExcessOrders(const books::Meters& meters, const policy::OverOrdering& terms,
               std::span<trade::Channel* const> channels, std::vector<bool> at, double per_week);

  /// Takes note of what was shipped since the last review, `weeks` ago. Returns the pieces that
  /// were shipped beyond the need.
  Pieces review(double weeks);
  /// The part of what is ordered and not shipped that is not needed.
  Pieces pieces() const { return orders_.excess(); }
  /// Gives up what was withdrawn since this was last asked, of what is not shipped.
  void give_up_withdrawn();
  /// What to order along each channel for a new need, which `split(pieces)` shares out over them:
  /// no more than `room`, if there is a limit, but for the need itself. Cancels orders that are too
  /// many by now. If it over-orders everywhere, what is ordered is shared out; else the need is,
  /// and more is ordered of the parts at some sellers.
  template <class Split>
  std::vector<std::int64_t> order_for(Pieces need, std::optional<Pieces> room, Split split) {
    if (everywhere_) return split(decide(need, room));
    std::vector<std::int64_t> parts = split(need);
    order_more_at_some(parts, room);
    return parts;
  }

 private:
  Pieces decide(Pieces need, std::optional<Pieces> room);
  void order_more_at_some(std::span<std::int64_t> parts, std::optional<Pieces> room);
  Pieces not_shipped() const;
  Pieces cancel(Pieces pieces);

  const books::Meters& meters_;
  std::vector<bool> at_;  // by channel of the buyer
  bool everywhere_;
  std::vector<trade::Channel*> channels_;  // at which more is ordered than is needed
  std::vector<double> owed_;               // to each of the buyer, of its share of what is more
  policy::OverOrders orders_;
  Pieces last_order_{0};  // since the last review
  std::int64_t shipped_before_ = 0, withdrawn_before_ = 0;
};

}  // namespace optichain::models::agents
