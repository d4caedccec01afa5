#include "models/agents/excess_orders.hpp"

#include <algorithm>
#include <utility>

#include "models/policy/apportion.hpp"

namespace optichain::models::agents {

ExcessOrders::ExcessOrders(const books::Meters& meters, const policy::OverOrdering& terms,
                           std::span<trade::Channel* const> channels, std::vector<bool> at,
                           double per_week)
    : meters_(meters),
      at_(std::move(at)),
      everywhere_(std::find(at_.begin(), at_.end(), false) == at_.end()),
      owed_(channels.size(), 0),
      orders_(terms, per_week) {
  for (std::size_t c = 0; c < channels.size(); ++c) {
    if (at_[c]) channels_.push_back(channels[c]);
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

Pieces ExcessOrders::decide(Pieces need, std::optional<Pieces> room) {
  const policy::OverOrders::Decision decision = orders_.decide(need, not_shipped(), room);
  if (decision.cancel > Pieces{0}) orders_.cancelled(cancel(decision.cancel));
  last_order_ += decision.order;  // there may be several between two reviews
  return decision.order;
}

/// Orders more, or less after more than is needed was ordered, of the parts of a need where it
/// pays: in proportion to them.
void ExcessOrders::order_more_at_some(std::span<std::int64_t> parts, std::optional<Pieces> room) {
  std::vector<double> weights;
  Pieces need{0};
  for (std::size_t c = 0; c < parts.size(); ++c) {
    weights.push_back(at_[c] ? static_cast<double>(parts[c]) : 0);
    if (at_[c]) {
      need += Pieces{parts[c]};
    } else if (room) {
      *room -= Pieces{parts[c]};
    }
  }
  const Pieces ordered = decide(need, room);
  if (ordered < need) {
    const auto less = policy::apportion((need - ordered).count(), weights);
    for (std::size_t c = 0; c < parts.size(); ++c) parts[c] -= less[c];
  } else {
    const auto more = policy::apportion((ordered - need).count(), weights, owed_);
    for (std::size_t c = 0; c < parts.size(); ++c) parts[c] += more[c];
  }
}

/// Takes from each seller in proportion to what is open there.
Pieces ExcessOrders::cancel(Pieces pieces) {
  std::vector<double> weights;
  Pieces open{0};
  for (const trade::Channel* channel : channels_) {
    weights.push_back(to_double(channel->open()));
    open += channel->open();
  }
  const auto parts = policy::apportion(std::min(pieces, open).count(), weights);
  Pieces cancelled{0};
  for (std::size_t c = 0; c < parts.size(); ++c) {
    cancelled += channels_[c]->cancel_newest(Pieces{parts[c]});
  }
  return cancelled;
}

}  // namespace optichain::models::agents
