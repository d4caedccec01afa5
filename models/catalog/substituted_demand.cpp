#include "models/catalog/substituted_demand.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace optichain::models {
namespace {

using sim::Curve;
using sim::Time;

constexpr double most_shares = 1e6;  // of all pairs together, a week apart: that is memory
constexpr sim::Duration longest_plan = 54 * sim::one_week;  // looked ahead from a review

/// As far as anybody looks beyond the end; up to there they do not depend on where the end is. A
/// week apart, and twice as far each time that memory is full.
std::vector<Time> dates_of_shares(const Catalog& catalog, CustomerId customer, std::size_t pairs) {
  const sim::Duration ahead = catalog.review_every(catalog.party(customer));
  const Time end = catalog.end() + std::max(ahead, longest_plan);
  const auto alike =
      static_cast<std::size_t>(std::max(1.0, most_shares / static_cast<double>(pairs)));
  sim::Duration step = sim::one_week;
  std::vector<Time> dates;
  for (Time t = catalog.begin(); t < end; t += step) {
    dates.push_back(t);
    if (dates.size() % alike == 0) step *= 2;
  }
  return dates;
}

}  // namespace

std::vector<SubstitutedDemand> SubstitutedDemand::of(const Catalog& catalog) {
  std::map<CustomerId, SubstitutedDemand> by_customer;
  std::size_t pairs = 0;
  for (const auto& entry : catalog.substitutions) {
    for (const auto& [from, to] : entry.demands) {
      by_customer[catalog[from].customer].pairs_.push_back({from, to, entry.substitution});
      ++pairs;
    }
  }
  std::vector<SubstitutedDemand> all;
  for (auto& [customer, substituted] : by_customer) {
    std::set<DemandId> demands;
    for (const Pair& pair : substituted.pairs_) demands.insert({pair.from, pair.to});
    substituted.demands_.assign(demands.begin(), demands.end());
    substituted.dates_ = dates_of_shares(catalog, customer, pairs);
    all.push_back(std::move(substituted));
  }
  return all;
}

/// By pair; together no more than 1 of each demand.
std::vector<double> SubstitutedDemand::shares_at(Time time) const {
  std::map<DemandId, double> taken;
  std::vector<double> shares;
  for (const Pair& pair : pairs_) {
    shares.push_back(share_at(pair.substitution->share, time));
    taken[pair.from] += shares.back();
  }
  for (std::size_t i = 0; i < shares.size(); ++i) shares[i] /= std::max(1.0, taken[pairs_[i].from]);
  return shares;
}

void SubstitutedDemand::substitute(Curves& curves) const {
  std::set<Time> breaks(dates_.begin(), dates_.end());
  for (const DemandId d : demands_) {
    for (const auto& knot : curves.at(d).knots()) breaks.insert(knot.time);
  }
  std::map<DemandId, std::vector<Curve::Knot>> knots;
  const auto put = [&](Time time, const std::vector<double>& shares) {
    std::map<DemandId, double> pieces;
    for (const DemandId d : demands_) pieces[d] = curves.at(d).value(time);
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      const double moved = shares[i] * curves.at(pairs_[i].from).value(time);
      pieces[pairs_[i].from] -= moved;
      pieces[pairs_[i].to] += moved * pairs_[i].substitution->pieces_per_piece;
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
