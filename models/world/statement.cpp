#include "models/world/statement.hpp"

#include <algorithm>
#include <string>

namespace optichain::models::world {

Statements::Statements(const Catalog& catalog, const books::Meters& meters)
    : catalog_(catalog), meters_(meters) {
  for (std::size_t a = 0; a < books::account_names.size(); ++a) {
    const bool of_agreements = books::account_names[a].used_with == books::UsedWith::agreements;
    used_[a] =
        of_agreements ? catalog.has_agreements() : books::is_used(books::account_names[a], catalog);
  }
  for (std::size_t p = 0; p < catalog.party_count(); ++p) parties_.push_back(find(PartyId{p}));
  for (const auto& site : catalog.sites) {
    const auto m = meters.of(measures::of(measures::Group::sites, site.name));
    sites_.push_back({m("lost_margin"), m("waiting_margin"), m("stock_value"), {}});
  }
  for (const auto& c : catalog.channels) {
    if (!c.source->expedite) continue;
    sites_[catalog[c.offer].site.index()].expedited.push_back(
        meters.of(measures::of(measures::Group::channels, c.name))("expedited"));
  }
  for (const auto& c : catalog.customers) {
    const auto m = meters.of(measures::of(measures::Group::customers, c.name));
    const bool values = std::any_of(c.demands.begin(), c.demands.end(), [&](DemandId d) {
      return catalog[d].demand->value_usd_per_piece > 0;
    });
    customers_.push_back({m("lost_value"), m("waiting_value"), values});
  }
  for (std::size_t a = 0; a < books::account_names.size(); ++a) {
    const books::AccountName& name = books::account_names[a];
    if (name.received.empty() && used_[a])
      outside_[a] = meters.of(measures::of_outside())(name.paid);
  }
}

Statements::PartyMeters Statements::find(PartyId party) const {
  const bool customer = catalog_.is_customer(party);
  const auto m = meters_.of(books::party_entity(catalog_, party));
  PartyMeters found;
  for (std::size_t a = 0; a < books::account_names.size(); ++a) {
    const books::AccountName& name = books::account_names[a];
    if (!used_[a] || (customer && !name.of_customers)) continue;
    found.paid[a] = m(name.paid);
    if (!name.received.empty()) found.received[a] = m(name.received);
  }
  found.cash = m("cash_flow");
  found.receivable = m("receivable");
  found.payable = m("payable");
  return found;
}

std::vector<StatementRow> Statements::site(SiteId site, const ReportPeriod& period) const {
  std::vector<StatementRow> figures;
  const Result result = add_accounts(parties_[catalog_.party(site).index()], period, figures);
  const SiteMeters& m = sites_[site.index()];
  figures.push_back({"margin", result.margin});
  figures.push_back({"profit", result.profit});
  figures.push_back({"stock_value", at_end(m.stock_value, period)});
  figures.push_back({"lost_margin", flow(m.lost_margin, period)});
  figures.push_back({"waiting_margin", at_end(m.waiting_margin, period)});
  if (m.expedited.empty()) return figures;
  double pieces = 0;
  for (const books::MeterId id : m.expedited) pieces += flow(id, period);
  figures.push_back({"expedited", pieces});
  return figures;
}

std::vector<StatementRow> Statements::customer(CustomerId customer,
                                               const ReportPeriod& period) const {
  std::vector<StatementRow> figures;
  add_accounts(parties_[catalog_.party(customer).index()], period, figures);
  const CustomerMeters& m = customers_[customer.index()];
  if (!m.values) return figures;
  figures.push_back({"lost_value", flow(m.lost_value, period)});
  figures.push_back({"waiting_value", at_end(m.waiting_value, period)});
  return figures;
}

std::vector<StatementRow> Statements::outside(const ReportPeriod& period) const {
  std::vector<StatementRow> figures;
  for (std::size_t a = 0; a < books::account_names.size(); ++a) {
    if (outside_[a].valid()) {
      figures.push_back({books::account_names[a].paid, flow(outside_[a], period)});
    }
  }
  return figures;
}

/// Adds what a party received and paid by account and what it has; says what is left of it.
Statements::Result Statements::add_accounts(const PartyMeters& m, const ReportPeriod& period,
                                            std::vector<StatementRow>& figures) const {
  Result result;
  for (std::size_t a = 0; a < books::account_names.size(); ++a) {
    const books::AccountName& name = books::account_names[a];
    const auto add = [&](books::MeterId id, std::string_view measure, double sign) {
      if (!id.valid()) return;
      const double amount = flow(id, period);
      figures.push_back({measure, amount});
      if (name.enters == books::PartyResult::margin) result.margin += sign * amount;
      if (name.enters != books::PartyResult::cash) result.profit += sign * amount;
    };
    add(m.received[a], name.received, 1);
    add(m.paid[a], name.paid, -1);
  }
  figures.push_back({"cash_flow", flow(m.cash, period)});
  figures.push_back({"cash", meters_.between(m.cash, 0, period.to_mark)});
  figures.push_back({"receivable", at_end(m.receivable, period)});
  figures.push_back({"payable", at_end(m.payable, period)});
  return result;
}

double Statements::flow(books::MeterId id, const ReportPeriod& period) const {
  return meters_.between(id, period.from_mark, period.to_mark);
}

double Statements::at_end(books::MeterId id, const ReportPeriod& period) const {
  return meters_.level_at(id, period.to_mark);
}

}  // namespace optichain::models::world
