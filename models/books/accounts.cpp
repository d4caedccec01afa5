#include "models/books/accounts.hpp"

#include <algorithm>
#include <string>

namespace optichain::models::books {

bool is_used(const AccountName& name, const Catalog& catalog) {
  switch (name.used_with) {
    case UsedWith::anything:
      return true;
    case UsedWith::agreements:
      return !catalog.agreements.empty();
    case UsedWith::order_costs:
      return std::any_of(catalog.channels.begin(), catalog.channels.end(),
                         [](const auto& channel) { return channel.source->order_usd > 0; });
    case UsedWith::transit_costs:
      return std::any_of(catalog.offers.begin(), catalog.offers.end(), [](const auto& offer) {
        return offer.offer->in_transit_usd_per_piece_week > 0;
      });
  }
  return false;
}

measures::Entity party_entity(const Catalog& catalog, PartyId party) {
  const bool customer = catalog.is_customer(party);
  return measures::of(customer ? measures::Group::customers : measures::Group::sites,
                      catalog.party_name(party));
}

Accounts::Accounts(const Catalog& catalog, sim::Kernel& kernel, Ledger& ledger, Meters& meters)
    : kernel_(kernel),
      ledger_(ledger),
      meters_(meters),
      paid_(catalog.party_count() + 1),
      received_(paid_.size()),
      counted_(paid_.size()),
      receivable_(paid_.size()),
      payable_(paid_.size()) {
  const auto meter = [&](const measures::Entity& entity, std::string_view measure, bool kept) {
    const bool none = measure.empty() || !kept;
    return none ? MeterId{} : meters.flow(entity, measure, 1e-6);
  };
  for (const AccountName& name : account_names) {
    const bool used = is_used(name, catalog);
    for (std::size_t s = 0; s < catalog.sites.size(); ++s) {
      const auto entity = measures::of(measures::Group::sites, catalog.sites[s].name);
      paid_[s].push_back(meter(entity, name.paid, used));
      received_[s].push_back(meter(entity, name.received, used));
    }
    for (std::size_t c = 0; c < catalog.customers.size(); ++c) {
      const auto entity = measures::of(measures::Group::customers, catalog.customers[c].name);
      const std::size_t party = catalog.party(CustomerId{c}).index();
      paid_[party].push_back(meter(entity, name.paid, used && name.of_customers));
      received_[party].push_back(meter(entity, name.received, used && name.of_customers));
    }
    received_.back().push_back(
        meter(measures::of_outside(), name.paid, used && name.received.empty()));
  }
}

void Accounts::pay(PartyId from, PartyId to, Account account, Money amount) {
  if (!amount) return;
  count(from, to, account, amount);
  ledger_.pay(from, to, amount);
}

void Accounts::pay_at(sim::Time due, sim::Phase phase, PartyId from, PartyId to, Account account,
                      Money amount) {
  if (!amount) return;
  count(from, to, account, amount);
  payable_[from.index()] += amount;
  receivable_[to.index()] += amount;
  kernel_.at(due, phase, [this, from, to, amount] { settle(from, to, amount); });
}

void Accounts::settle(PartyId from, PartyId to, Money amount) {
  payable_[from.index()] -= amount;
  receivable_[to.index()] -= amount;
  ledger_.pay(from, to, amount);
}

/// Meters first: one that is full says whose it is, which a sum that is full cannot.
void Accounts::count(PartyId from, PartyId to, Account account, Money amount) {
  add(paid_[from.index()], account, amount);
  add(received_[to.index()], account, amount);
  counted_[from.index()] -= amount;
  counted_[to.index()] += amount;
}

void Accounts::add(const std::vector<MeterId>& meters, Account account, Money amount) {
  if (meters.empty()) return;
  const MeterId meter = meters[static_cast<std::size_t>(account)];
  if (meter.valid()) meters_.add(meter, amount.count());
}

std::vector<Money> Accounts::cash() const {
  std::vector<Money> cash = counted_;
  for (std::size_t p = 0; p < cash.size(); ++p) cash[p] += payable_[p] - receivable_[p];
  return cash;
}

}  // namespace optichain::models::books
