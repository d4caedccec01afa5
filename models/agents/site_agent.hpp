#pragma once
// A site: its order desks, its planner and its buyer, woken by the rhythm of its reviews.

#include <memory>
#include <string>
#include <vector>

#include "models/agents/buyer.hpp"
#include "models/agents/order_desk.hpp"
#include "models/agents/planner.hpp"

namespace optichain::models {

class SiteAgent {
 public:
  SiteAgent(const Context& context, SiteId id, std::vector<OrderDesk*> desks,
            std::vector<Buyer::Input> inputs, std::span<const std::unique_ptr<sim::Line>> lines);
  void put_initial() { floor_.put_initial(); }
  void add_agreement(const AgreementDesk& desk) { planner_.add_agreement(desk); }
  void add_earmark(Earmark& earmark) { floor_.add_earmark(earmark); }

  /// The agent's life: review after review, for ever.
  void live(sim::Agent& self);

  const Planner& planner() const { return planner_; }
  const ShopFloor& floor() const { return floor_; }

 private:
  void charge_levels(double weeks) const;

  const Context& context_;
  SiteId id_;
  const Catalog::SiteEntry& entry_;
  std::vector<OrderDesk*> desks_;
  ShopFloor floor_;
  Planner planner_;
  Buyer buyer_;
  bool charges_levels_ = false;
};

}  // namespace optichain::models
