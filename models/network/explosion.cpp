#include "models/network/explosion.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

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

NeedByDemand& NeedByDemand::operator+=(const NeedByDemand& other) {
  std::vector<DemandShare> sum;
  sum.reserve(shares_.size() + other.shares_.size());
  auto mine = shares_.begin();
  for (const DemandShare& share : other.shares_) {
    while (mine != shares_.end() && mine->demand < share.demand) sum.push_back(*mine++);
    sum.push_back(share);
    if (mine == shares_.end() || share.demand < mine->demand) continue;
    sum.back().pieces += mine->pieces;
    ++mine;
  }
  sum.insert(sum.end(), mine, shares_.end());
  shares_ = std::move(sum);
  return *this;
}

NeedByDemand operator*(NeedByDemand need, double factor) {
  if (factor == 0) return {};
  for (DemandShare& share : need.shares_) share.pieces *= factor;
  return need;
}

namespace {

bool is_nothing(double pieces) {
  return pieces <= 0;
}
bool is_nothing(const NeedByDemand& need) {
  return need.is_nothing();
}

}  // namespace

std::span<const double> Explosion::needs(sim::Time now, std::span<const double> demand,
                                         std::span<const double> pieces_started) {
  std::fill(needs_.begin(), needs_.end(), 0.0);
  explode(now, demand, pieces_started, needs_);
  return needs_;
}

std::vector<NeedByDemand> Explosion::needs_by_demand(sim::Time now,
                                                     std::span<const double> pieces_started) {
  std::vector<NeedByDemand> demand, needs(catalog_.stocks.size());
  for (std::size_t d = 0; d < catalog_.demands.size(); ++d) {
    demand.emplace_back(DemandShare{DemandId{d}, 1});
  }
  explode<NeedByDemand>(now, demand, pieces_started, needs);
  return needs;
}

template <class Need>
void Explosion::explode(sim::Time now, std::span<const Need> demand,
                        std::span<const double> pieces_started, std::vector<Need>& needs) {
  for (std::size_t d = 0; d < catalog_.demands.size(); ++d) {
    split_over(catalog_.demands[d].channels, demand[d], now, true, needs);
  }
  // From the end of the chain to its beginning: what a stock point needs is known when it is
  // visited.
  for (auto it = graph_.order.rbegin(); it != graph_.order.rend(); ++it) {
    const Need& need = needs[it->index()];
    if (is_nothing(need)) continue;
    const auto& stock = catalog_[*it];
    double weight = 0;
    for (const RecipeId r : stock.recipes) {
      weight += terms_.recipe_weight(r, now);
    }
    for (const RecipeId r : stock.recipes) {
      if (!terms_.can_start(r, now) || weight <= 0) continue;
      const double part = terms_.recipe_weight(r, now) / weight;
      const double yield = recipe_yield(catalog_, real_, r, now, pieces_started[r.index()]);
      if (yield <= 0) continue;
      const Need starts = need * part / yield;
      for (const auto& input : catalog_[r].inputs) {
        needs[input.stock.index()] += starts * input.pieces;
      }
    }
    if (stock.purchase.valid()) {
      split_over(catalog_[stock.purchase].channels, need, now, false, needs);
    }
  }
}

template <class Need>
void Explosion::split_over(std::span<const ChannelId> channels, const Need& need, sim::Time now,
                           bool family, std::vector<Need>& needs) {
  double total = 0;
  for (const ChannelId c : channels) total += terms_.weight(c, now);
  if (total <= 0) return;
  for (const ChannelId c : channels) {
    const Need part = need * (terms_.weight(c, now) / total);
    if (is_nothing(part)) continue;
    if (family) {
      add_product(c, part, now, needs);
    } else {
      add_stock(c, part, needs);
    }
  }
}

/// A customer's order for a product, over the variants by the seller's intended mix.
template <class Need>
void Explosion::add_product(ChannelId channel, const Need& need, sim::Time now,
                            std::vector<Need>& needs) {
  const auto& variants = catalog_[catalog_[channel].offer].variants;
  if (variants.size() == 1 && !terms_.accepts(channel, 0, now)) return;
  by_variant_.assign(variants.size(), 0);
  if constexpr (std::is_same_v<Need, double>) {
    terms_.add_by_mix(channel, need, now, by_variant_);
    for (std::size_t v = 0; v < variants.size(); ++v) {
      needs[variants[v].stock.index()] += by_variant_[v];
    }
  } else {
    terms_.add_by_mix(channel, 1, now, by_variant_);
    for (std::size_t v = 0; v < variants.size(); ++v) {
      needs[variants[v].stock.index()] += need * by_variant_[v];
    }
  }
}

/// A site's order for an item: the variant that is this item.
template <class Need>
void Explosion::add_stock(ChannelId channel, const Need& need, std::vector<Need>& needs) {
  const StockId stock = terms_.ordered_from(channel);
  if (stock.valid()) needs[stock.index()] += need;
}

}  // namespace optichain::models::network
