#include "models/lta/valuation.hpp"

#include <algorithm>
#include <chrono>
#include <set>

#include <fmt/format.h>

#include "models/agreement/discount.hpp"
#include "sim/base/check.hpp"

namespace optichain::models::lta {
namespace {

double years_between(sim::Date from, sim::Date to) {
  return static_cast<double>((to - from).count()) / agreement::Discount::days_per_year;
}

/// The first day of a quarter, "2026Q3", and of the next.
std::pair<sim::Date, sim::Date> days_of(const std::string& quarter) {
  const std::chrono::year year(std::stoi(quarter.substr(0, 4)));
  const unsigned number = static_cast<unsigned>(quarter.back() - '0');
  const std::chrono::year_month first(year, std::chrono::month(3 * number - 2));
  return {sim::Date{first / std::chrono::day{1}},
          sim::Date{(first + std::chrono::months{3}) / std::chrono::day{1}}};
}

void add_scaled(Runs& sum, const Runs& values, double factor) {
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += factor * values[i];
}

}  // namespace

Valuation::Valuation(const sweep::SweepResults& results)
    : policies_(results.policies().size()),
      futures_(results.futures().size()),
      replications_(results.replications()) {
  if (!results.study().decision) {
    sim::fail("the study {} has no `decision`: `optichain schema --of study` says what it holds",
              results.study().name);
  }
  decision_ = *results.study().decision;
  find_quarters(results);
  std::set<std::string> parties;
  for (const sim::MeasureRow& m : results.measures()) {
    const std::size_t end = m.name.find(".cash_flow.");
    if (end != std::string::npos) parties.insert(m.name.substr(0, end));
  }
  for (const std::string& name : parties) {
    add_party(results, name);
    if (name.starts_with("customers.")) add_customer(results, name);
  }
}

void Valuation::find_quarters(const sweep::SweepResults& results) {
  std::set<std::string> names;
  for (const sim::MeasureRow& m : results.measures()) {
    const std::size_t begin = m.name.find(".cash_flow.");
    if (begin != std::string::npos) names.insert(m.name.substr(begin + 11));
  }
  for (const std::string& name : names) {
    const auto [first, next] = days_of(name);
    if (next <= decision_.date) continue;  // the common past
    const double begin = std::max(0.0, years_between(decision_.date, first));
    const double end = years_between(decision_.date, next);
    spans_.push_back({name, (begin + end) / 2});
    quarters_.push_back(name);
    years_to_end_ = end;
  }
}

const PartyValue& Valuation::party(std::string_view name) const {
  const auto found = std::find_if(parties_.begin(), parties_.end(), [&](const PartyValue& p) {
    return p.name.substr(p.name.find('.') + 1) == name;
  });
  if (found == parties_.end()) sim::fail("the store has no cash of {}", name);
  return *found;
}

void Valuation::add_party(const sweep::SweepResults& results, const std::string& name) {
  PartyValue party{name, Runs(policies_ * futures_ * replications_, 0), {}};
  const agreement::Discount discount{decision_.discount_rate, decision_.date};
  for (const Quarter& quarter : spans_) {
    party.cash.push_back(results.runs(fmt::format("{}.cash_flow.{}", name, quarter.name)));
    add_scaled(party.npv, party.cash.back(), discount.after(quarter.years));
    for (const auto& [product, usd] : decision_.undelivered_usd) {
      const std::string demand = name + "." + product;
      const std::string wanted = fmt::format("{}.demanded.{}", demand, quarter.name);
      if (!results.has(wanted)) continue;
      const double cost = usd * discount.after(quarter.years);
      add_scaled(party.npv, results.runs(wanted), -cost);
      add_scaled(party.npv, results.runs(fmt::format("{}.delivered.{}", demand, quarter.name)),
                 cost);
    }
  }
  const double at_end = discount.after(years_to_end_);
  const auto add_level = [&](const char* level, double factor) {
    const std::string metric = fmt::format("{}.{}.all", name, level);
    if (results.has(metric)) add_scaled(party.npv, results.runs(metric), factor * at_end);
  };
  add_level("receivable", 1);
  add_level("payable", -1);
  add_level("stock_value", decision_.stock_share);
  parties_.push_back(std::move(party));
}

void Valuation::add_customer(const sweep::SweepResults& results, const std::string& name) {
  const Runs none(policies_ * futures_ * replications_, 0);
  Runs wanted = none, delivered = none, waited = none;
  for (const Quarter& quarter : spans_) {
    const auto get = [&](const char* measure) {
      return results.runs(fmt::format("{}.{}.{}", name, measure, quarter.name));
    };
    const Runs pieces = get("delivered"), days = get("lead_time");
    add_scaled(wanted, get("demanded"), 1);
    add_scaled(delivered, pieces, 1);
    for (std::size_t i = 0; i < waited.size(); ++i) {
      if (pieces[i] > 0) waited[i] += pieces[i] * days[i];
    }
  }
  CustomerService service{name, none, none};
  for (std::size_t i = 0; i < none.size(); ++i) {
    service.fill_rate[i] = delivered[i] / wanted[i];
    service.lead_time_days[i] = waited[i] / delivered[i];
  }
  customers_.push_back(std::move(service));
}

}  // namespace optichain::models::lta
