#pragma once
// An echelon: all of an item that is beyond a stock point, on its way to those who buy it from
// there and kept by them, by those who buy it from them, and in what is made of it (Clark and Scarf
// 1960; through bills of materials Rosling 1989).

#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "models/network/echelon_content.hpp"
#include "models/state/inventory.hpp"
#include "models/trade/channel.hpp"

namespace optichain::models::agents {

class Echelon {
 public:
  /// Pieces of a recipe that are in process.
  using InProcess = std::function<Pieces(RecipeId)>;

  /// Of a stock point, with the channels of the world by ChannelId.
  Echelon(const Catalog& catalog, const state::Inventory& inventory,
          const network::FlowGraph& graph, StockId stock, std::span<trade::Channel* const> channels,
          InProcess in_process)
      : inventory_(inventory), in_process_(std::move(in_process)) {
    const network::EchelonContent content(catalog, graph, stock);
    for (std::size_t s = 0; s < content.stocks.size(); ++s) {
      const double pieces = content.stocks[s];
      if (pieces == 0) continue;
      if (StockId{s} != stock) stocks_.push_back({StockId{s}, pieces});
      if (const OfferId offer = catalog.stocks[s].offer; offer.valid()) {
        for (const ChannelId c : catalog[offer].channels) {
          (catalog[c].purchase.valid() ? to_sites_ : to_customers_)
              .push_back({channels[c.index()], pieces});
        }
      }
    }
    for (std::size_t r = 0; r < content.recipes.size(); ++r) {
      if (content.recipes[r] > 0) recipes_.push_back({RecipeId{r}, content.recipes[r]});
    }
  }

  /// In transit to sites, in stock and in process there, less what customers have ordered and not
  /// been shipped.
  double pieces() const {
    double sum = 0;
    for (const auto& [stock, each] : stocks_) sum += each * to_double(inventory_.on_hand(stock));
    for (const auto& [recipe, each] : recipes_) sum += each * to_double(in_process_(recipe));
    for (const auto& [channel, each] : to_sites_) sum += each * to_double(channel->in_transit());
    for (const auto& [channel, each] : to_customers_) {
      sum -= each * to_double(channel->not_shipped());
    }
    return sum;
  }

 private:
  /// Something beyond the stock point, and how much of what is kept there is in a piece of it.
  template <class What>
  struct Part {
    What what;
    double each;
  };

  const state::Inventory& inventory_;
  InProcess in_process_;
  std::vector<Part<StockId>> stocks_;
  std::vector<Part<RecipeId>> recipes_;
  std::vector<Part<const trade::Channel*>> to_sites_, to_customers_;
};

}  // namespace optichain::models::agents
