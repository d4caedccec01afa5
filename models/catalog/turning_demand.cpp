#include "models/catalog/turning_demand.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace optichain::models {
namespace {

using sim::Curve;
using sim::Time;

// Shares of a turn over the whole time, and of all turns together: that is memory.
constexpr double most_shares = 1000, most_shares_of_all = 2e6;

/// The dates at which shares change: no later than the longest look ahead of a customer. They do
/// not depend on the end of a scenario of usual length.
std::vector<Time> dates_of_shares(const Catalog& catalog, CustomerId customer,
                                  std::size_t turns_of_all) {
  const sim::Duration ahead = catalog.review_every(catalog.party(customer));
  const Time end = catalog.end() + std::max(ahead, sim::Duration{sim::one_week});
  const double most = std::min(most_shares, most_shares_of_all / static_cast<double>(turns_of_all));
  const double weeks = sim::to_weeks(end - catalog.begin()) / most;
  const sim::Duration step = sim::days_to_duration(7 * std::max(1.0, weeks));
  std::vector<Time> dates;
  for (Time t = catalog.begin(); t < end; t += step) dates.push_back(t);
  return dates;
}

/// One demand moving to another.
struct Turn {
  DemandId from, to;
  const Substitution* substitution;
};

/// Shares of the turns at a date, together no more than 1 of each demand.
std::vector<double> shares_at(const std::vector<Turn>& turns, Time time) {
  std::map<DemandId, double> taken;
  std::vector<double> shares;
  for (const Turn& turn : turns) {
    shares.push_back(share_at(turn.substitution->share, time));
    taken[turn.from] += shares.back();
  }
  for (std::size_t i = 0; i < turns.size(); ++i) shares[i] /= std::max(1.0, taken[turns[i].from]);
  return shares;
}

/// Turns the demands of one customer.
void turn(const Catalog& catalog, const std::vector<Turn>& turns, const std::vector<Time>& dates,
          std::vector<Curve>& demand) {
  std::map<DemandId, Curve> before;
  std::set<Time> breaks(dates.begin(), dates.end());
  for (const Turn& turn : turns) {
    for (const DemandId d : {turn.from, turn.to}) {
      before.emplace(d, demand[d.index()]);
      for (const auto& knot : demand[d.index()].knots()) breaks.insert(knot.time);
    }
  }

  std::map<DemandId, std::vector<Curve::Knot>> knots;
  const auto put = [&](Time time, const std::vector<double>& shares) {
    std::map<DemandId, double> value;
    for (const auto& [d, curve] : before) value[d] = curve.value(time);
    for (std::size_t i = 0; i < turns.size(); ++i) {
      const double turned = shares[i] * before.at(turns[i].from).value(time);
      value[turns[i].from] -= turned;
      value[turns[i].to] += turned * turns[i].substitution->pieces_per_piece;
    }
    for (const auto& [d, pieces] : value) knots[d].push_back({time, std::max(0.0, pieces)});
  };
  // Between two breaks all curves are straight and all shares fixed, up to the last second.
  std::vector<double> shares = shares_at(turns, catalog.begin());
  auto next_date = dates.begin();
  for (auto it = breaks.begin(); it != breaks.end(); ++it) {
    if (next_date != dates.end() && *it == *next_date) shares = shares_at(turns, *next_date++);
    put(*it, shares);
    const auto next = std::next(it);
    if (next != breaks.end() && *next - *it > sim::Duration{1}) {
      put(*next - sim::Duration{1}, shares);
    }
  }
  for (auto& [d, of_demand] : knots) {
    demand[d.index()] = Curve(Curve::Shape::linear, std::move(of_demand));
  }
}

}  // namespace

void turn_demand(const Catalog& catalog, std::vector<Curve>& demand) {
  std::map<CustomerId, std::vector<Turn>> by_customer;
  std::size_t all = 0;
  for (const auto& entry : catalog.substitutions) {
    for (const auto& [from, to] : entry.demands) {
      by_customer[catalog[from].customer].push_back({from, to, entry.substitution});
      ++all;
    }
  }
  for (const auto& [customer, turns] : by_customer) {
    turn(catalog, turns, dates_of_shares(catalog, customer, all), demand);
  }
}

}  // namespace optichain::models
