#pragma once
// A site: its order desks, its planner and its buyer, woken by the rhythm of its reviews.

#include <memory>
#include <string>
#include <vector>

#include "models/agents/buyer.hpp"
#include "models/agents/level_costs.hpp"
#include "models/agents/order_desk.hpp"
#include "models/agents/planner.hpp"

namespace optichain::models::agents {

class SiteAgent final : public state::ReviewListener {
 public:
  /// What it and its parts need of their world; all must outlive it.
  struct Context {
    const Catalog& catalog;
    sim::Kernel& kernel;
    state::ContinuousReview& continuous_review;
    const ShopFloor::Context& floor;
    const Planner::Context& planner;
    const Buyer::Context& buyer;
    const LevelCosts::Context& costs;

    sim::Time now() const { return kernel.now(); }
  };
  SiteAgent(const Context& context, SiteId id, std::vector<OrderDesk*> desks,
            std::vector<Buyer::Input> inputs, std::span<const std::unique_ptr<sim::Line>> lines);
  void put_initial(const network::OpeningState& beginning) { floor_.put_initial(beginning); }
  void add_agreement(const agreement::AgreementAccount& account) {
    planner_.add_agreement(account);
  }
  void add_earmark(agreement::Earmark& earmark) { floor_.add_earmark(earmark); }

  /// The agent's life: review after review, for ever.
  void live(sim::Agent& self);
  /// Something changed: where review is continuous, it acts on it at this instant, unless it has
  /// done so a hundred times: then at the next change at a later one, or at its review.
  void on_change() override;
  /// Charges what is charged continuously up to a time, now or later.
  void charge_until(sim::Time until) { costs_.charge_until(until); }

  const Planner& planner() const { return planner_; }
  const ShopFloor& floor() const { return floor_; }

 private:
  /// What a site does in a review, one after the other: its phases.
  struct Step {
    sim::Phase phase;
    void (SiteAgent::*act)();
  };
  std::vector<Step> steps_of_review() const;
  void take_step(std::size_t step);
  void allocate();
  void plan();
  void order();
  void charge();
  void act_between_reviews();
  void tell_desks(std::span<const Planner::Takeover> takeovers);
  void tell_desks(std::span<const Buyer::SoldOn> sold_on);

  const Context& context_;
  SiteId id_;
  const Catalog::SiteEntry& entry_;
  std::vector<OrderDesk*> desks_;
  ShopFloor floor_;
  Planner planner_;
  Buyer buyer_;
  LevelCosts costs_;
  double review_weeks_;
  std::vector<Step> steps_;
  sim::Agent* self_ = nullptr;
  sim::Time review_{};           // this one, or the next
  double weeks_since_last_ = 0;  // nothing can be observed before the first review
  bool is_to_act_ = false;       // is going to act between reviews at this instant
  sim::Time last_act_{};
  int acts_ = 0;  // between reviews, at the instant of the last one
};

}  // namespace optichain::models::agents
