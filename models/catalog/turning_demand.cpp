#include "models/catalog/turning_demand.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace optichain::models {
namespace {

using sim::Curve;
using sim::Time;

constexpr double most_shares = 1000;

/// The dates at which shares change: no later than the longest look ahead of a customer. They do
/// not depend on the end of a scenario of usual length.
std::vector<Time> dates_of_shares(const Catalog& catalog) {
  sim::Duration ahead = sim::one_week;
  for (std::size_t c = 0; c < catalog.customers.size(); ++c) {
    ahead = std::max(ahead, catalog.review_every(catalog.party(CustomerId{c})));
  }
  const Time end = catalog.end() + ahead;
  const auto weeks = sim::to_weeks(end - catalog.begin()) / most_shares;
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

}  // namespace

void turn_demand(const Catalog& catalog, std::vector<Curve>& demand) {
  std::vector<Turn> turns;
  for (const auto& entry : catalog.substitutions) {
    for (const auto& [from, to] : entry.demands) turns.push_back({from, to, entry.substitution});
  }
  if (turns.empty()) return;

  std::set<DemandId> concerned;
  std::set<Time> breaks;
  const auto dates = dates_of_shares(catalog);
  breaks.insert(dates.begin(), dates.end());
  for (const Turn& turn : turns) {
    concerned.insert({turn.from, turn.to});
    for (const DemandId d : {turn.from, turn.to}) {
      for (const auto& knot : demand[d.index()].knots()) breaks.insert(knot.time);
    }
  }

  const std::vector<Curve> before = demand;
  std::map<DemandId, std::vector<Curve::Knot>> knots;
  const auto put = [&](Time time, const std::vector<double>& shares) {
    std::map<DemandId, double> value;
    for (const DemandId d : concerned) value[d] = before[d.index()].value(time);
    for (std::size_t i = 0; i < turns.size(); ++i) {
      const double turned = shares[i] * before[turns[i].from.index()].value(time);
      value[turns[i].from] -= turned;
      value[turns[i].to] += turned * turns[i].substitution->pieces_per_piece;
    }
    for (const DemandId d : concerned) knots[d].push_back({time, std::max(0.0, value[d])});
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
  for (const DemandId d : concerned) {
    demand[d.index()] = Curve(Curve::Shape::linear, std::move(knots[d]));
  }
}

}  // namespace optichain::models
