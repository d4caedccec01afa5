#include "models/agents/qualification_agent.hpp"

#include <algorithm>

#include "models/state/phase.hpp"

namespace optichain::models::agents {

QualificationAgent::QualificationAgent(const Context& context, QualificationId id,
                                       std::span<const std::unique_ptr<trade::Channel>> channels)
    : context_(context),
      id_(id),
      entry_(context.catalog[id]),
      terms_(*entry_.qualification),
      durations_(context.run, entry_.name, "qualification"),
      outcomes_(context.run, entry_.name, "success") {
  for (const ChannelId c : entry_.watched) watched_.push_back(channels[c.index()]->meters());
  const auto entity = measures::of(measures::Group::qualifications, entry_.name);
  attempts_meter_ = context.meters.flow(entity, "attempts");
  failures_meter_ = context.meters.flow(entity, "failures");
  cost_meter_ = context.meters.flow(entity, "cost", 1e-6);
  qualified_meter_ = context.meters.level(entity, "qualified");
}

void QualificationAgent::begin() {
  context_.kernel.at(
      entry_.start, state::phase::programs, [this] { terms_.when ? look_at_fill() : attempt(); },
      &entry_.name);
}

// --- scarcity ------------------------------------------------------------------------------------

void QualificationAgent::look_at_fill() {
  if (is_scarce()) return attempt();
  const sim::Duration every = sim::days_to_duration(context_.catalog.scenario.review_days);
  context_.kernel.at(
      context_.now() + every, state::phase::programs, [this] { look_at_fill(); }, &entry_.name);
}

/// Whether the fill rate has been too low at all reviews for long enough. Where nothing was ordered
/// nothing was short.
bool QualificationAgent::is_scarce() {
  const sim::Time now = context_.now();
  const Sums seen = sums();
  past_.push_back(seen);
  const sim::Time from = now - sim::days_to_duration(7 * terms_.when->over_weeks);
  while (past_.size() > 2 && past_[1].time <= from) past_.pop_front();
  const auto ordered = static_cast<double>(seen.ordered - past_.front().ordered);
  const auto shipped = static_cast<double>(seen.shipped - past_.front().shipped);
  if (ordered <= 0 || shipped / ordered >= terms_.when->fill_below) {
    short_since_.reset();
    return false;
  }
  if (!short_since_) short_since_ = now;
  return now - *short_since_ >= sim::days_to_duration(7 * terms_.when->for_weeks);
}

QualificationAgent::Sums QualificationAgent::sums() const {
  Sums sums{context_.now(), 0, 0};
  for (const trade::Channel::Handles& m : watched_) {
    sums.ordered += context_.meters.total(m.ordered);
    sums.shipped += context_.meters.total(m.shipped);
  }
  return sums;
}

// --- attempts ------------------------------------------------------------------------------------

void QualificationAgent::attempt() {
  const sim::Time now = context_.now();
  const auto number = static_cast<std::uint64_t>(attempts_++);
  context_.meters.add(attempts_meter_, 1);
  const Money cost = usd(terms_.cost_usd);
  context_.accounts.pay_outside(entry_.buyer, books::Account::qualification, cost);
  context_.meters.add(cost_meter_, cost.count());
  // a law with an open end may draw more than any span
  const double days =
      std::min(terms_.duration_days.at(now, durations_.uniform_at(number)), sim::span_days.max);
  context_.kernel.at(
      now + sim::days_to_duration(days), state::phase::programs, [this] { decide(); },
      &entry_.name);
}

void QualificationAgent::decide() {
  const auto number = static_cast<std::uint64_t>(attempts_ - 1);
  if (outcomes_.uniform_at(number) < terms_.success) {
    context_.terms.pass(id_);
    context_.meters.set(qualified_meter_, 1, context_.now());
    tell_who_waits();
    return;
  }
  context_.meters.add(failures_meter_, 1);
  if (attempts_ >= terms_.attempts) return;
  context_.kernel.at(
      context_.now() + sim::days_to_duration(terms_.retry_after_days), state::phase::programs,
      [this] { attempt(); }, &entry_.name);
}

void QualificationAgent::tell_who_waits() const {
  const Catalog& catalog = context_.catalog;
  if (entry_.channel.valid()) {
    context_.continuous_review.notify_both(catalog, entry_.channel);
  } else {
    context_.continuous_review.notify(catalog[entry_.recipe].site);
  }
}

}  // namespace optichain::models::agents
