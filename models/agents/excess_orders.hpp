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
  /// One of the channels.
  struct Source {
    trade::Channel* channel;
    bool over_orders;  // whether more than is needed is ordered there (see over_orders_at)
    double tie;        // which is first of those owed the same
  };
  /// `per_week` is what is needed at the beginning of all sources; it is ordered in whole lots.
  ExcessOrders(const books::Meters& meters, const policy::OverOrdering& terms,
               const std::vector<Source>& sources, double per_week, Pieces lot = Pieces{1});

  /// Takes note of what was shipped since the last review, `weeks` ago. Returns the pieces that
  /// were shipped beyond the need.
  Pieces review(double weeks);
  /// The part of what is ordered and not shipped that is not needed.
  Pieces pieces() const { return orders_.excess(); }
  /// Gives up what was withdrawn since this was last asked, of what is not shipped.
  void give_up_withdrawn();
  /// Pieces of an open order that its seller does not serve any more, before they are taken out of
  /// the order book; returns how many of them are needed.
  Pieces take_back(const trade::Channel& from, Pieces pieces);
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
  Pieces lot_;
  bool everywhere_ = true;
  // by source: where more is ordered than is needed, and what each is owed, in lots, of what is
  // more, of what is less, and of what is cancelled
  std::vector<bool> at_;
  std::vector<double> ties_, owed_, owed_less_, owed_cancels_;
  std::vector<trade::Channel*> sources_;
  std::vector<trade::Channel*> channels_;  // at which more is ordered than is needed
  policy::OverOrders orders_;
  Pieces last_order_{0};  // since the last review
  std::int64_t shipped_before_ = 0, withdrawn_before_ = 0;
};

}  // namespace optichain::models::agents
