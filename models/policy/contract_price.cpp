#include "models/policy/contract_price.hpp"

#include <algorithm>

namespace optichain::models::policy {

double contract_price(const ContractPrice& price, sim::Time now, const PriceBasis& basis) {
  struct Visitor {
    sim::Time now;
    const PriceBasis& basis;
    double operator()(const SpotPrice&) const { return basis.spot; }
    double operator()(const FixedPrice& p) const { return p.usd.value(now); }
    double operator()(const DiscountedPrice& p) const { return basis.spot * (1 - p.off); }
    double operator()(const IndexedPrice& p) const {
      const double change = basis.index_first > 0 ? basis.index / basis.index_first - 1 : 0;
      return std::max(0.0, p.base_usd * (1 + p.pass_through * change));
    }
    double operator()(const CollaredPrice& p) const {
      return std::clamp(basis.spot, p.floor_usd, p.ceiling_usd);
    }
  };
  return std::visit(Visitor{now, basis}, price);
}

}  // namespace optichain::models::policy
