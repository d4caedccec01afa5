#pragma once
// What is counted in money and not paid: what orders that were given up or still wait would have
// earned the seller or would be worth to the customer, and what stocks would fetch. Nothing is owed
// for it, so it need not be exact: a run does not end because a value is too large to count.

#include <memory>
#include <span>
#include <vector>

#include "models/agents/context.hpp"
#include "models/agents/customer_agent.hpp"
#include "models/state/current_terms.hpp"
#include "models/state/inventory.hpp"
#include "models/state/realisation.hpp"
#include "models/trade/channel.hpp"

namespace optichain::models::agents {

class LostMargins {
 public:
  /// What else it needs of its world; all must outlive it.
  struct Context : CommonContext {
    const state::Realisation& real;
    const state::Inventory& inventory;
    const state::CurrentTerms& terms;
  };
  /// `channels` by ChannelId, `customers` by CustomerId. Built after the sites, whose meters say
  /// what was started.
  LostMargins(const Context& context, std::span<const std::unique_ptr<trade::Channel>> channels,
              std::span<const std::unique_ptr<CustomerAgent>> customers);

  /// Counts the orders given up along a channel since the last call, at the margin of now.
  void note_withdrawn(const trade::Channel& channel);
  /// Notes what was given up of a demand before anybody could be ordered from.
  void note_given_up(DemandId demand);
  /// Values open orders, what waits for somebody to order from, and stocks as of now, and records
  /// the values at a time.
  void value_open(sim::Time as_of);

 private:
  struct SiteMeters {
    books::MeterId lost_margin, waiting_margin, stock_value;
  };
  struct CustomerMeters {
    books::MeterId lost_value, waiting_value;
  };
  void record(books::MeterId meter, double usd, sim::Time as_of) const;
  double margin_usd(ChannelId channel) const;
  double cost_usd(StockId stock) const;
  double making_usd(RecipeId recipe) const;
  double buying_usd(PurchaseId purchase) const;
  double value_usd(DemandId demand) const;
  void lose_value(DemandId demand, double pieces);

  const Context& context_;
  std::span<const std::unique_ptr<trade::Channel>> channels_;
  std::span<const std::unique_ptr<CustomerAgent>> agents_;  // by CustomerId
  std::vector<double> lost_margin_, lost_value_;            // USD, by SiteId and CustomerId
  std::vector<SiteMeters> sites_;
  std::vector<CustomerMeters> customers_;
  std::vector<books::MeterId> started_;         // by RecipeId
  std::vector<std::int64_t> withdrawn_before_;  // by ChannelId
  std::vector<books::MeterId> given_up_;        // by DemandId
  std::vector<std::int64_t> given_up_before_;
};

}  // namespace optichain::models::agents
