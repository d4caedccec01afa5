#pragma once
// One migration: at each review it looks at prices and lead times, decides where the
// share of the new is at each place, and sets it.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/agents/context.hpp"
#include "models/agents/order_desk.hpp"
#include "models/policy/migration.hpp"
#include "models/state/current_terms.hpp"
#include "models/state/realisation.hpp"
#include "sim/kernel/line.hpp"

namespace optichain::models::agents {

class MigrationAgent {
 public:
  /// What else it needs of its world; all must outlive it.
  struct Context : CommonContext {
    const state::Realisation& real;
    state::CurrentTerms& terms;
    const state::ContinuousReview& continuous_review;
  };
  /// `channels` by ChannelId, `desks` by OfferId, `lines` by LineId. It must stay where it
  /// is once it has begun.
  MigrationAgent(const Context& context, MigrationId id,
                 std::span<const std::unique_ptr<trade::Channel>> channels,
                 std::span<const std::unique_ptr<OrderDesk>> desks,
                 std::span<const std::unique_ptr<sim::Line>> lines);

  /// Reviews from now on, for ever.
  void begin();

 private:
  struct Pair {
    policy::Attraction to, from;
  };
  struct Leg {
    const Catalog::MigrationLeg* entry;
    const OrderDesk* desk;       // that sells what is made or bought here
    double share = 0;            // now
    double response = 0;         // log odds above those given
    std::optional<Pair> before;  // what the response is measured against
    books::MeterId share_meter;
  };

  void review();
  double next_share(Leg& leg) const;
  double respond(Leg& leg, const policy::ResponsiveShare& law, double given) const;
  policy::Attraction attraction(const Leg& leg, const std::vector<std::size_t>& ways) const;
  double price_usd(const Leg& leg, std::size_t way) const;
  double lead_weeks(const Leg& leg, std::size_t way) const;
  double cost_usd(RecipeId recipe) const;
  double lead_weeks(RecipeId recipe) const;
  double lead_weeks(PurchaseId purchase) const;
  double lead_weeks(StockId stock) const;
  void record();

  const Context& context_;
  const Catalog::MigrationEntry& entry_;
  std::span<const std::unique_ptr<trade::Channel>> channels_;
  std::span<const std::unique_ptr<OrderDesk>> desks_;
  std::span<const std::unique_ptr<sim::Line>> lines_;
  sim::Duration every_;
  std::vector<Leg> legs_;
  books::MeterId share_meter_;
};

}  // namespace optichain::models::agents
