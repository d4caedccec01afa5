#include "models/agents/line_reservations.hpp"

#include <algorithm>

namespace optichain::models::agents {

bool LineReservations::add(const agreement::AgreementAccount& account) {
  Reserved reserved{&account, {}, {}};
  for (std::size_t r = 0; r < recipes_.size(); ++r) {
    if (account.is_about(recipes_[r])) reserved.recipes.push_back(r);
  }
  if (reserved.recipes.empty()) return false;
  reserved.starts.resize(reserved.recipes.size());
  reserved_.push_back(std::move(reserved));
  return true;
}

std::span<const policy::ReservedStarts> LineReservations::reserve(
    std::span<const policy::Want> wants, const ShopFloor& floor, double weeks) {
  starts_.assign(recipes_.size(), {});
  ahead_.resize(recipes_.size(), 0);
  for (std::size_t r = 0; r < recipes_.size(); ++r) starts_[r].ahead = ahead_[r];
  for (Reserved& reserved : reserved_) {
    divide(reserved, wants, floor, weeks);
    const bool hard = reserved.account->terms().reservation == Reservation::hard;
    for (std::size_t i = 0; i < reserved.recipes.size(); ++i) {
      policy::ReservedStarts& starts = starts_[reserved.recipes[i]];
      (hard ? starts.hard : starts.soft) += reserved.starts[i];
    }
  }
  return starts_;
}

void LineReservations::note_started(std::span<const std::int64_t> first) {
  for (std::size_t r = 0; r < first.size(); ++r) {
    const double reserved = starts_[r].soft + starts_[r].hard;
    ahead_[r] = std::max(0.0, ahead_[r] + static_cast<double>(first[r]) - reserved);
  }
}

void LineReservations::divide(Reserved& reserved, std::span<const policy::Want> wants,
                              const ShopFloor& floor, double weeks) const {
  const double good = reserved.account->reserved_over(weeks);
  const auto may_start = [&](std::size_t r) {
    return terms_.can_start(recipes_[r], kernel_.now());
  };
  double wanted = 0, able = 0;
  for (const std::size_t r : reserved.recipes) {
    wanted += static_cast<double>(wants[r].pieces) * floor.yield(r);
    able += may_start(r) ? 1 : 0;
  }
  for (std::size_t i = 0; i < reserved.recipes.size(); ++i) {
    const std::size_t r = reserved.recipes[i];
    reserved.starts[i] = 0;
    if (!may_start(r)) continue;
    const double yield = floor.yield(r);
    const double part =
        wanted > 0 ? static_cast<double>(wants[r].pieces) * yield / wanted : 1 / able;
    reserved.starts[i] = good * part / yield;
  }
}

double LineReservations::amount(std::size_t which, std::size_t resource,
                                std::span<const policy::Use> uses) const {
  const Reserved& reserved = reserved_[which];
  double sum = 0;
  for (const policy::Use& use : uses) {
    for (std::size_t i = 0; i < reserved.recipes.size(); ++i) {
      if (use.resource != resource || use.want != reserved.recipes[i]) continue;
      sum += use.per_piece * reserved.starts[i];
    }
  }
  return sum;
}

}  // namespace optichain::models::agents
