#include "models/policy/sharing/division.hpp"

#include <cmath>
#include <limits>
#include <numeric>

#include "sim/base/quantity.hpp"

namespace optichain::models::policy {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
// what counts as nothing, relative to the size of a resource
constexpr double tolerance = 1e-9;

/// Worlds run in processes of their own, one thread each.
struct Scratch {
  std::vector<double> left, drain, level, room, fraction, speeds;
  std::vector<char> active;
  std::vector<std::size_t> order, everybody;
};
Scratch& scratch() {
  static thread_local Scratch vectors;
  return vectors;
}

}  // namespace

Division::Division(std::span<const Want> wants, std::span<const Resource> resources,
                   std::span<const Use> uses)
    : wants_(wants),
      resources_(resources),
      uses_(uses),
      grants_(wants.size()),
      left_(scratch().left),
      room_(scratch().room),
      drain_(scratch().drain),
      speeds_(scratch().speeds),
      level_(scratch().level),
      active_(scratch().active) {
  left_.clear();
  for (const Resource& r : resources) left_.push_back(std::max(0.0, r.available));
  scarcest_ = find_scarcest();
}

std::size_t Division::find_scarcest() const {
  std::vector<double> wanted(resources_.size(), 0);
  std::vector<int> users(resources_.size(), 0);
  for (const Use& u : uses_) {
    const double amount = u.per_piece * static_cast<double>(wants_[u.want].pieces);
    wanted[u.resource] += amount;
    users[u.resource] += amount > 0 ? 1 : 0;
  }
  std::size_t worst = Grant::none;
  double worst_ratio = 1;
  for (std::size_t r = 0; r < left_.size(); ++r) {
    if (users[r] < 2) continue;
    const double ratio = left_[r] > 0 ? wanted[r] / left_[r] : (wanted[r] > 0 ? infinity : 0);
    if (ratio > worst_ratio) {
      worst_ratio = ratio;
      worst = r;
    }
  }
  return worst;
}

std::span<const std::size_t> Division::everybody() const {
  auto& all = scratch().everybody;
  all.resize(wants_.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

void Division::fill_at_speeds(std::span<const std::size_t> some) {
  level_.assign(wants_.size(), 0);
  active_.assign(wants_.size(), 0);
  room_ = left_;
  for (const std::size_t i : some) active_[i] = wants_[i].pieces > 0 ? 1 : 0;
  while (std::find(active_.begin(), active_.end(), 1) != active_.end()) {
    const auto [time, resource] = next_stop();
    for (std::size_t i = 0; i < wants_.size(); ++i) {
      if (active_[i]) level_[i] += speeds_[i] * time;
    }
    for (const Use& u : uses_) {
      if (active_[u.want]) room_[u.resource] -= u.per_piece * speeds_[u.want] * time;
    }
    for (std::size_t i = 0; i < wants_.size(); ++i) {
      const double want = static_cast<double>(wants_[i].pieces);
      if (active_[i] && level_[i] >= want * (1 - 1e-12)) {
        level_[i] = want;
        active_[i] = 0;
      }
    }
    if (resource == Grant::none) continue;
    room_[resource] = 0;
    for (const Use& u : uses_) {
      if (u.resource == resource && active_[u.want] && u.per_piece > 0) {
        active_[u.want] = 0;
        grants_[u.want].bound_by = resource;
      }
    }
  }
  round_down(some);
}

Division::Stop Division::next_stop() {
  Stop stop{infinity, Grant::none};
  for (std::size_t i = 0; i < wants_.size(); ++i) {
    if (!active_[i]) continue;
    stop.time =
        std::min(stop.time, (static_cast<double>(wants_[i].pieces) - level_[i]) / speeds_[i]);
  }
  drain_.assign(room_.size(), 0);
  for (const Use& u : uses_) {
    if (active_[u.want]) drain_[u.resource] += u.per_piece * speeds_[u.want];
  }
  for (std::size_t r = 0; r < room_.size(); ++r) {
    if (drain_[r] <= 0) continue;
    const double time = std::max(0.0, room_[r]) / drain_[r];
    if (time < stop.time) stop = {time, r};
  }
  stop.time = std::max(0.0, stop.time);
  return stop;
}

/// Whole pieces below the levels, then one more each where there is room, first to whom most is
/// lacking of its level and of the levels before.
void Division::round_down(std::span<const std::size_t> some) {
  auto& order = scratch().order;
  auto& fraction = scratch().fraction;
  order.assign(some.begin(), some.end());
  fraction.resize(wants_.size());
  for (const std::size_t i : some) {
    const double whole = std::floor(level_[i] + tolerance);
    fraction[i] = level_[i] - whole + wants_[i].owed + wants_[i].tie;
    grants_[i].level = level_[i];
    start(i, std::min(wants_[i].pieces, sim::to_whole(whole)));
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return fraction[a] > fraction[b]; });
  for (const std::size_t i : order) {
    if (grants_[i].pieces < wants_[i].pieces && fits_one_more(i)) start(i, 1);
  }
}

void Division::serve_in_order(std::span<const std::size_t> order) {
  for (const std::size_t i : order) {
    std::int64_t pieces = wants_[i].pieces;
    for (const Use& u : uses_) {
      if (u.want != i || u.per_piece <= 0) continue;
      const std::int64_t most = whole_pieces(u.resource, u.per_piece);
      if (most < pieces) {
        pieces = most;
        grants_[i].bound_by = u.resource;
      }
    }
    start(i, pieces);
    grants_[i].level = static_cast<double>(pieces);
  }
}

std::vector<Grant> Division::take() {
  for (std::size_t i = 0; i < grants_.size(); ++i) {
    if (grants_[i].pieces >= wants_[i].pieces) grants_[i].bound_by = Grant::none;
  }
  return std::move(grants_);
}

std::int64_t Division::whole_pieces(std::size_t resource, double per_piece) const {
  const double pieces = left_[resource] / per_piece;
  if (!(pieces < 9e15)) return std::int64_t{9'000'000'000'000'000};
  const bool may_overrun = resources_[resource].may_overrun && !resources_[resource].holds_whole;
  const double whole = may_overrun ? std::ceil(pieces - tolerance) : std::floor(pieces + tolerance);
  return std::max<std::int64_t>(0, sim::to_whole(whole));
}

bool Division::fits_one_more(std::size_t want) const {
  return std::all_of(uses_.begin(), uses_.end(), [&](const Use& u) {
    return u.want != want || u.per_piece <= 0 || whole_pieces(u.resource, u.per_piece) >= 1;
  });
}

void Division::start(std::size_t want, std::int64_t pieces) {
  grants_[want].pieces += pieces;
  for (const Use& u : uses_) {
    if (u.want == want) left_[u.resource] -= u.per_piece * static_cast<double>(pieces);
  }
}

}  // namespace optichain::models::policy
