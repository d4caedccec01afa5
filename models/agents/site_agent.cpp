#include "models/agents/site_agent.hpp"

#include <utility>

#include "sim/kernel/calendar.hpp"

namespace optichain::models {
namespace {

// Where neither making nor bringing takes time, a site's own deeds come back to it at the same
// instant: what is made behind a buffer of 17 pieces would meet an order for a thousand million 17
// pieces at a time, all at once. What is not done after so many turns waits for time to go on.
constexpr int most_turns_at_once = 100;

}  // namespace

SiteAgent::SiteAgent(const Context& context, SiteId id, std::vector<OrderDesk*> desks,
                     std::vector<Buyer::Input> inputs,
                     std::span<const std::unique_ptr<sim::Line>> lines)
    : context_(context),
      id_(id),
      entry_(context.catalog[id]),
      desks_(std::move(desks)),
      floor_(context, id, lines),
      planner_(context, id, desks_, lines, floor_),
      buyer_(context, std::move(inputs)),
      costs_(context, id, desks_),
      review_weeks_(sim::to_weeks(context.catalog.review_every(context.catalog.party(id)))) {
  if (entry_.site->continuous_review) context.attention.listen(id, *this);
}

void SiteAgent::live(sim::Agent& self) {
  const PartyId party = context_.catalog.party(id_);
  const sim::Duration every = context_.catalog.review_every(party);
  const double weeks = review_weeks_;
  sim::Time review = context_.catalog.begin() + context_.catalog.review_offset(party);
  double since_last = 0;  // nothing can be observed before the first review

  // who has nothing to do at a review would never wait for the next one
  const bool idle = desks_.empty() && !planner_.has_recipes() && !buyer_.has_inputs();
  if (idle && !costs_.at_reviews()) return;

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
    if (costs_.at_reviews()) {
      self.wait_until(review, phase::charging);
      costs_.charge_review(weeks);
    }
    since_last = weeks;
    review += every;
  }
}

void SiteAgent::attend() {
  if (attending_) return;
  if (std::exchange(last_turn_, context_.now()) != context_.now()) turns_ = 0;
  if (turns_ == most_turns_at_once) return;
  ++turns_;
  attending_ = true;
  context_.kernel.at(
      context_.now(), phase::allocation, [this] { act_between_reviews(); }, &entry_.name);
}

void SiteAgent::act_between_reviews() {
  attending_ = false;
  for (OrderDesk* desk : desks_) desk->ship_between_reviews();
  if (planner_.has_recipes()) {
    context_.kernel.at(
        context_.now(), phase::planning, [this] { planner_.start_between_reviews(review_weeks_); },
        &entry_.name);
  }
  if (buyer_.has_inputs()) {
    context_.kernel.at(
        context_.now(), phase::ordering,
        [this] { buyer_.order_between_reviews(planner_, review_weeks_); }, &entry_.name);
  }
}

}  // namespace optichain::models
