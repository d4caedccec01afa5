#include "models/policy/sharing.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "sim/base/quantity.hpp"

namespace optichain::models::policy {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
// what counts as nothing, relative to the size of a resource
constexpr double tolerance = 1e-9;

/// Vectors that are needed at every call, kept for their memory. Worlds run in processes of their
/// own, one thread each.
struct Scratch {
  std::vector<double> wanted, left, drain, level, room, fraction, speeds;
  std::vector<char> active;
  std::vector<std::size_t> order;
};
Scratch& scratch() {
  static thread_local Scratch vectors;
  return vectors;
}

class Sharing {
 public:
  Sharing(std::span<const Want> wants, std::span<const Resource> resources,
          std::span<const Use> uses)
      : wants_(wants), resources_(resources), uses_(uses), grants_(wants.size()) {
    left_.clear();
    for (const Resource& r : resources) left_.push_back(std::max(0.0, r.available));
  }

  /// Fills all wants at once at these speeds (> 0) until each is met or stopped by a resource.
  void fill(const std::vector<double>& speeds) {
    auto& level = scratch().level;
    auto& active = scratch().active;
    auto& room = scratch().room;
    level.assign(wants_.size(), 0);
    active.resize(wants_.size());
    room = left_;
    for (std::size_t i = 0; i < wants_.size(); ++i) {
      active[i] = wants_[i].pieces > 0 ? 1 : 0;
    }
    while (std::find(active.begin(), active.end(), 1) != active.end()) {
      const auto [time, resource] = next_stop(level, active, speeds, room);
      for (std::size_t i = 0; i < wants_.size(); ++i) {
        if (active[i]) level[i] += speeds[i] * time;
      }
      for (const Use& u : uses_) {
        if (active[u.want]) room[u.resource] -= u.per_piece * speeds[u.want] * time;
      }
      for (std::size_t i = 0; i < wants_.size(); ++i) {
        const double want = static_cast<double>(wants_[i].pieces);
        if (active[i] && level[i] >= want * (1 - 1e-12)) {
          level[i] = want;
          active[i] = 0;
        }
      }
      if (resource == Grant::none) continue;
      room[resource] = 0;
      for (const Use& u : uses_) {
        if (u.resource == resource && active[u.want] && u.per_piece > 0) {
          active[u.want] = 0;
          grants_[u.want].bound_by = resource;
        }
      }
    }
    round_down(level);
  }

  /// Serves the wants one after the other.
  void serve_in_order(std::span<const std::size_t> order) {
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
    }
  }

  std::vector<Grant> take() {
    for (std::size_t i = 0; i < grants_.size(); ++i) {
      if (grants_[i].pieces >= wants_[i].pieces) grants_[i].bound_by = Grant::none;
    }
    return std::move(grants_);
  }

  /// Of the resources that several wants compete for, the one that is short by the largest factor,
  /// or none. What only one want uses (a recipe's own limit) is nothing to compete for.
  std::size_t scarcest() const {
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

 private:
  struct Stop {
    double time;
    std::size_t resource;  // none: a want is met
  };
  Stop next_stop(const std::vector<double>& level, const std::vector<char>& active,
                 const std::vector<double>& speeds, const std::vector<double>& room) {
    Stop stop{infinity, Grant::none};
    for (std::size_t i = 0; i < wants_.size(); ++i) {
      if (!active[i]) continue;
      stop.time =
          std::min(stop.time, (static_cast<double>(wants_[i].pieces) - level[i]) / speeds[i]);
    }
    drain_.assign(room.size(), 0);
    for (const Use& u : uses_) {
      if (active[u.want]) drain_[u.resource] += u.per_piece * speeds[u.want];
    }
    for (std::size_t r = 0; r < room.size(); ++r) {
      if (drain_[r] <= 0) continue;
      const double time = std::max(0.0, room[r]) / drain_[r];
      if (time < stop.time) stop = {time, r};
    }
    stop.time = std::max(0.0, stop.time);
    return stop;
  }

  /// Whole pieces below the levels, then one more each, by largest fraction, where there is room.
  void round_down(const std::vector<double>& level) {
    auto& order = scratch().order;
    auto& fraction = scratch().fraction;
    order.resize(wants_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    fraction.resize(wants_.size());
    for (std::size_t i = 0; i < wants_.size(); ++i) {
      const double whole = std::floor(level[i] + tolerance);
      fraction[i] = level[i] - whole;
      start(i, std::min(wants_[i].pieces, sim::to_whole(whole)));
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return fraction[a] > fraction[b]; });
    for (const std::size_t i : order) {
      if (grants_[i].pieces < wants_[i].pieces && fits_one_more(i)) start(i, 1);
    }
  }

  std::int64_t whole_pieces(std::size_t resource, double per_piece) const {
    const double pieces = left_[resource] / per_piece;
    if (!(pieces < 9e15)) return std::int64_t{9'000'000'000'000'000};
    const double whole = resources_[resource].may_overrun ? std::ceil(pieces - tolerance)
                                                          : std::floor(pieces + tolerance);
    return std::max<std::int64_t>(0, sim::to_whole(whole));
  }
  bool fits_one_more(std::size_t i) const {
    return std::all_of(uses_.begin(), uses_.end(), [&](const Use& u) {
      return u.want != i || u.per_piece <= 0 || whole_pieces(u.resource, u.per_piece) >= 1;
    });
  }
  void start(std::size_t i, std::int64_t pieces) {
    grants_[i].pieces += pieces;
    for (const Use& u : uses_) {
      if (u.want == i) left_[u.resource] -= u.per_piece * static_cast<double>(pieces);
    }
  }

  std::span<const Want> wants_;
  std::span<const Resource> resources_;
  std::span<const Use> uses_;
  std::vector<double>& left_ = scratch().left;
  std::vector<double>& drain_ = scratch().drain;  // by resource, of all active wants together
  std::vector<Grant> grants_;
};

/// Highest margin per unit of the scarcest resource first; who does not need it goes before all.
std::vector<std::size_t> margin_order(std::span<const Want> wants, std::span<const Use> uses,
                                      std::size_t scarce) {
  std::vector<double> need(wants.size(), 0);
  for (const Use& u : uses) {
    if (u.resource == scarce) need[u.want] += u.per_piece;
  }
  std::vector<double> value(wants.size());
  for (std::size_t i = 0; i < wants.size(); ++i) {
    value[i] = need[i] > 0 ? wants[i].margin_usd / need[i] : infinity;
  }
  std::vector<std::size_t> order(wants.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return value[a] > value[b]; });
  return order;
}

/// The common case: nothing is short, so that no rule has anything to decide.
bool enough_for_all(std::span<const Want> wants, std::span<const Resource> resources,
                    std::span<const Use> uses) {
  auto& wanted = scratch().wanted;
  wanted.assign(resources.size(), 0);
  for (const Use& u : uses) {
    wanted[u.resource] += u.per_piece * static_cast<double>(wants[u.want].pieces);
  }
  for (std::size_t r = 0; r < resources.size(); ++r) {
    if (wanted[r] > resources[r].available) return false;
  }
  return true;
}

std::vector<Grant> all_of(std::span<const Want> wants) {
  std::vector<Grant> grants(wants.size());
  for (std::size_t i = 0; i < wants.size(); ++i) grants[i].pieces = wants[i].pieces;
  return grants;
}

}  // namespace

std::vector<Grant> share(const SharingRule& rule, std::span<const Want> wants,
                         std::span<const Resource> resources, std::span<const Use> uses) {
  if (enough_for_all(wants, resources, uses)) return all_of(wants);
  Sharing sharing(wants, resources, uses);
  const std::size_t scarce = sharing.scarcest();
  if (std::holds_alternative<ShareByMargin>(rule) || scarce == Grant::none) {
    // where nothing is short that is shared, the order does not matter
    const auto order = margin_order(wants, uses, scarce);
    sharing.serve_in_order(order);
  } else {
    const bool fixed = std::holds_alternative<ShareFixed>(rule);
    auto& speeds = scratch().speeds;
    speeds.clear();
    for (const Want& w : wants) speeds.push_back(fixed ? w.weight : static_cast<double>(w.pieces));
    // Wants without a weight crawl until the others are done, and then take what is left.
    const double fastest = speeds.empty() ? 0 : *std::max_element(speeds.begin(), speeds.end());
    for (double& speed : speeds) speed = std::max(speed, 1e-9 * std::max(fastest, 1.0));
    sharing.fill(speeds);
  }
  return sharing.take();
}

}  // namespace optichain::models::policy
