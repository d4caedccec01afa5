#pragma once
// What agents need, built from a scenario given as text, so that each of them can be built alone
// and asked what it does. Nobody acts by itself here.

#include <memory>
#include <string>
#include <vector>

#include "models/agents/buyer.hpp"
#include "models/agents/order_desk.hpp"
#include "models/agents/planner.hpp"
#include "tests/unit/trade_parts.hpp"

namespace optichain::models {

/// Books, state, channels and lines; an order desk for every offer that starts at `per_week`.
struct AgentParts : TradeParts {
  explicit AgentParts(const std::string& yaml, double per_week = 10) : TradeParts(yaml) {
    auto capacities = network::line_capacities(catalog, real);
    for (std::size_t l = 0; l < capacities.size(); ++l) {
      lines.push_back(std::make_unique<sim::Line>(kernel, catalog.lines[l].name, capacities[l]));
    }
    for (std::size_t o = 0; o < catalog.offers.size(); ++o) {
      std::vector<trade::Channel*> buyers;
      for (const ChannelId c : catalog.offers[o].channels) {
        buyers.push_back(channels[c.index()].get());
      }
      desks.push_back(std::make_unique<agents::OrderDesk>(desk_context, OfferId{o},
                                                          std::move(buyers), per_week));
    }
  }

  /// By its name, "maker.thing".
  agents::OrderDesk& desk(const std::string& name) {
    for (std::size_t o = 0; o < catalog.offers.size(); ++o) {
      if (catalog.offers[o].name == name) return *desks[o];
    }
    FAIL("no desk " << name);
    return *desks.front();
  }

  network::FlowGraph graph{catalog};
  network::PlannedNeeds plans{catalog, real, terms, graph};
  agents::OrderDesk::Context desk_context{
      {catalog, kernel, meters, sim::RunSeed{1, 0}}, inventory, terms, plans, pauses};
  agents::ShopFloor::Context floor_context{{catalog, kernel, meters, sim::RunSeed{1, 0}},
                                           real,
                                           ledger,
                                           inventory,
                                           accounts,
                                           continuous_review};
  agents::Planner::Context planner_context{
      {catalog, kernel, meters, sim::RunSeed{1, 0}}, real, inventory, terms, continuous_review};
  agents::Buyer::Context buyer_context{
      {catalog, kernel, meters, sim::RunSeed{1, 0}}, inventory, terms, plans, pauses};
  std::vector<std::unique_ptr<sim::Line>> lines;
  std::vector<std::unique_ptr<agents::OrderDesk>> desks;
};

/// The shop floor and the planner of one site.
struct PlanningParts : AgentParts {
  PlanningParts(const std::string& yaml, const std::string& name)
      : AgentParts(yaml), site(site_of(name)) {}

  SiteId site_of(const std::string& name) const {
    for (std::size_t s = 0; s < catalog.sites.size(); ++s) {
      if (catalog.sites[s].name == name) return SiteId{s};
    }
    FAIL("no site " << name);
    return {};
  }
  std::vector<const agents::OrderDesk*> own_desks() const {
    std::vector<const agents::OrderDesk*> own;
    for (const OfferId o : catalog[site].offers) own.push_back(desks[o.index()].get());
    return own;
  }

  SiteId site;
  agents::ShopFloor floor{floor_context, site, lines};
  agents::Planner planner{planner_context, site, own_desks(), lines, floor};
};

}  // namespace optichain::models
