#include "models/agents/site_agent.hpp"

#include <algorithm>

#include "sim/kernel/calendar.hpp"

namespace optichain::models {

SiteAgent::SiteAgent(const Context& context, SiteId id, std::vector<OrderDesk*> desks,
                     std::vector<Buyer::Input> inputs,
                     std::span<const std::unique_ptr<sim::Line>> lines)
    : context_(context),
      id_(id),
      entry_(context.catalog[id]),
      desks_(std::move(desks)),
      floor_(context, id, lines),
      planner_(context, id, desks_, lines, floor_),
      buyer_(context, std::move(inputs)) {
  for (const StockId s : entry_.stocks) {
    charges_levels_ = charges_levels_ || context.catalog[s].stock->holding_usd_per_piece_week > 0;
  }
  for (const OrderDesk* desk : desks_) {
    charges_levels_ = charges_levels_ || desk->entry().offer->backlog_usd_per_piece_week > 0;
  }
}

void SiteAgent::live(sim::Agent& self) {
  const PartyId party = context_.catalog.party(id_);
  const sim::Duration every = context_.catalog.review_every(party);
  const double weeks = sim::to_weeks(every);
  sim::Time review = context_.catalog.begin() + context_.catalog.review_offset(party);
  double since_last = 0;  // nothing can be observed before the first review

  // who has nothing to do at a review would never wait for the next one
  const bool idle = desks_.empty() && !planner_.has_recipes() && !buyer_.has_inputs();
  if (idle && !charges_levels_) return;

  while (true) {
    if (!desks_.empty()) {
      self.wait_until(review, phase::allocation);
      for (OrderDesk* desk : desks_) desk->allocate_and_ship(since_last);
    }
    if (planner_.has_recipes()) {
      self.wait_until(review, phase::planning);
      planner_.plan_and_start(weeks);
    }
    if (buyer_.has_inputs()) {
      self.wait_until(review, phase::ordering);
      buyer_.order(planner_, weeks);
    }
    if (charges_levels_) {
      self.wait_until(review, phase::charging);
      charge_levels(weeks);
    }
    since_last = weeks;
    review += every;
  }
}

/// Charges for what is in stock and what is owed after the review, for the time until the next.
void SiteAgent::charge_levels(double weeks) const {
  const PartyId party = context_.catalog.party(id_);
  for (const StockId s : entry_.stocks) {
    const double rate = context_.catalog[s].stock->holding_usd_per_piece_week;
    context_.accounts.pay_outside(party, Account::holding,
                                  usd(rate * weeks * to_double(context_.on_hand(s))));
  }
  for (const OrderDesk* desk : desks_) {
    const double rate = desk->entry().offer->backlog_usd_per_piece_week;
    context_.accounts.pay_outside(party, Account::backlog,
                                  usd(rate * weeks * to_double(desk->backlog())));
  }
}

}  // namespace optichain::models
