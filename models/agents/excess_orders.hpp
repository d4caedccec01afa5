#pragma once
// What a buyer orders of one product beyond its need, over all its channels: see
// models/policy/over_ordering.hpp.

#include <optional>
#include <vector>

#include "models/policy/over_ordering.hpp"
#include "models/trade/channel.hpp"

namespace optichain::models::agents {

class ExcessOrders {
 public:
  /// `per_week` is what is needed at the beginning.
  ExcessOrders(const books::Meters& meters, const policy::OverOrdering& terms,
               std::vector<trade::Channel*> channels, double per_week);

  /// Takes note of what was shipped since the last review, `weeks` ago. Returns the pieces that
  /// were shipped beyond the need.
  Pieces review(double weeks);
  /// The part of what is ordered and not shipped that is not needed.
  Pieces pieces() const { return orders_.excess(); }
  /// Gives up what was withdrawn since this was last asked, of what is not shipped.
  void give_up_withdrawn();
  /// How many pieces to order for a new need. Cancels orders that are too many by now.
  Pieces order_for(Pieces need, std::optional<Pieces> room = std::nullopt);

 private:
  Pieces not_shipped() const;
  Pieces cancel(Pieces pieces);

  const books::Meters& meters_;
  std::vector<trade::Channel*> channels_;
  policy::OverOrders orders_;
  Pieces last_order_{0};  // since the last review
  std::int64_t shipped_before_ = 0, withdrawn_before_ = 0;
};

}  // namespace optichain::models::agents
