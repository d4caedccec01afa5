#include "models/agents/waiting_starts.hpp"

#include "models/policy/apportion.hpp"
#include "sim/base/quantity.hpp"

namespace optichain::models::agents {

std::size_t WaitingStarts::add(std::size_t recipe, books::MeterId count, double tie) {
  reasons_[recipe].push_back({.count = count, .tie = tie});
  return reasons_[recipe].size() - 1;
}

std::int64_t WaitingStarts::waiting(std::size_t recipe) const {
  std::int64_t sum = 0;
  for (const Reason& reason : reasons_[recipe]) sum += reason.waiting;
  return sum;
}

void WaitingStarts::lose(std::size_t recipe, double part) {
  shrink(recipe, sim::to_whole((1 - part) * static_cast<double>(waiting(recipe))), false);
}

void WaitingStarts::update(std::size_t recipe, std::int64_t now, std::span<const double> weights) {
  const std::int64_t before = waiting(recipe);
  if (now < before) {
    shrink(recipe, now, true);
  } else if (now > before) {
    owed_.clear();
    ties_.clear();
    for (const Reason& reason : reasons_[recipe]) {
      owed_.push_back(reason.owed);
      ties_.push_back(reason.tie);
    }
    const auto parts = policy::apportion(now - before, weights, owed_, ties_);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      meters_.add(reasons_[recipe][i].count, parts[i]);
      reasons_[recipe][i].waiting += parts[i];
      reasons_[recipe][i].owed = owed_[i];
    }
  }
}

/// Brings the pieces that wait for this and that down to a total, in proportion; off the count,
/// too, if they were started.
void WaitingStarts::shrink(std::size_t recipe, std::int64_t total, bool started) {
  most_.clear();
  owed_.clear();
  ties_.clear();
  for (const Reason& reason : reasons_[recipe]) {
    most_.push_back(reason.waiting);
    owed_.push_back(reason.owed_left);
    ties_.push_back(reason.tie);
  }
  const auto left = policy::apportion_within(total, most_, owed_, ties_);
  for (std::size_t i = 0; i < left.size(); ++i) {
    Reason& reason = reasons_[recipe][i];
    reason.owed_left = owed_[i];
    if (started) meters_.add(reason.count, left[i] - reason.waiting);
    reason.waiting = left[i];
  }
}

}  // namespace optichain::models::agents
