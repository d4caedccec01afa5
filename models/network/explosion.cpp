#include "models/network/explosion.hpp"

#include <algorithm>

#include "models/policy/yield.hpp"
#include "sim/base/check.hpp"

namespace optichain::models::network {

std::vector<double> initial_needs(const Catalog& catalog, const state::Realisation& real,
                                  const FlowGraph& graph) {
  std::vector<double> rates;
  for (const sim::Curve& curve : real.demand) rates.push_back(curve.value(catalog.begin()));
  const std::vector<double> nothing_started(catalog.recipes.size(), 0);
  const state::CurrentTerms terms(catalog, real);
  Explosion explosion(catalog, real, terms, graph);
  const auto needs = explosion.needs(catalog.begin(), rates, nothing_started);
  return {needs.begin(), needs.end()};
}

namespace {

/// What is ordered, shipped or started for a stock point before the simulation begins.
Pieces initially_coming(const Catalog& catalog, const Catalog::StockEntry& stock) {
  Pieces sum{0};
  const auto add = [&](const std::vector<InitialPieces>& all) {
    for (const InitialPieces& initial : all) sum += initial.pieces;
  };
  if (stock.purchase.valid()) {
    for (const ChannelId c : catalog[stock.purchase].channels) {
      add(catalog[c].source->initial_orders);
      add(catalog[c].source->initial_shipments);
    }
  }
  for (const RecipeId r : stock.recipes) add(catalog[r].recipe->initial_lots);
  return sum;
}

}  // namespace

std::vector<Pieces> initial_stock(const Catalog& catalog, std::span<const double> initial_needs) {
  std::vector<Pieces> pieces;
  for (std::size_t s = 0; s < catalog.stocks.size(); ++s) {
    const auto& stock = catalog.stocks[s];
    const Stock& terms = *stock.stock;
    if (!terms.initial_weeks) {
      pieces.push_back(terms.initial_pieces);
      continue;
    }
    Pieces there{sim::to_whole(*terms.initial_weeks * initial_needs[s])};
    if (const auto& room = terms.room_pieces) {
      there = std::min(there, std::max(Pieces{0}, *room - initially_coming(catalog, stock)));
    }
    pieces.push_back(there);
  }
  return pieces;
}

double recipe_yield(const Catalog& catalog, const state::Realisation& real, RecipeId recipe,
                    sim::Time now, double pieces_started) {
  const double limit = std::min(1.0, real.recipe_yield[recipe.index()].value(now));
  return policy::mean_yield(limit, catalog[recipe].recipe->yield_learning, now, catalog.start(),
                            pieces_started);
}

Explosion::Explosion(const Catalog& catalog, const state::Realisation& real,
                     const state::CurrentTerms& terms, const FlowGraph& graph)
    : catalog_(catalog),
      real_(real),
      terms_(terms),
      graph_(graph),
      needs_(catalog.stocks.size(), 0) {
  OPTICHAIN_CHECK(!graph.cycle, "a network with a cycle cannot be exploded");
}

std::span<const double> Explosion::needs(sim::Time now, std::span<const double> demand,
                                         std::span<const double> pieces_started) {
  std::fill(needs_.begin(), needs_.end(), 0.0);
  for (std::size_t d = 0; d < catalog_.demands.size(); ++d) {
    split_over(catalog_.demands[d].channels, demand[d], now, true);
  }
  // From the end of the chain to its beginning: what a stock point needs is known when it is
  // visited.
  for (auto it = graph_.order.rbegin(); it != graph_.order.rend(); ++it) {
    const double pieces = needs_[it->index()];
    if (pieces <= 0) continue;
    const auto& stock = catalog_[*it];
    double weight = 0;
    for (const RecipeId r : stock.recipes) {
      weight += terms_.recipe_weight(r, now);
    }
    for (const RecipeId r : stock.recipes) {
      if (!terms_.can_start(r, now) || weight <= 0) continue;
      const double part = terms_.recipe_weight(r, now) / weight;
      const double yield = recipe_yield(catalog_, real_, r, now, pieces_started[r.index()]);
      const double starts = yield > 0 ? pieces * part / yield : 0;
      for (const auto& input : catalog_[r].inputs) {
        needs_[input.stock.index()] += starts * input.pieces;
      }
    }
    if (stock.purchase.valid()) {
      split_over(catalog_[stock.purchase].channels, pieces, now, false);
    }
  }
  return needs_;
}

void Explosion::split_over(std::span<const ChannelId> channels, double pieces, sim::Time now,
                           bool family) {
  double total = 0;
  for (const ChannelId c : channels) total += terms_.weight(c, now);
  if (total <= 0) return;
  for (const ChannelId c : channels) {
    const double part = pieces * (terms_.weight(c, now) / total);
    if (part <= 0) continue;
    if (family) {
      add_product(c, part, now);
    } else {
      add_stock(c, part);
    }
  }
}

/// A customer's order for a product, over the variants by the seller's intended mix.
void Explosion::add_product(ChannelId channel, double pieces, sim::Time now) {
  const auto& variants = catalog_[catalog_[channel].offer].variants;
  if (variants.size() == 1 && !terms_.accepts(channel, 0, now)) return;
  by_variant_.assign(variants.size(), 0);
  terms_.add_by_mix(channel, pieces, now, by_variant_);
  for (std::size_t v = 0; v < variants.size(); ++v) {
    needs_[variants[v].stock.index()] += by_variant_[v];
  }
}

/// A site's order for an item: the variant that is this item.
void Explosion::add_stock(ChannelId channel, double pieces) {
  const StockId stock = terms_.ordered_from(channel);
  if (stock.valid()) needs_[stock.index()] += pieces;
}

}  // namespace optichain::models::network
