#include "models/network/planned_needs.hpp"

#include <algorithm>
#include <utility>

namespace optichain::models::network {
namespace {

constexpr double longest_weeks = 52;  // ahead that plans are known

}  // namespace

bool anybody_shares_plans(const Catalog& catalog) {
  const auto is_shared = [](const policy::ForecastMethod& method) {
    return policy::needs(method).has(policy::PlanFact::plan);
  };
  return std::any_of(catalog.offers.begin(), catalog.offers.end(),
                     [&](const auto& o) { return is_shared(o.offer->forecast); }) ||
         std::any_of(catalog.purchases.begin(), catalog.purchases.end(),
                     [&](const auto& p) { return is_shared(p.purchase->forecast); });
}

double PlannedNeed::per_week(sim::Time from) const {
  double pieces = 0;
  for (const DemandShare& share : need_.shares()) {
    pieces += share.pieces * real_->demand_plan(share.demand, from).value(from);
  }
  return pieces;
}

double PlannedNeed::over(sim::Time from, double weeks) const {
  // curves are integrated over whole seconds; what is left of one is short enough for one rate
  const double within = std::min(weeks, longest_weeks);
  const sim::Duration whole{static_cast<sim::Duration::rep>(within * sim::seconds_per_week)};
  const double rest = weeks - sim::to_weeks(whole);
  double pieces = 0;
  for (const DemandShare& share : need_.shares()) {
    const sim::Curve& plan = real_->demand_plan(share.demand, from);
    pieces += share.pieces * (plan.is_constant()
                                  ? plan.value(from) * weeks
                                  : plan.integral(from, from + whole) / sim::seconds_per_week +
                                        plan.value(from + whole) * rest);
  }
  return pieces;
}

PlannedNeeds::PlannedNeeds(const Catalog& catalog, const state::Realisation& real,
                           const state::CurrentTerms& terms, const FlowGraph& graph)
    : catalog_(catalog),
      explosion_(catalog, real, terms, graph),
      is_used_(anybody_shares_plans(catalog)) {
  if (!is_used_) return;
  stocks_.assign(catalog.stocks.size(), PlannedNeed(real));
  offers_.assign(catalog.offers.size(), PlannedNeed(real));
  update(catalog.begin(), std::vector<double>(catalog.recipes.size(), 0));
}

void PlannedNeeds::update(sim::Time now, std::span<const double> pieces_started) {
  auto needs = explosion_.needs_by_demand(now, pieces_started);
  for (std::size_t o = 0; o < offers_.size(); ++o) {
    NeedByDemand together;
    for (const auto& variant : catalog_.offers[o].variants) {
      together += needs[variant.stock.index()];
    }
    offers_[o].set(std::move(together));
  }
  for (std::size_t s = 0; s < stocks_.size(); ++s) stocks_[s].set(std::move(needs[s]));
}

}  // namespace optichain::models::network
