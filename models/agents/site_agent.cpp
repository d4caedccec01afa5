#include "models/agents/site_agent.hpp"

#include <algorithm>
#include <utility>

#include "models/state/phase.hpp"
#include "sim/kernel/calendar.hpp"

namespace optichain::models::agents {
namespace {

// Where neither making nor bringing takes time, a site's own deeds come back to it at the same
// instant: what is made behind a buffer of 17 pieces would meet an order for a thousand million 17
// pieces at a time, all at once. What is not done after so many acts waits for time to go on.
constexpr int most_acts_at_once = 100;

}  // namespace

SiteAgent::SiteAgent(const Context& context, SiteId id, std::vector<OrderDesk*> desks,
                     std::vector<Buyer::Input> inputs,
                     std::span<const std::unique_ptr<sim::Line>> lines)
    : context_(context),
      id_(id),
      entry_(context.catalog[id]),
      desks_(std::move(desks)),
      floor_(context.floor, id, lines),
      planner_(context.planner, id, {desks_.begin(), desks_.end()}, lines, floor_),
      buyer_(context.buyer, std::move(inputs)),
      costs_(context.costs, id, desks_),
      review_weeks_(sim::to_weeks(context.catalog.review_every(context.catalog.party(id)))) {
  if (entry_.site->continuous_review)
    context.continuous_review.listen(context.catalog.party(id), *this);
}

void SiteAgent::live(sim::Agent& self) {
  steps_ = steps_of_review();
  // who has nothing to do at a review would never wait for the next one
  if (steps_.empty()) return;
  self_ = &self;
  review_ = context_.catalog.begin() + context_.catalog.review_offset(context_.catalog.party(id_));
  self.wait_until(review_, steps_.front().phase);
  while (true) {
    take_step(0);
    self.wait();
  }
}

std::vector<SiteAgent::Step> SiteAgent::steps_of_review() const {
  std::vector<Step> steps;
  if (!desks_.empty()) steps.push_back({state::phase::allocation, &SiteAgent::allocate});
  if (planner_.has_recipes()) steps.push_back({state::phase::planning, &SiteAgent::plan});
  if (buyer_.has_inputs()) steps.push_back({state::phase::ordering, &SiteAgent::order});
  if (costs_.at_reviews()) steps.push_back({state::phase::charging, &SiteAgent::charge});
  return steps;
}

/// Takes one step of a review. The agent wakes for the first one only: the others are callbacks, a
/// fraction of what it costs to let an agent go on.
void SiteAgent::take_step(std::size_t step) {
  (this->*steps_[step].act)();
  if (const std::size_t next = step + 1; next < steps_.size()) {
    context_.kernel.at(
        review_, steps_[next].phase, [this, next] { take_step(next); }, &entry_.name);
    return;
  }
  weeks_since_last_ = review_weeks_;
  review_ += context_.catalog.review_every(context_.catalog.party(id_));
  self_->wake_at(review_, steps_.front().phase);
}

void SiteAgent::allocate() {
  for (OrderDesk* desk : desks_) desk->allocate_and_ship(weeks_since_last_);
}

void SiteAgent::plan() {
  tell_desks(planner_.plan_and_start(review_weeks_));
  for (OrderDesk* desk : desks_) desk->note_supply(planner_.supply_of(*desk));
}

void SiteAgent::order() {
  buyer_.order(planner_, review_weeks_);
  for (const auto& [stock, outlook] : buyer_.found()) planner_.note_outlook(stock, outlook);
  tell_desks(buyer_.sold_on());
}

void SiteAgent::tell_desks(std::span<const Planner::Takeover> takeovers) {
  for (const auto& [desk, change] : takeovers) desks_[desk]->change_meant(change);
}

void SiteAgent::tell_desks(std::span<const Buyer::SoldOn> sold_on) {
  for (const auto& [seller, supply] : sold_on) {
    const auto desk = std::find(desks_.begin(), desks_.end(), seller);
    (*desk)->note_supply(supply);
  }
}

void SiteAgent::charge() {
  costs_.charge_review(review_weeks_);
}

void SiteAgent::on_change() {
  if (is_to_act_) return;
  if (std::exchange(last_act_, context_.now()) != context_.now()) acts_ = 0;
  if (acts_ == most_acts_at_once) return;
  ++acts_;
  is_to_act_ = true;
  context_.kernel.at(
      context_.now(), state::phase::allocation, [this] { act_between_reviews(); }, &entry_.name);
}

void SiteAgent::act_between_reviews() {
  is_to_act_ = false;
  for (OrderDesk* desk : desks_) desk->ship_between_reviews();
  if (planner_.has_recipes()) {
    context_.kernel.at(
        context_.now(), state::phase::planning,
        [this] { tell_desks(planner_.start_between_reviews(review_weeks_)); }, &entry_.name);
  }
  if (buyer_.has_inputs()) {
    context_.kernel.at(
        context_.now(), state::phase::ordering,
        [this] {
          buyer_.order_between_reviews(planner_, review_weeks_);
          tell_desks(buyer_.sold_on());
        },
        &entry_.name);
  }
}

}  // namespace optichain::models::agents
