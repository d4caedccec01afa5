// What a site's starts wait for: the part of the planner that says why, after it has decided.
#include <algorithm>
#include <limits>

#include "models/agents/planner.hpp"
#include "models/policy/bottleneck.hpp"

namespace optichain::models::agents {

/// Says how many good pieces each recipe lacks, and for want of what. What other variants took over
/// does not wait.
void Planner::note_waits(std::span<const policy::Grant> grants, double weeks) {
  double lacking = 0, taken_over = 0;  // good pieces
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    Route& route = routes_[r];
    const double unmet = static_cast<double>(wants_[r].pieces - by_plan_[r].pieces);
    route.wait = {.good_pieces = std::max(0.0, unmet) * route.yield};
    lacking += route.wait.good_pieces;
    taken_over += static_cast<double>(grants[r].pieces - by_plan_[r].pieces) * route.yield;
  }
  if (lacking <= 0) return;
  const double still = std::max(0.0, 1 - taken_over / lacking);

  std::vector<double> wanted(limits_.size(), 0);
  for (const policy::Use& use : uses_) {
    wanted[use.resource] += use.per_piece * static_cast<double>(wants_[use.want].pieces);
  }
  for (std::size_t l = 0; l < limits_.size(); ++l) wanted[l] = weeks_to_get(l, wanted[l], weeks);

  const auto bottlenecks = policy::find_bottlenecks(by_plan_, uses_, wanted);
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    Wait& wait = routes_[r].wait;
    wait.good_pieces *= still;
    if (bottlenecks[r] == policy::Grant::none) continue;
    wait.cause = limits_[bottlenecks[r]].cause;
    wait.index = limits_[bottlenecks[r]].index;
  }
}

/// Weeks until a limit has provided for what is wanted of it: at the capacity of a line, at the
/// rate at which sellers deliver if they owe more than is normal, else after the lead time they
/// quote.
double Planner::weeks_to_get(std::size_t limit, double wanted, double weeks) const {
  const auto [cause, index, work_per_unit] = limits_[limit];
  const sim::Time now = context_.now();
  double missing = wanted * work_per_unit, per_week = 0;
  switch (cause) {
    case Cause::line:
      per_week = lines_[index]->capacity().value(now) * sim::seconds_per_week;
      break;
    case Cause::own_limit:
      per_week = context_.real.recipe_starts[routes_[index].id.index()]->value(now);
      break;
    case Cause::input: {
      const InputOutlook& seen = outlook(StockId{index});
      missing -= to_double(context_.inventory.on_hand(StockId{index}));
      per_week = seen.received_per_week;
      // one review's orders are always open, because sellers allocate before buyers order
      if (missing > 0 && seen.owed <= 2 * per_week * weeks) return seen.lead_weeks;
      break;
    }
  }
  if (missing <= 0) return 0;
  return per_week > 0 ? missing / per_week : std::numeric_limits<double>::infinity();
}

/// Whether a limit is an input of which there is not enough for a single piece of a recipe.
bool Planner::lacks_wholly(std::size_t r, std::size_t limit) const {
  return std::any_of(uses_.begin(), uses_.end(), [&](const policy::Use& use) {
    return use.want == r && use.resource == limit && limits_[limit].cause == Cause::input &&
           resources_on_hand_[limit].available < use.per_piece;
  });
}

/// Counts the starts that begin or cease to wait. Where there is nothing of several inputs they
/// wait for all of these alike. Pieces that begin to wait do so as many as were given away now for
/// the agreements that reserve most of what bound the plan; the others for that itself.
void Planner::count_waiting(std::size_t r) {
  const std::int64_t unmet = std::max<std::int64_t>(0, wants_[r].pieces - by_plan_[r].pieces);
  const std::int64_t before = waiting_.waiting(r);
  if (before == 0 && unmet == 0) return;
  const OrderDesk& desk = *routes_[r].desk;
  if (before > 0 && desk.last_withdrawn() > Pieces{0}) {
    const double withdrawn = to_double(desk.last_withdrawn());
    waiting_.lose(r, withdrawn / (withdrawn + to_double(desk.backlog())));
  }
  const std::size_t bound_by = by_plan_[r].bound_by;
  std::vector<double> amounts;
  double reserved = 0;
  for (std::size_t a = 0; a < reservations_.size(); ++a) {
    reserved += amounts.emplace_back(reservations_.amount(a, bound_by, uses_));
  }
  const auto pieces = static_cast<double>(std::max<std::int64_t>(0, unmet - waiting_.waiting(r)));
  const double away = reserved > 0 ? std::min(static_cast<double>(given_away_[r]), pieces) : 0;
  std::vector<double> weights;
  const auto& reasons = routes_[r].reasons;
  const std::size_t limits = reasons.size() - amounts.size();
  const bool none_there = lacks_wholly(r, bound_by);
  const auto binds = [&](std::size_t limit) {
    return limit == bound_by || (none_there && lacks_wholly(r, limit));
  };
  const auto first = reasons.begin(), last = first + static_cast<std::ptrdiff_t>(limits);
  const auto alike = static_cast<double>(std::count_if(first, last, binds));
  for (std::size_t i = 0; i < limits; ++i) {
    weights.push_back(binds(reasons[i]) ? (pieces - away) / alike : 0);
  }
  for (const double amount : amounts) weights.push_back(away > 0 ? away * amount / reserved : 0);
  waiting_.update(r, unmet, weights);
}

double Planner::waiting_share(std::size_t r, std::size_t agreement) const {
  const std::int64_t all = waiting_.waiting(r);
  if (all == 0) return 0;
  const std::size_t first = routes_[r].reasons.size() - reservations_.size();
  return static_cast<double>(waiting_.waiting(r, first + agreement)) / static_cast<double>(all);
}

}  // namespace optichain::models::agents
