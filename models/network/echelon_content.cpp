#include "models/network/echelon_content.hpp"

#include <algorithm>

namespace optichain::models::network {

EchelonContent::EchelonContent(const Catalog& catalog, const FlowGraph& graph, StockId of)
    : stocks(catalog.stocks.size(), 0), recipes(catalog.recipes.size(), 0) {
  const auto put = [&](StockId stock, double pieces) {
    double& known = stocks[stock.index()];
    if (known != 0 && known != pieces) mixed = stock;
    known = std::max(known, pieces);
  };
  stocks[of.index()] = 1;
  for (const StockId stock : graph.order) {  // those that supply it come before
    const auto& entry = catalog[stock];
    if (stock != of) {
      for (const RecipeId r : entry.recipes) {
        for (const auto& input : catalog[r].inputs) {
          recipes[r.index()] += input.pieces * stocks[input.stock.index()];
        }
      }
      const auto in = [&](RecipeId r) { return recipes[r.index()]; };
      for (const RecipeId r : entry.recipes) {
        if (in(r) != in(entry.recipes.front())) mixed = stock;
        if (in(r) > 0) put(stock, in(r));
      }
    }
    const double here = stocks[stock.index()];
    if (here == 0 || !entry.offer.valid()) continue;
    for (const ChannelId c : catalog[entry.offer].channels) {
      const PurchaseId purchase = catalog[c].purchase;
      if (!purchase.valid()) continue;
      const StockId next = catalog[purchase].stock;
      if (catalog[next].item == entry.item) put(next, here);
    }
  }
}

}  // namespace optichain::models::network
