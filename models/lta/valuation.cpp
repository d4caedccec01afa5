#include "models/lta/valuation.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "models/agreement/discount.hpp"
#include "sim/base/check.hpp"
#include "sim/base/time.hpp"
#include "sim/input/refusal.hpp"

namespace optichain::models::lta {
namespace {

double years_between(sim::Date from, sim::Date to) {
  return static_cast<double>((to - from).count()) / sim::days_per_year;
}

void add_scaled(Runs& sum, const Runs& values, double factor) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += factor * values[i];
}

}  // namespace

double delivered_of_wanted(double delivered, double wanted) {
  const double rate = delivered / wanted;
  return rate > 1 ? 1 : rate;
}

Valuation::Valuation(const sweep::SweepResults& results)
    : policies_(results.policies().size()),
      futures_(results.futures().size()),
      replications_(results.replications()) {
  if (!results.study().decision) {
    sim::refuse_input(
        results.study().name,
        "the study has no `decision`: `optichain schema --of study` says what it holds");
  }
  decision_ = *results.study().decision;
  find_quarters(results);
  std::set<measures::Entity> parties;
  for (const sim::MeasureRow& m : results.measures()) {
    const auto figure = measures::FigureName::parse(m.name);
    if (figure && figure->measure == "cash_flow") parties.insert(figure->entity);
  }
  for (const measures::Entity& entity : parties) {
    add_party(results, entity);
    if (entity.group == measures::Group::customers) add_customer(results, entity);
  }
}

void Valuation::find_quarters(const sweep::SweepResults& results) {
  std::set<std::string> names;
  for (const sim::MeasureRow& m : results.measures()) {
    auto figure = measures::FigureName::parse(m.name);
    if (figure && figure->measure == "cash_flow") names.insert(std::move(figure->period));
  }
  for (const std::string& name : names) {
    const auto days = sim::parse_period(name);
    if (!days) sim::fail("the store has cash of {}, which is no period", name);
    if (days->end <= decision_.date) continue;  // the common past
    const double begin = std::max(0.0, years_between(decision_.date, days->begin));
    const double end = years_between(decision_.date, days->end);
    spans_.push_back({name, (begin + end) / 2});
    quarters_.push_back(name);
    years_to_end_ = end;
  }
}

const PartyValue& Valuation::party(std::string_view name) const {
  const auto found = std::find_if(parties_.begin(), parties_.end(),
                                  [&](const PartyValue& p) { return p.entity.name == name; });
  if (found == parties_.end()) sim::fail("the store has no cash of {}", name);
  return *found;
}

void Valuation::add_party(const sweep::SweepResults& results, const measures::Entity& entity) {
  const auto figure = [&](const char* measure, const std::string& period) {
    return measures::FigureName{entity, measure, period}.text();
  };
  PartyValue party{entity, Runs(policies_ * futures_ * replications_, 0), {}};
  const agreement::Discount discount{decision_.discount_rate, decision_.date};
  for (const Quarter& quarter : spans_) {
    party.cash.push_back(results.runs(figure("cash_flow", quarter.name)));
    add_scaled(party.npv, party.cash.back(), discount.after(quarter.years));
    for (const auto& [product, usd] : decision_.undelivered_usd) {
      measures::FigureName of_product{measures::of(entity.group, entity.name + "." + product),
                                      "demanded", quarter.name};
      if (!results.has(of_product.text())) continue;
      const double cost = usd * discount.after(quarter.years);
      add_scaled(party.npv, results.runs(of_product.text()), -cost);
      of_product.measure = "delivered";
      add_scaled(party.npv, results.runs(of_product.text()), cost);
    }
  }
  const double at_end = discount.after(years_to_end_);
  const auto add_level = [&](const char* level, double factor) {
    const std::string metric = figure(level, std::string(measures::whole_run));
    if (results.has(metric)) add_scaled(party.npv, results.runs(metric), factor * at_end);
  };
  add_level("receivable", 1);
  add_level("payable", -1);
  add_level("stock_value", decision_.stock_share);
  parties_.push_back(std::move(party));
}

void Valuation::add_customer(const sweep::SweepResults& results, const measures::Entity& entity) {
  const Runs none(policies_ * futures_ * replications_, 0);
  CustomerService service{entity, none, none, none, none};
  Runs wanted = none;
  for (const Quarter& quarter : spans_) {
    const auto get = [&](const char* measure) {
      return results.runs(measures::FigureName{entity, measure, quarter.name}.text());
    };
    add_scaled(wanted, get("demanded"), 1);
    add_scaled(service.delivered, get("delivered"), 1);
    add_scaled(service.waited, get("waited"), 1);
  }
  const std::string waiting =
      measures::FigureName{entity, "backlog", std::string(measures::whole_run)}.text();
  if (results.has(waiting)) {
    service.still_waiting = results.runs(waiting);
  } else {
    service.still_waiting.assign(none.size(), std::numeric_limits<double>::quiet_NaN());
  }
  for (std::size_t i = 0; i < none.size(); ++i) {
    service.fill_rate[i] = delivered_of_wanted(service.delivered[i], wanted[i]);
  }
  customers_.push_back(std::move(service));
}

}  // namespace optichain::models::lta
