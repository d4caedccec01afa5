#pragma once
// Worlds that several tests start from.

#include <string>

namespace optichain::models {

/// A fab makes 100 chips a week (a lot started on Monday is there on the next, and there are 100 to
/// begin with), alpha and beta want 100 each. Beta comes first, but for alpha's agreement.
inline const std::string agreed = R"(
name: two buyers
start: 2024-01-01
end: 2024-03-10
items: {chip: {price_usd: 50}, part: {price_usd: 50}}
sites:
  fab:
    lines: {wafers: {capacity_per_week: 100}}
    recipes:
      chip: {makes: chip, line: wafers}
    sells:
      chip:
        replenish: {base_stock: {level_pieces: 1000}}
        allocation: {priority: {buyers: [beta]}}
    stocks: {chip: {initial_pieces: 100}}
customers:
  alpha: {demand: {chip: {pieces_per_week: 100, from: {fab: {}}}}}
  beta: {demand: {chip: {pieces_per_week: 100, from: {fab: {}}}}}
agreements:
  lta:
    {seller: fab, buyer: alpha, item: chip, from: 2024-01-01, until: 2024-03-10, settled: week,
     pieces_per_week: 80}
)";

/// Two makers without limits share the orders of one buyer.
inline const std::string two_sellers = R"(
name: two sellers
start: 2024-01-01
end: 2024-12-29
items: {chip: {}}
sites:
  first: {recipes: {make: {makes: chip}}, sells: {chip: {}}}
  second: {recipes: {make: {makes: chip}}, sells: {chip: {}}}
customers:
  buyer: {demand: {chip: {pieces_per_week: 100, from: {first: {}, second: {}}}}}
)";

/// An entry of `sites`: one that sells pieces of `good` out of what it has, at any time.
inline std::string store_of_good(const std::string& site, int pieces) {
  return "  " + site + R"(:
    continuous_review: true
    sells: {good: {forecast: constant}}
    stocks: {good: {initial_pieces: )" +
         std::to_string(pieces) + "}}\n";
}

}  // namespace optichain::models
