#pragma once
// What a piece costs under an agreement. Pure functions.

#include <algorithm>

#include "models/catalog/catalog.hpp"

namespace optichain::models::policy {

/// What a contract price may depend on, in USD.
struct PriceBasis {
  double spot = 0;         // what the buyer would pay without the agreement
  double index = 0;        // of an indexed price: the market price of its item now ...
  double index_first = 0;  // ... and on the agreement's first day; 0: the price stays at its base
};

/// The first moment of an agreement in the simulation.
inline sim::Time first_day(const Catalog& catalog, const Catalog::AgreementEntry& entry) {
  return std::max(sim::Time{entry.agreement->from}, catalog.begin());
}

/// The price of a piece on a day, in USD, >= 0.
double contract_price(const ContractPrice& price, sim::Time now, const PriceBasis& basis);

}  // namespace optichain::models::policy
