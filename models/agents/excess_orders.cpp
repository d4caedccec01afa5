#include "models/agents/excess_orders.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "models/policy/apportion.hpp"

namespace optichain::models::agents {

ExcessOrders::ExcessOrders(const books::Meters& meters, const policy::OverOrdering& terms,
                           const std::vector<Source>& sources, double per_week, Pieces lot)
    : meters_(meters),
      lot_(lot),
      owed_(sources.size(), 0),
      owed_less_(sources.size(), 0),
      owed_cancels_(sources.size(), 0),
      orders_(terms, per_week, lot) {
  for (const Source& source : sources) {
    sources_.push_back(source.channel);
    at_.push_back(source.over_orders);
    ties_.push_back(source.tie);
    everywhere_ = everywhere_ && source.over_orders;
    if (source.over_orders) channels_.push_back(source.channel);
  }
}

Pieces ExcessOrders::not_shipped() const {
  Pieces sum{0};
  for (const trade::Channel* channel : channels_) sum += channel->not_shipped();
  return sum;
}

Pieces ExcessOrders::review(double weeks) {
  std::int64_t shipped = 0;
  for (const trade::Channel* c : channels_) shipped += meters_.total(c->meters().shipped);
  const auto since = static_cast<double>(shipped - std::exchange(shipped_before_, shipped));
  orders_.observe(to_double(std::exchange(last_order_, Pieces{0})), since, weeks);
  give_up_withdrawn();  // by programs
  return orders_.settle(not_shipped());
}

void ExcessOrders::give_up_withdrawn() {
  std::int64_t total = 0;
  for (const trade::Channel* c : channels_) total += meters_.total(c->meters().withdrawn);
  const Pieces withdrawn{total - std::exchange(withdrawn_before_, total)};
  orders_.give_up(withdrawn, not_shipped() + withdrawn);
}

Pieces ExcessOrders::take_back(const trade::Channel& from, Pieces pieces) {
  if (std::find(channels_.begin(), channels_.end(), &from) == channels_.end()) return pieces;
  give_up_withdrawn();
  return orders_.take_back(pieces, not_shipped());
}

Pieces ExcessOrders::decide(Pieces need, std::optional<Pieces> room) {
  const policy::OverOrders::Decision decision = orders_.decide(need, not_shipped(), room);
  if (decision.cancel > Pieces{0}) orders_.cancelled(cancel(decision.cancel));
  last_order_ += decision.order;  // there may be several between two reviews
  return decision.order;
}

/// Orders more, or less after more than is needed was ordered, of the parts of a need where it
/// pays: in proportion to them, in whole lots.
void ExcessOrders::order_more_at_some(std::span<std::int64_t> parts, std::optional<Pieces> room) {
  const std::int64_t lot = lot_.count();
  std::vector<std::int64_t> lots;
  Pieces need{0};
  for (std::size_t c = 0; c < parts.size(); ++c) {
    lots.push_back(at_[c] ? parts[c] / lot : 0);
    need += Pieces{lots[c] * lot};
    if (room) *room -= Pieces{parts[c] - lots[c] * lot};
  }
  const Pieces ordered = decide(need, room);
  if (ordered < need) {
    const auto less =
        policy::apportion_within((need - ordered).count() / lot, lots, owed_less_, ties_);
    for (std::size_t c = 0; c < parts.size(); ++c) parts[c] -= less[c] * lot;
  } else {
    const std::vector<double> weights(lots.begin(), lots.end());
    const auto more = policy::apportion((ordered - need).count() / lot, weights, owed_, ties_);
    for (std::size_t c = 0; c < parts.size(); ++c) parts[c] += more[c] * lot;
  }
}

/// Takes from each seller in proportion to what can be cancelled there.
Pieces ExcessOrders::cancel(Pieces pieces) {
  std::vector<std::int64_t> lots;
  for (std::size_t c = 0; c < sources_.size(); ++c) {
    lots.push_back(at_[c] ? sources_[c]->cancellable(lot_).count() / lot_.count() : 0);
  }
  const std::int64_t most = std::accumulate(lots.begin(), lots.end(), std::int64_t{0});
  const auto parts = policy::apportion_within(std::min(pieces.count() / lot_.count(), most), lots,
                                              owed_cancels_, ties_);
  Pieces cancelled{0};
  for (std::size_t c = 0; c < parts.size(); ++c) {
    if (parts[c] == 0) continue;
    cancelled += sources_[c]->cancel_newest(Pieces{parts[c] * lot_.count()}, lot_);
  }
  return cancelled;
}

}  // namespace optichain::models::agents
