#include "models/catalog/turning_demand.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace optichain::models {
namespace {

using sim::Curve;
using sim::Time;

// Shares of a turn with the same time between them, and shares of all turns together: that is
// memory.
constexpr double most_alike = 500, most_shares_of_all = 1e6;
constexpr sim::Duration longest_plan = 54 * sim::one_week;  // looked ahead from a review

/// As far as anybody looks beyond the end; up to there they do not depend on where the end is. A
/// week apart for ten years, and ever more later on.
std::vector<Time> dates_of_shares(const Catalog& catalog, CustomerId customer, std::size_t turns) {
  const sim::Duration ahead = catalog.review_every(catalog.party(customer));
  const Time end = catalog.end() + std::max(ahead, longest_plan);
  const double most = std::min(most_alike, most_shares_of_all / static_cast<double>(turns));
  const auto alike = static_cast<std::size_t>(std::max(1.0, most));
  sim::Duration step = sim::one_week;
  std::vector<Time> dates;
  for (Time t = catalog.begin(); t < end; t += step) {
    dates.push_back(t);
    if (dates.size() % alike == 0) step *= 2;
  }
  return dates;
}

}  // namespace

std::vector<TurningDemand> TurningDemand::of(const Catalog& catalog) {
  std::map<CustomerId, TurningDemand> by_customer;
  std::size_t turns = 0;
  for (const auto& entry : catalog.substitutions) {
    for (const auto& [from, to] : entry.demands) {
      by_customer[catalog[from].customer].turns_.push_back({from, to, entry.substitution});
      ++turns;
    }
  }
  std::vector<TurningDemand> all;
  for (auto& [customer, turning] : by_customer) {
    std::set<DemandId> demands;
    for (const Turn& turn : turning.turns_) demands.insert({turn.from, turn.to});
    turning.demands_.assign(demands.begin(), demands.end());
    turning.dates_ = dates_of_shares(catalog, customer, turns);
    all.push_back(std::move(turning));
  }
  return all;
}

/// By turn; together no more than 1 of each demand.
std::vector<double> TurningDemand::shares_at(Time time) const {
  std::map<DemandId, double> taken;
  std::vector<double> shares;
  for (const Turn& turn : turns_) {
    shares.push_back(share_at(turn.substitution->share, time));
    taken[turn.from] += shares.back();
  }
  for (std::size_t i = 0; i < shares.size(); ++i) shares[i] /= std::max(1.0, taken[turns_[i].from]);
  return shares;
}

void TurningDemand::turn(Curves& curves) const {
  std::set<Time> breaks(dates_.begin(), dates_.end());
  for (const DemandId d : demands_) {
    for (const auto& knot : curves.at(d).knots()) breaks.insert(knot.time);
  }
  std::map<DemandId, std::vector<Curve::Knot>> knots;
  const auto put = [&](Time time, const std::vector<double>& shares) {
    std::map<DemandId, double> pieces;
    for (const DemandId d : demands_) pieces[d] = curves.at(d).value(time);
    for (std::size_t i = 0; i < turns_.size(); ++i) {
      const double turned = shares[i] * curves.at(turns_[i].from).value(time);
      pieces[turns_[i].from] -= turned;
      pieces[turns_[i].to] += turned * turns_[i].substitution->pieces_per_piece;
    }
    for (const DemandId d : demands_) knots[d].push_back({time, std::max(0.0, pieces[d])});
  };
  // Between two breaks all curves are straight and all shares fixed, up to the last second.
  std::vector<double> shares = shares_at(dates_.front());
  auto next_date = dates_.begin();
  for (auto it = breaks.begin(); it != breaks.end(); ++it) {
    if (next_date != dates_.end() && *it == *next_date) shares = shares_at(*next_date++);
    put(*it, shares);
    const auto next = std::next(it);
    if (next != breaks.end() && *next - *it > sim::Duration{1}) {
      put(*next - sim::Duration{1}, shares);
    }
  }
  for (const DemandId d : demands_) {
    curves.at(d) = Curve(Curve::Shape::linear, std::move(knots[d]));
  }
}

}  // namespace optichain::models
