#pragma once
// The order desk of one offer: open orders, allocation of what is scarce, the lead time quoted.

#include <memory>
#include <span>

#include "models/agents/channel.hpp"
#include "models/policy/allocation.hpp"
#include "models/policy/forecast.hpp"

namespace optichain::models {

class OrderDesk {
 public:
  struct Handles {
    MeterId backlog;
  };

  /// `channels` are those of all buyers, in the order of the catalog's entry.
  OrderDesk(const Context& context, OfferId id, std::vector<Channel*> channels,
            double initial_per_week);

  OfferId id() const { return id_; }
  const Catalog::OfferEntry& entry() const { return entry_; }

  /// Takes note of the orders that came in during the last `weeks`, then ships what the policy awards.
  void allocate_and_ship(double weeks);

  /// Open orders of all buyers.
  Pieces backlog() const;
  /// Open orders of the buyers who accept a variant now.
  Pieces backlog_accepting(std::size_t variant) const;
  /// How many pieces of each variant the open orders and `future` more are best met with: each buyer's
  /// part by the intended mix over what that buyer accepts.
  std::vector<double> wanted_by_variant(double future) const;
  /// Orders that came in between the last two reviews.
  Pieces last_intake() const { return last_intake_; }
  /// Expected future orders.
  const Forecast& forecast() const { return forecast_; }
  Pieces on_hand() const;

  /// Time to work off what is owed at the recent rate of shipping (Little 1961), in weeks.
  double quoted_weeks() const;

  void record() const;

 private:
  void ship_variant(std::size_t variant);
  int rank_of(const Channel& channel) const;

  const Context& context_;
  OfferId id_;
  const Catalog::OfferEntry& entry_;
  std::vector<Channel*> channels_;
  std::vector<int> ranks_;
  std::vector<double> history_;       // pieces received per channel, fading
  std::vector<double> intake_rates_;  // orders per week and channel, smoothed
  Forecast forecast_;
  double shipping_per_week_;      // recent rate, smoothed
  Pieces last_intake_;
  Pieces shipped_now_;
  Handles meters_;
};

}  // namespace optichain::models
