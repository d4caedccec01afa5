#pragma once
// What agents need, built from a scenario given as text, so that each of them can be built alone
// and asked what it does. Nobody acts by itself here.

#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "models/agents/buyer.hpp"
#include "models/agents/order_desk.hpp"
#include "models/agents/planner.hpp"
#include "models/network/line_capacity.hpp"
#include "models/scenario/load.hpp"

namespace optichain::models {

/// Books, state, lines and channels; an order desk for every offer that starts at `per_week`.
struct AgentParts {
  explicit AgentParts(const std::string& yaml, double per_week = 10)
      : loaded(scenario::scenario_from_text(yaml, "test.yaml")) {
    for (const auto& stock : catalog.stocks) {
      const std::string entity = "stocks." + stock.name;
      inventory.add({.on_hand = meters.level(entity, "on_hand"),
                     .produced = meters.flow(entity, "produced"),
                     .scrap = meters.flow(entity, "scrap"),
                     .received = meters.flow(entity, "received"),
                     .used = meters.flow(entity, "used"),
                     .shipped = meters.flow(entity, "shipped")});
    }
    auto capacities = network::line_capacities(catalog, real);
    for (std::size_t l = 0; l < capacities.size(); ++l) {
      lines.push_back(std::make_unique<sim::Line>(kernel, catalog.lines[l].name, capacities[l]));
    }
    for (std::size_t c = 0; c < catalog.channels.size(); ++c) {
      channels.push_back(std::make_unique<agents::Channel>(context, ChannelId{c}));
    }
    for (std::size_t o = 0; o < catalog.offers.size(); ++o) {
      std::vector<agents::Channel*> buyers;
      for (const ChannelId c : catalog.offers[o].channels) {
        buyers.push_back(channels[c.index()].get());
      }
      desks.push_back(std::make_unique<agents::OrderDesk>(desk_context, OfferId{o},
                                                          std::move(buyers), per_week));
    }
  }

  /// By its name, "maker.part".
  StockId stock(const std::string& name) const {
    for (std::size_t s = 0; s < catalog.stocks.size(); ++s) {
      if (catalog.stocks[s].name == name) return StockId{s};
    }
    FAIL("no stock " << name);
    return {};
  }
  /// By its name, "buyer<maker.thing".
  agents::Channel& channel(const std::string& name) {
    for (std::size_t c = 0; c < catalog.channels.size(); ++c) {
      if (catalog.channels[c].name == name) return *channels[c];
    }
    FAIL("no channel " << name);
    return *channels.front();
  }
  /// By its name, "maker.thing".
  agents::OrderDesk& desk(const std::string& name) {
    for (std::size_t o = 0; o < catalog.offers.size(); ++o) {
      if (catalog.offers[o].name == name) return *desks[o];
    }
    FAIL("no desk " << name);
    return *desks.front();
  }
  void put(const std::string& name, std::int64_t pieces) {
    ledger.put_initial(stock(name), Pieces{pieces});
    inventory.change(stock(name), Pieces{pieces});
  }
  std::int64_t on_hand(const std::string& name) const {
    return inventory.on_hand(stock(name)).count();
  }
  /// Lets what is due now or earlier happen: orders reach their sellers, for one.
  void settle() { kernel.run_until(kernel.now()); }
  void order(const std::string& name, std::int64_t pieces) {
    channel(name).order(Pieces{pieces});
    settle();
  }

  scenario::LoadedScenario loaded;
  Catalog catalog{loaded.scenario};
  state::Realisation real{catalog};
  network::FlowGraph graph{catalog};
  state::CurrentTerms terms{catalog, real};
  network::PlannedNeeds plans{catalog, real, terms, graph};
  sim::Kernel kernel{catalog.begin()};
  books::Ledger ledger{catalog, kernel, network::line_capacities(catalog, real)};
  books::Meters meters;
  state::Inventory inventory{kernel, meters};
  books::Accounts accounts{catalog, kernel, ledger, meters};
  state::ContinuousReview continuous_review;
  state::Pauses pauses{catalog, kernel};
  agents::Context context{{catalog, kernel, meters},
                          real,
                          sim::RunSeed{1, 0},
                          ledger,
                          inventory,
                          terms,
                          accounts,
                          plans,
                          continuous_review,
                          pauses};
  agents::OrderDesk::Context desk_context{
      {catalog, kernel, meters}, inventory, terms, plans, pauses};
  agents::ShopFloor::Context floor_context{
      {catalog, kernel, meters}, real, sim::RunSeed{1, 0}, ledger, inventory, accounts,
      continuous_review};
  agents::Planner::Context planner_context{{catalog, kernel, meters}, real, inventory, terms};
  agents::Buyer::Context buyer_context{{catalog, kernel, meters}, inventory, terms, plans, pauses};
  std::vector<std::unique_ptr<sim::Line>> lines;
  std::vector<std::unique_ptr<agents::Channel>> channels;
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
