#pragma once
// Who is asked for what lacks at a demand or stock point.

#include <span>
#include <vector>

#include "models/tracing/rules.hpp"

namespace optichain::models::tracing {

/// What a demand that counts lacks since the beginning.
struct Lack {
  DemandId demand;
  books::MeterId demanded, given_up;
  std::vector<books::MeterId> shipped, withdrawn;  // by channel of the demand
  std::int64_t unmet = 0;
  // Of a demand that is revised: how long the longest way takes, and what was wanted on shorter
  // notice.
  sim::Duration notice{};
  bool revised = false;
  std::int64_t demanded_before = 0;
  double unforeseen = 0;
  std::vector<Reason> not_ordered{};  // what waits for somebody to order from or gave that up, by
                                      // what was in the way when it began to wait

  /// What was in the way when pieces began to wait stays to blame for them until they are ordered.
  void note_not_ordered(double pieces, TraceNode reason);
};

class Inquiry {
 public:
  /// All must outlive it.
  Inquiry(const ChainView& chain, books::Meters& meters, Flows& flows);

  /// Finds out what stands behind the pieces that lack, and who is to blame for the rest. It holds
  /// until the next question.
  const Reasons& ask(Lack& lack, sim::Time now);
  const Reasons& ask(StockId stock, sim::Time now);
  /// The same of a demand that got more than it wanted.
  const Reasons& ask_surplus(DemandId demand, sim::Time now);

 private:
  Inspection begin(sim::Time now);
  void ask_seller(const Inspection& at, ChannelId channel, double owed);
  void ask_maker(const Inspection& at, StockId stock);
  void ask_sellers(const Inspection& at, StockId stock);
  struct Orders {
    double meant = 0;   // open orders that the seller means to meet with a stock
    double unseen = 0;  // orders that came in after it looked
  };
  Orders orders_for(StockId stock) const;

  ChainView chain_;
  const books::Meters& meters_;
  Flows& flows_;
  Reasons reasons_;
  std::vector<std::vector<OpenOrders::Diverted>> diverted_;  // by ChannelId
};

}  // namespace optichain::models::tracing
