// What a site wants to start: the part of the planner that says how many pieces of each recipe, and
// remembers which of them had less than its share.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "models/agents/planner.hpp"
#include "models/policy/apportion.hpp"
#include "models/policy/replenishment/all.hpp"

namespace optichain::models::agents {
namespace {

// What a planner tells the policy of what is sold.
using policy::StockFact;
constexpr policy::ReplenishmentNeeds told_of_offer{StockFact::forecast, StockFact::lead_time,
                                                   StockFact::review_period,
                                                   StockFact::reviews_only, StockFact::downstream};

}  // namespace

/// Good pieces wanted of each route.
std::vector<double> Planner::good_wanted(double weeks) {
  std::vector<double> wanted(routes_.size(), 0);
  for (const OrderDesk* desk : desks_) want_of_desk(*desk, weeks, wanted);
  return wanted;
}

/// Fills the view of a desk; false if nothing it sells can be started now.
bool Planner::look_at(const OrderDesk& desk) {
  const std::size_t variants = desk.entry().variants.size();
  view_.variant_weight.assign(variants, 0);
  view_.on_hand.assign(variants, 0);
  view_.coming.assign(variants, 0);
  view_.lacking.assign(variants, 0);
  bool makes_any = false;
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    const Route& route = routes_[r];
    if (route.desk != &desk) continue;
    view_.coming[route.variant] += to_double(floor_.in_process(r)) * route.yield;
    view_.variant_weight[route.variant] += route.weight;
    makes_any = makes_any || route.weight > 0;
  }
  for (std::size_t v = 0; v < variants; ++v) {
    view_.on_hand[v] = to_double(context_.inventory.on_hand(desk.entry().variants[v].stock));
  }
  return makes_any;
}

void Planner::want_of_desk(const OrderDesk& desk, double weeks, std::vector<double>& wanted) {
  if (!look_at(desk)) return;
  auto& [variant_weight, on_hand, coming, lacking] = view_;
  const std::size_t variants = on_hand.size();

  // Who has given up selling it makes what is open and no more. Pieces that no buyer can use do not
  // count as stock.
  const bool closed = context_.terms.is_closed(desk.id(), context_.now());
  policy::InventoryState state{.backlog = to_double(desk.backlog()),
                               .lead_weeks = lead_weeks(desk),
                               .review_weeks = weeks,
                               .downstream = desk.downstream()};
  const double future = closed ? 0 : desk.forecast().over(state.lead_weeks + weeks);
  for (std::size_t v = 0; v < variants; ++v) {
    const double there = on_hand[v] + coming[v];
    const double usable =
        variants == 1 ? there : std::min(there, to_double(desk.backlog_accepting(v)) + future);
    state.on_hand += std::min(on_hand[v], usable);
    state.pipeline += usable - std::min(on_hand[v], usable);
  }
  double total = closed ? state.backlog - state.on_hand - state.pipeline
                        : policy::replenishment_quantity<told_of_offer>(
                              desk.entry().offer->replenish, state, desk.forecast());
  if (total <= 0) return;

  // Of a family: what each variant lacks of its part, brought to the total. What a policy keeps
  // beyond what can be sold soon has its use: no more is made than the variants lack.
  if (variants == 1) {
    lacking[0] = total;
  } else {
    const double target = total + state.on_hand + state.pipeline;
    const auto parts = desk.wanted_by_variant(std::max(0.0, target - state.backlog));
    double all_lacking = 0;
    for (std::size_t v = 0; v < variants; ++v) {
      const double lacks = std::max(0.0, parts[v] - on_hand[v] - coming[v]);
      // what nobody can make now is made in its stead as far as buyers accept that
      all_lacking += lacks * (variant_weight[v] > 0 ? 1 : desk.entry().offer->spill);
      if (variant_weight[v] > 0) lacking[v] = lacks;
    }
    total = std::min(total, all_lacking);
  }
  split_over_routes(desk, total, wanted);
}

/// Splits good pieces over the variants by what each lacks, and over the recipes of each by their
/// weights: whole pieces, or whole lots of the policy. The variants have their memory in what they
/// lack, and where the stock of one met the orders of another in the lots that they are owed; the
/// recipes in what they are owed.
void Planner::split_over_routes(const OrderDesk& desk, double total, std::vector<double>& wanted) {
  const double lot = to_double(policy::lot_of(desk.entry().offer->replenish));
  std::vector<std::int64_t> by_variant;
  const bool is_family = view_.lacking.size() > 1;
  const auto lots = sim::to_whole(std::ceil(total / lot - 1e-6));
  static thread_local std::vector<double> weights, owed, ties;  // kept for their memory
  owed.clear();
  ties.clear();
  for (std::size_t v = 0; v < view_.lacking.size(); ++v) {
    owed.push_back(desk.owed_lots(v));
    ties.push_back(desk.tie(v));
  }
  if (is_family) by_variant = policy::apportion(lots, view_.lacking, owed, ties);
  for (std::size_t v = 0; v < view_.lacking.size(); ++v) {
    const std::int64_t pieces = is_family ? by_variant[v] : lots;
    if (pieces == 0 || view_.lacking[v] <= 0) continue;
    ways_.clear();
    weights.clear();
    owed.clear();
    ties.clear();
    for (std::size_t r = 0; r < routes_.size(); ++r) {
      Route& route = routes_[r];
      if (route.desk != &desk || route.variant != v || route.weight <= 0) continue;
      route.share = route.weight / view_.variant_weight[v];
      ways_.push_back(r);
      weights.push_back(route.weight);
      owed.push_back(route.owed_share / lot);
      ties.push_back(route.tie);
    }
    if (ways_.size() == 1) {
      wanted[ways_.front()] = is_family ? lot * static_cast<double>(pieces) : total;
      continue;
    }
    const auto parts = policy::apportion(pieces, weights, owed, ties);
    for (std::size_t i = 0; i < ways_.size(); ++i) {
      wanted[ways_[i]] = lot * static_cast<double>(parts[i]);
    }
  }
}

void Planner::to_wants(const std::vector<double>& good) {
  using policy::RecipeFact;
  static_assert(policy::are_told<policy::SharingRule>(
      policy::SharingNeeds{RecipeFact::name, RecipeFact::margin}));
  const bool by_margin = policy::needs(entry_.site->sharing).has(RecipeFact::margin);
  wants_.assign(routes_.size(), {});
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    policy::Want& want = wants_[r];
    if (good[r] > 0) want_good(r, good[r], want);
    if (by_margin) want.margin_usd = margin_of(r);
    want.weight = routes_[r].sharing_weight;
    want.owed = routes_[r].owed_grant;
    want.tie = routes_[r].tie;
  }
}

/// Wants so many good pieces: each of their lots started as a whole. What is no lots (of who has
/// given up selling) is wanted piece by piece.
void Planner::want_good(std::size_t r, double good, policy::Want& want) const {
  const double lots = good / lot_of(r);
  const bool in_lots = lot_of(r) > 1 && lots == std::floor(lots);
  want.lot = in_lots ? starts_of(r, lot_of(r)) : 1;
  want.pieces = in_lots ? want.lot * sim::to_whole(lots) : starts_of(r, good);
}

/// Of a stock with a finite buffer no more is wanted than fits in with what is there, in process
/// and granted already: whole lots or none.
void Planner::keep_to_room(std::span<policy::Want> wants, std::span<const policy::Grant> granted) {
  for (const StockId stock : made_) {
    const auto& room = context_.catalog[stock].stock->room_pieces;
    if (!room) continue;
    Pieces left = *room - context_.inventory.on_hand(stock);
    std::vector<std::int64_t> lots(routes_.size(), 0);
    std::vector<double> owed, ties;
    std::int64_t wanted = 0;
    for (std::size_t r = 0; r < routes_.size(); ++r) {
      owed.push_back(routes_[r].owed_share / lot_of(r));  // by what was started
      ties.push_back(routes_[r].tie);
      if (routes_[r].entry->output != stock) continue;
      left -= floor_.in_process(r);
      if (!granted.empty()) left -= Pieces{granted[r].pieces};
      wanted += wants[r].pieces;
      lots[r] = wants[r].pieces / wants[r].lot;
    }
    left = std::max(left, Pieces{0});
    if (wanted <= left.count()) continue;
    const auto parts = lots_that_fit(left.count(), wants, lots, owed, ties);
    for (std::size_t r = 0; r < routes_.size(); ++r) {
      if (lots[r] == 0) continue;
      wants[r].pieces = parts[r] * wants[r].lot;
    }
  }
}

/// As many lots of those that are wanted as fit in, in proportion to them.
std::vector<std::int64_t> Planner::lots_that_fit(std::int64_t room,
                                                 std::span<const policy::Want> wants,
                                                 std::span<const std::int64_t> wanted,
                                                 std::span<double> owed,
                                                 std::span<const double> ties) {
  std::int64_t smallest = std::numeric_limits<std::int64_t>::max();
  for (std::size_t r = 0; r < wants.size(); ++r) {
    if (wanted[r] > 0) smallest = std::min(smallest, wants[r].lot);
  }
  const std::int64_t all = std::accumulate(wanted.begin(), wanted.end(), std::int64_t{0});
  const std::vector<double> before(owed.begin(), owed.end());
  // recipes of another yield start more for a lot: then fewer of them may fit
  for (std::int64_t lots = std::min(all, room / smallest);;) {
    std::copy(before.begin(), before.end(), owed.begin());
    auto parts = policy::apportion_within(lots, wanted, owed, ties);
    std::int64_t pieces = 0;
    for (std::size_t r = 0; r < parts.size(); ++r) pieces += parts[r] * wants[r].lot;
    if (pieces <= room) return parts;
    const double part = static_cast<double>(room) / static_cast<double>(pieces);
    const auto fewer = sim::to_whole(std::ceil(static_cast<double>(lots) * part));
    lots = std::min(lots - 1, fewer);
  }
}

/// From the start of a lot to good pieces, as things stand: the line's queue and the cycle time.
double Planner::lead_weeks(const OrderDesk& desk) const {
  const sim::Time now = context_.now();
  double sum = 0, weights = 0;
  for (const Route& route : routes_) {
    if (route.desk != &desk || !route.can_start) continue;
    double lead = route.entry->recipe->cycle_days.mean(now) / 7;
    if (route.entry->line.valid()) {
      const sim::Line& line = *lines_[route.entry->line.index()];
      const double per_week = line.capacity().value(now) * sim::seconds_per_week;
      if (per_week > 0) lead += line.queued_work() / per_week;
    }
    const double weight =
        route.weight * std::max(context_.terms.mix(desk.id(), route.variant, now), 1e-9);
    sum += weight * lead;
    weights += weight;
  }
  return weights > 0 ? sum / weights : 0;
}

// --- what recipes are owed ---------------------------------------------------------------------

/// What recipes have less or more than their shares of what is started now of an item, they are
/// owed.
void Planner::note_owed_shares(std::span<const policy::Grant> grants) {
  for (const StockId stock : made_in_ways_) {
    double started = 0;
    for (std::size_t r = 0; r < routes_.size(); ++r) {
      if (routes_[r].entry->output != stock) continue;
      started += static_cast<double>(grants[r].pieces) * routes_[r].yield;
    }
    if (started <= 0) continue;
    for (std::size_t r = 0; r < routes_.size(); ++r) {
      Route& route = routes_[r];
      if (route.entry->output != stock || route.share >= 1) continue;
      const double lot = lot_of(r);
      const double own = static_cast<double>(grants[r].pieces) * route.yield;
      route.owed_share = std::clamp(route.owed_share + route.share * started - own, -lot, lot);
    }
  }
}

/// And what those that were cut have less or more than their levels, in lots.
void Planner::note_owed_grants() {
  if (routes_.size() < 2) return;
  const auto is_cut = [&](std::size_t r) {
    return by_plan_[r].level < static_cast<double>(wants_[r].pieces) - 1e-9;
  };
  double levels = 0, pieces = 0;  // a line may start a piece more than its level
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    if (!is_cut(r)) continue;
    levels += by_plan_[r].level;
    pieces += static_cast<double>(by_plan_[r].pieces);
  }
  for (std::size_t r = 0; r < routes_.size(); ++r) {
    if (levels <= 0) break;
    if (!is_cut(r)) continue;
    const double exact = by_plan_[r].level * (pieces / levels);
    const double less = exact - static_cast<double>(by_plan_[r].pieces);
    routes_[r].owed_grant =
        policy::carried(routes_[r].owed_grant + less / static_cast<double>(wants_[r].lot));
  }
}

}  // namespace optichain::models::agents
