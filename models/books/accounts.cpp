#include "models/books/accounts.hpp"

#include <string>

namespace optichain::models {

Accounts::Accounts(const Catalog& catalog, Ledger& ledger, Meters& meters)
    : ledger_(ledger), meters_(meters) {
  const auto meter = [&](const std::string& entity, std::string_view measure) {
    return measure.empty() ? MeterId{} : meters.flow(entity, std::string(measure), "usd", 1e-6);
  };
  paid_.resize(catalog.party_count() + 1);  // the outside world is the last
  received_.resize(paid_.size());
  for (std::size_t s = 0; s < catalog.sites.size(); ++s) {
    const std::string entity = "sites." + catalog.sites[s].name;
    for (const AccountName& name : account_names) {
      const bool used = !name.of_agreements || !catalog.agreements.empty();
      paid_[s].push_back(used ? meter(entity, name.paid) : MeterId{});
      received_[s].push_back(used ? meter(entity, name.received) : MeterId{});
    }
  }
}

void Accounts::pay(PartyId from, PartyId to, Account account, Money amount) {
  if (!amount) return;
  ledger_.pay(from, to, amount);
  count(paid_[from.index()], account, amount);
  count(received_[to.index()], account, amount);
}

void Accounts::count(const std::vector<MeterId>& meters, Account account, Money amount) {
  if (meters.empty()) return;
  const MeterId meter = meters[static_cast<std::size_t>(account)];
  if (meter.valid()) meters_.add(meter, amount.count());
}

}  // namespace optichain::models
