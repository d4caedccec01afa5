#include "models/network/planned_needs.hpp"

#include <algorithm>
#include <limits>

namespace optichain::models::network {
namespace {

bool anybody_shares(const Catalog& catalog) {
  const auto is_shared = [](const policy::ForecastMethod& method) {
    return policy::needs(method).has(policy::PlanFact::plan);
  };
  return std::any_of(catalog.offers.begin(), catalog.offers.end(),
                     [&](const auto& o) { return is_shared(o.offer->forecast); }) ||
         std::any_of(catalog.purchases.begin(), catalog.purchases.end(),
                     [&](const auto& p) { return is_shared(p.purchase->forecast); });
}

}  // namespace

PlannedNeeds::PlannedNeeds(const Catalog& catalog, const state::Realisation& real,
                           const state::CurrentTerms& terms, const FlowGraph& graph)
    : catalog_(catalog),
      real_(real),
      explosion_(catalog, real, terms, graph),
      is_used_(anybody_shares(catalog)) {
  if (is_used_) rates_.resize(catalog.stocks.size() * rate_count);
}

/// The mean of a demand over a span, as planned now; of the last one, which has no end, the rate at
/// its beginning.
double PlannedNeeds::planned_rate(DemandId demand, sim::Time now, std::size_t span) const {
  const sim::Curve& plan = real_.demand_plan(demand, now);
  const auto after = [&](double weeks) { return now + sim::days_to_duration(7 * weeks); };
  const sim::Time from = after(span == 0 ? 0 : span_weeks[span - 1]);
  if (span == span_weeks.size()) return plan.value(from);
  const sim::Time until = after(span_weeks[span]);
  return plan.integral(from, until) / static_cast<double>((until - from).count());
}

void PlannedNeeds::update(sim::Time now, std::span<const double> pieces_started) {
  std::vector<double> demand(catalog_.demands.size());
  for (std::size_t span = 0; span < rate_count; ++span) {
    for (std::size_t d = 0; d < demand.size(); ++d) {
      demand[d] = planned_rate(DemandId{d}, now, span);
    }
    const auto needs = explosion_.needs(now, demand, pieces_started);
    const double until =
        span < span_weeks.size() ? span_weeks[span] : std::numeric_limits<double>::infinity();
    for (std::size_t s = 0; s < needs.size(); ++s) {
      rates_[s * rate_count + span] = {until, needs[s]};
    }
  }
}

std::span<const policy::PlannedRate> PlannedNeeds::of(StockId stock) const {
  return std::span(rates_).subspan(stock.index() * rate_count, rate_count);
}

std::vector<policy::PlannedRate> PlannedNeeds::of(const Catalog::OfferEntry& offer) const {
  std::vector<policy::PlannedRate> sum(rate_count);
  for (const auto& variant : offer.variants) {
    const auto rates = of(variant.stock);
    for (std::size_t i = 0; i < rate_count; ++i) {
      sum[i].until_weeks = rates[i].until_weeks;
      sum[i].per_week += rates[i].per_week;
    }
  }
  return sum;
}

}  // namespace optichain::models::network
