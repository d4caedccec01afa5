#pragma once
// What channels need, built from a scenario given as text, so that one can be built alone and asked
// what it does. Nobody acts by itself here.

#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "models/network/line_capacity.hpp"
#include "models/scenario/load.hpp"
#include "models/trade/channel.hpp"

namespace optichain::models {

/// Books, state and channels.
struct TradeParts {
  explicit TradeParts(const std::string& yaml, const std::vector<std::string>& changes = {})
      : loaded(scenario::scenario_from_text(yaml, "test.yaml", changes)) {
    for (const auto& stock : catalog.stocks) {
      const auto entity = measures::of(measures::Group::stocks, stock.name);
      inventory.add({.on_hand = meters.level(entity, "on_hand"),
                     .produced = meters.flow(entity, "produced"),
                     .scrap = meters.flow(entity, "scrap"),
                     .received = meters.flow(entity, "received"),
                     .used = meters.flow(entity, "used"),
                     .shipped = meters.flow(entity, "shipped")});
    }
    for (std::size_t c = 0; c < catalog.channels.size(); ++c) {
      channels.push_back(std::make_unique<trade::Channel>(services, ChannelId{c}));
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
  trade::Channel& channel(const std::string& name) {
    for (std::size_t c = 0; c < catalog.channels.size(); ++c) {
      if (catalog.channels[c].name == name) return *channels[c];
    }
    FAIL("no channel " << name);
    return *channels.front();
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
  state::CurrentTerms terms{catalog, real};
  sim::Kernel kernel{catalog.begin()};
  books::Ledger ledger{catalog, kernel, network::line_capacities(catalog, real)};
  books::Meters meters;
  state::Inventory inventory{kernel, meters};
  books::Accounts accounts{catalog, kernel, ledger, meters};
  state::ContinuousReview continuous_review;
  state::Pauses pauses{catalog, kernel};
  trade::Services services{catalog,  sim::RunSeed{1, 0}, kernel, ledger, meters, inventory, terms,
                           accounts, continuous_review,  pauses};
  std::vector<std::unique_ptr<trade::Channel>> channels;
};

}  // namespace optichain::models
