#include "models/network/filling_time.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace optichain::models::network {
namespace {

using sim::Duration;

struct Ways {
  explicit Ways(const Catalog& c) : catalog(c), ready(c.stocks.size(), Duration{0}) {}

  /// From being there at the seller to being there at the buyer.
  Duration way(ChannelId channel) {
    const auto& entry = catalog[channel];
    const SiteId seller = catalog[entry.offer].site;
    const Duration transit =
        entry.lane ? sim::days_to_duration(entry.lane->transit_days.mean(catalog.begin()))
                   : Duration{0};
    any = any || transit > Duration{0};
    return transit + (catalog[seller].site->continuous_review
                          ? Duration{0}
                          : catalog.review_every(catalog.party(seller)));
  }
  Duration arrival(ChannelId channel) {
    Duration latest{0};
    const auto& entry = catalog[channel];
    const auto& variants = catalog[entry.offer].variants;
    for (std::size_t v = 0; v < variants.size(); ++v) {
      if (entry.accepts[v]) latest = std::max(latest, ready[variants[v].stock.index()]);
    }
    return latest + way(channel);
  }
  void visit(StockId id) {
    const auto& stock = catalog[id];
    Duration latest{0};
    for (const RecipeId r : stock.recipes) {
      Duration inputs{0};
      for (const auto& input : catalog[r].inputs) {
        inputs = std::max(inputs, ready[input.stock.index()]);
      }
      const Duration cycle =
          sim::days_to_duration(catalog[r].recipe->cycle_days.mean(catalog.begin()));
      any = any || cycle > Duration{0};
      latest = std::max(latest, inputs + cycle);
    }
    if (stock.purchase.valid()) {
      for (const ChannelId c : catalog[stock.purchase].channels) {
        latest = std::max(latest, arrival(c));
      }
    }
    ready[id.index()] = latest;
  }

  const Catalog& catalog;
  std::vector<Duration> ready;  // by StockId
  bool any = false;             // anything takes time
};

}  // namespace

bool begins_empty(const Catalog& catalog) {
  if (catalog.scenario.initial == InitialState::steady) return false;
  return std::none_of(catalog.stocks.begin(), catalog.stocks.end(),
                      [](const auto& s) {
                        return s.stock->initial_pieces > Pieces{0} ||
                               s.stock->initial_weeks.value_or(0) > 0;
                      }) &&
         std::none_of(catalog.channels.begin(), catalog.channels.end(),
                      [](const auto& c) {
                        return !c.source->initial_orders.empty() ||
                               !c.source->initial_shipments.empty();
                      }) &&
         std::none_of(catalog.recipes.begin(), catalog.recipes.end(),
                      [](const auto& r) { return !r.recipe->initial_lots.empty(); });
}

std::vector<Duration> first_supply(const Catalog& catalog, const FlowGraph& graph) {
  Ways ways(catalog);
  if (begins_empty(catalog)) {
    for (const StockId stock : graph.order) ways.visit(stock);
  }
  return std::move(ways.ready);
}

Duration filling_time(const Catalog& catalog, const FlowGraph& graph) {
  if (!begins_empty(catalog)) return Duration{0};
  Ways ways(catalog);
  for (const StockId stock : graph.order) ways.visit(stock);
  Duration longest{0};
  for (const auto& demand : catalog.demands) {
    for (const ChannelId c : demand.channels) longest = std::max(longest, ways.arrival(c));
  }
  if (!ways.any) return Duration{0};
  return std::max(Duration{0}, longest - (catalog.start() - catalog.begin()));
}

double filling_weeks(const Catalog& catalog) {
  return std::ceil(sim::to_weeks(filling_time(catalog, FlowGraph(catalog))));
}

}  // namespace optichain::models::network
