#pragma once
// What a piece costs under an agreement: terms and rules of its price.

#include <algorithm>
#include <string_view>
#include <variant>

#include "sim/base/curve.hpp"
#include "sim/base/fields.hpp"
#include "sim/base/rule.hpp"
#include "sim/base/time.hpp"

namespace optichain::models::policy {

/// What a contract price may depend on, in USD.
struct PriceBasis {
  double spot = 0;         // what the buyer would pay without the agreement
  double index = 0;        // of an indexed price: the market price of its item now ...
  double index_first = 0;  // ... and on the agreement's first day; 0: the price stays at its base
};

struct SpotPrice {
  static constexpr std::string_view title = "Spot price", tag = "spot",
                                    doc = "What the buyer would pay without the agreement.";
  template <class V>
  void fields(V&) {}
  friend bool operator==(const SpotPrice&, const SpotPrice&) = default;

  double price(sim::Time, const PriceBasis& basis) const { return basis.spot; }
};
struct FixedPrice {
  static constexpr std::string_view title = "Fixed price", tag = "fixed",
                                    doc = "A price, or a schedule of prices, agreed beforehand.";
  sim::Curve usd{0.0};
  template <class V>
  void fields(V& v) {
    v.required("usd", usd, sim::between(0, 1e9), "per piece");
  }
  friend bool operator==(const FixedPrice&, const FixedPrice&) = default;

  double price(sim::Time now, const PriceBasis&) const { return usd.value(now); }
};
struct DiscountedPrice {
  static constexpr std::string_view title = "Discounted price", tag = "discount",
                                    doc = "Spot less a share of it.";
  double off = 0;
  template <class V>
  void fields(V& v) {
    v.required("off", off, sim::share, "share of the spot price that is taken off");
  }
  friend bool operator==(const DiscountedPrice&, const DiscountedPrice&) = default;

  double price(sim::Time, const PriceBasis& basis) const { return basis.spot * (1 - off); }
};
struct IndexedPrice {
  static constexpr std::string_view title = "Indexed price", tag = "indexed",
                                    doc =
                                        "A base price that follows the market price of an item: "
                                        "base x (1 + pass_through x (index / index on the first "
                                        "day - 1)), not below 0.";
  double base_usd = 0;
  sim::Name index;
  double pass_through = 1;
  template <class V>
  void fields(V& v) {
    v.required("base_usd", base_usd, sim::between(0, 1e9), "per piece on the first day");
    v.required("index", index, "the item whose market price is followed");
    v.optional("pass_through", pass_through, sim::share,
               "part of the index's change that is passed on");
  }
  friend bool operator==(const IndexedPrice&, const IndexedPrice&) = default;

  double price(sim::Time, const PriceBasis& basis) const {
    const double change = basis.index_first > 0 ? basis.index / basis.index_first - 1 : 0;
    return std::max(0.0, base_usd * (1 + pass_through * change));
  }
};
struct CollaredPrice {
  static constexpr std::string_view title = "Collared price", tag = "collar",
                                    doc = "Spot, but not below a floor nor above a ceiling.";
  double floor_usd = 0;
  double ceiling_usd = 0;
  template <class V>
  void fields(V& v) {
    v.required("floor_usd", floor_usd, sim::between(0, 1e9), "lowest price of a piece");
    v.required("ceiling_usd", ceiling_usd, sim::between(0, 1e9), "highest price of a piece");
  }
  friend bool operator==(const CollaredPrice&, const CollaredPrice&) = default;

  double price(sim::Time, const PriceBasis& basis) const {
    return std::clamp(basis.spot, floor_usd, ceiling_usd);
  }
};
using ContractPrice =
    std::variant<SpotPrice, FixedPrice, DiscountedPrice, IndexedPrice, CollaredPrice>;

/// The price of a piece on a day, in USD, >= 0.
inline double contract_price(const ContractPrice& price, sim::Time now, const PriceBasis& basis) {
  return std::visit([&](const auto& p) { return p.price(now, basis); }, price);
}

}  // namespace optichain::models::policy
