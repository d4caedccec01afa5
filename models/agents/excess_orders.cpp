#include "models/agents/excess_orders.hpp"

#include <utility>

#include "models/policy/apportion.hpp"

namespace optichain::models::agents {

ExcessOrders::ExcessOrders(const books::Meters& meters, const policy::OverOrdering& terms,
                           std::vector<trade::Channel*> channels, double per_week)
    : meters_(meters), channels_(std::move(channels)), orders_(terms, per_week) {}

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

Pieces ExcessOrders::order_for(Pieces need, std::optional<Pieces> room) {
  const policy::OverOrders::Decision decision = orders_.decide(need, not_shipped(), room);
  if (decision.cancel > Pieces{0}) orders_.cancelled(cancel(decision.cancel));
  last_order_ += decision.order;  // there may be several between two reviews
  return decision.order;
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
