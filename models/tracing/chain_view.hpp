#pragma once
// What tracing looks at in a chain: everything, and it changes nothing.

#include <memory>
#include <vector>

#include "models/agents/customer_agent.hpp"
#include "models/agents/site_agent.hpp"
#include "models/network/flow_graph.hpp"

namespace optichain::models::tracing {

/// All must outlive whoever looks through it.
struct ChainView {
  const Catalog& catalog;
  const state::Realisation& real;
  const state::CurrentTerms& terms;
  const network::FlowGraph& graph;
  const state::Inventory& inventory;
  const std::vector<std::unique_ptr<trade::Channel>>& channels;
  const std::vector<std::unique_ptr<agents::OrderDesk>>& desks;
  const std::vector<std::unique_ptr<agents::SiteAgent>>& sites;
  const std::vector<std::unique_ptr<agents::CustomerAgent>>& customers;

  const agents::Planner& planner(StockId stock) const {
    return sites[catalog[stock].site.index()]->planner();
  }
  Pieces on_hand(StockId stock) const { return inventory.on_hand(stock); }
  /// What a customer could order from nobody so far.
  Pieces waiting(DemandId demand) const { return agents::waiting(catalog, customers, demand); }
  const std::string& item(StockId stock) const { return catalog[catalog[stock].item].name; }
  const std::string& product(DemandId demand) const {
    return catalog[catalog[demand].product].name;
  }
  const std::string& product(OfferId offer) const { return catalog[catalog[offer].product].name; }
};

}  // namespace optichain::models::tracing
