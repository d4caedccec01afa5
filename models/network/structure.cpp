#include "models/network/structure.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "models/network/and_or_graph.hpp"
#include "models/network/line_capacity.hpp"
#include "sim/base/check.hpp"

namespace optichain::models::network {
namespace {

void raise(std::optional<int>& tier, int to) {
  tier = std::max(tier.value_or(to), to);
}

void find_tiers(const Catalog& catalog, const FlowGraph& graph, Structure& structure) {
  auto& tiers = structure.stock_tier;
  tiers.resize(catalog.stocks.size());
  for (const auto& c : catalog.channels) {
    if (!c.demand.valid()) continue;
    const auto& variants = catalog[c.offer].variants;
    for (std::size_t v = 0; v < variants.size(); ++v) {
      if (c.accepts[v]) raise(tiers[variants[v].stock.index()], 1);
    }
  }

  // From the customers back: all that a stock point supplies is known when it is visited. An arc
  // within a site is a recipe, between sites a delivery.
  std::vector<std::vector<StockId>> suppliers(catalog.stocks.size());
  for (const auto& arc : graph.arcs) suppliers[arc.to.index()].push_back(arc.from);
  for (auto it = graph.order.rbegin(); it != graph.order.rend(); ++it) {
    const auto tier = tiers[it->index()];
    if (!tier) continue;
    for (const StockId from : suppliers[it->index()]) {
      raise(tiers[from.index()], catalog[from].site == catalog[*it].site ? *tier : *tier + 1);
    }
  }

  structure.site_tier.resize(catalog.sites.size());
  for (std::size_t s = 0; s < catalog.stocks.size(); ++s) {
    if (tiers[s]) raise(structure.site_tier[catalog.stocks[s].site.index()], *tiers[s]);
  }
}

/// Builds the AND-OR graph, asks it, and explains what it refuses.
class Analysis {
 public:
  Analysis(const Catalog& catalog, const state::Realisation& real, const FlowGraph& graph,
           Structure& structure)
      : catalog_(catalog), graph_(graph), date_(structure.date), structure_(structure) {
    const auto capacities = highest_line_capacities(catalog, real);
    for (const auto& capacity : capacities) {
      line_works_.push_back(capacity.integral(date_, catalog.end()) > 0);
    }
    for (const auto& limit : real.recipe_starts) {
      may_start_.push_back(!limit || limit->integral(date_, catalog.end()) > 0);
    }
  }

  void run() {
    for (const StockId s : graph_.order) add_stock(s);
    for (std::size_t d = 0; d < catalog_.demands.size(); ++d) add_demand(DemandId{d});
    const auto supply = fastest(network_);
    const Indispensable falls_with(network_);

    structure_.producible.resize(catalog_.stocks.size());
    for (std::size_t n = 0; n < graph_.order.size(); ++n) {
      structure_.producible[graph_.order[n].index()] = supply[n].way.has_value();
    }
    for (std::size_t d = 0; d < catalog_.demands.size(); ++d) {
      auto& result = structure_.demands.emplace_back();
      const std::size_t node = graph_.order.size() + d;
      result.reachable = supply[node].way.has_value();
      if (result.reachable) {
        follow_chain(supply, node, result);
        for (const std::size_t label : falls_with.of(node)) {
          result.indispensable.emplace_back(label);
        }
      } else {
        explain_demand(DemandId{d}, result.missing);
      }
    }
  }

 private:
  // --- the graph ---
  void add_stock(StockId id) {
    const auto& stock = catalog_[id];
    node_of_.resize(catalog_.stocks.size());
    node_of_[id.index()] = network_.nodes.size();
    AndOrGraph::Node node{stock.site.index(), {}};
    for (const RecipeId r : stock.recipes) {
      if (obstacle(r)) continue;
      const auto& recipe = catalog_[r];
      const double wait = recipe.inputs.empty() ? 0 : 0.5 * review_days(recipe.site);
      AndOrGraph::Way way{{}, wait + recipe.recipe->cycle_days.mean(date_)};
      for (const auto& input : recipe.inputs) way.needs.push_back(node_of_[input.stock.index()]);
      node.ways.push_back(std::move(way));
    }
    if (stock.purchase.valid()) {
      for (const ChannelId c : catalog_[stock.purchase].channels) add_deliveries(c, node);
    }
    network_.nodes.push_back(std::move(node));
  }

  void add_demand(DemandId id) {
    AndOrGraph::Node node;
    for (const ChannelId c : catalog_[id].channels) add_deliveries(c, node);
    network_.nodes.push_back(std::move(node));
  }

  /// A way for each variant that can be bought through the channel.
  void add_deliveries(ChannelId id, AndOrGraph::Node& buyer) const {
    if (obstacle(id)) return;
    const auto& c = catalog_[id];
    const auto& offer = catalog_[c.offer];
    const double days = c.source->order_delay_days + review_days(offer.site) +
                        (c.lane ? c.lane->transit_days.mean(date_) : 0);
    for (std::size_t v = 0; v < offer.variants.size(); ++v) {
      if (!c.accepts[v] || sim::Time{*c.accepts[v]} > date_) continue;
      if (catalog_.earliest(id, v) > date_) continue;
      if (program_against(c, v)) continue;
      buyer.ways.push_back({{node_of_[offer.variants[v].stock.index()]}, days});
    }
  }

  double review_days(SiteId site) const {
    return sim::to_days(catalog_.review_every(catalog_.party(site)));
  }

  void follow_chain(const std::vector<Fastest>& supply, std::size_t demand,
                    Structure::DemandSupply& result) const {
    const auto own_days = [&](std::size_t n) {
      return network_.nodes[n].ways[*supply[n].way].days;
    };
    result.critical_days = supply[demand].days;
    result.delivery_days = own_days(demand);
    for (auto n = supply[demand].slowest_need; n; n = supply[*n].slowest_need) {
      result.chain.push_back({graph_.order[*n], own_days(*n)});
    }
  }

  // --- what stands in the way: phrases that go on from the name of the maker or the buyer ---
  std::optional<std::string> obstacle(RecipeId id) const {
    const auto& r = catalog_[id];
    const std::string name = r.name.substr(catalog_[r.site].name.size() + 1);
    if (r.recipe->from && sim::Time{*r.recipe->from} > date_) {
      return fmt::format("makes it by recipe {} only from {} on", name,
                         sim::format_time(*r.recipe->from));
    }
    if (const auto phrase = unqualified(r.qualifications)) {
      return fmt::format("makes it by recipe {} {}", name, *phrase);
    }
    if (r.line.valid() && !line_works_[r.line.index()]) {
      return fmt::format("makes it on line {}, which has no capacity", r.recipe->line->text);
    }
    if (!may_start_[id.index()]) {
      return fmt::format("makes it by recipe {}, of which nothing may be started", name);
    }
    return std::nullopt;
  }
  std::optional<std::string> obstacle(ChannelId id) const {
    const auto& c = catalog_[id];
    const std::string& seller = catalog_[catalog_[c.offer].site].name;
    if (c.source->from && sim::Time{*c.source->from} > date_) {
      return fmt::format("buys it from {} only from {} on", seller,
                         sim::format_time(*c.source->from));
    }
    if (const auto phrase = unqualified(c.qualifications)) {
      return fmt::format("buys it from {} {}", seller, *phrase);
    }
    std::optional<std::string> held;
    for (std::size_t v = 0; v < c.accepts.size(); ++v) {
      if (!c.accepts[v] || sim::Time{*c.accepts[v]} > date_) continue;
      const Hold* hold = program_against(c, v);
      if (!hold) return std::nullopt;
      held = fmt::format("may not buy it from {} {}", seller, because_of(*hold));
    }
    return held;
  }
  /// The qualification that takes longest, if any cannot have succeeded by the date.
  std::optional<std::string> unqualified(std::span<const QualificationId> all) const {
    const Catalog::QualificationEntry* last = nullptr;
    for (const QualificationId id : all) {
      const auto& q = catalog_[id];
      if (q.earliest > date_ && (!last || q.earliest > last->earliest)) last = &q;
    }
    if (!last) return std::nullopt;
    if (last->earliest == sim::Time{never}) {
      return fmt::format("only if qualification {} succeeds, which it never does", last->name);
    }
    return fmt::format("only when qualification {} has succeeded, on {} at the earliest",
                       last->name, sim::format_time(last->earliest));
  }
  /// What forbids to order a variant at the date, if anything does.
  const Hold* program_against(const Catalog::ChannelEntry& channel, std::size_t variant) const {
    for (const Hold& hold : channel.holds) {
      if (hold.weight == 0 && hold.holds(variant, date_)) return &hold;
    }
    return nullptr;
  }
  std::string because_of(const Hold& hold) const {
    if (hold.until == never) return fmt::format("any more (program {})", name_of(hold));
    return fmt::format("before {} (program {})", sim::format_time(hold.until), name_of(hold));
  }
  const std::string& name_of(const Hold& hold) const { return catalog_[hold.program].name; }

  // --- explanations ---
  struct Asked {
    StockId stock;
    std::string subject;
  };
  struct Explanation {
    std::vector<std::string>& sentences;
    std::set<StockId> explained;
    std::vector<Asked> further;  // what the stock point that is being explained lacks
    void add(const std::string& subject, const std::string& phrase) {
      sentences.push_back(fmt::format("{} {}", subject, phrase));
    }
  };
  /// "dsp at maker: maker", on which a phrase follows.
  std::string itself(StockId id) const {
    const std::string& site = catalog_[catalog_[id].site].name;
    return fmt::format("{} at {}: {}", catalog_[catalog_[id].item].name, site, site);
  }

  void explain_demand(DemandId id, std::vector<std::string>& sentences) const {
    const auto& demand = catalog_[id];
    const std::string& customer = catalog_[demand.customer].name;
    const std::string subject =
        fmt::format("{} at {}: {}", catalog_[demand.product].name, customer, customer);
    Explanation why{sentences, {}, {}};
    for (const ChannelId c : demand.channels) {
      if (const auto phrase = obstacle(c)) {
        why.add(subject, *phrase);
        continue;
      }
      const auto& variants = catalog_[catalog_[c].offer].variants;
      for (std::size_t v = 0; v < variants.size(); ++v) {
        const auto& since = catalog_[c].accepts[v];
        if (!since) continue;
        const auto& item = catalog_[catalog_[variants[v].stock].item].name;
        if (const Hold* hold = program_against(catalog_[c], v)) {
          why.add(subject,
                  fmt::format("may not buy {} from {} {}", item,
                              catalog_[catalog_[catalog_[c].offer].site].name, because_of(*hold)));
        } else if (sim::Time{*since} > date_) {
          why.add(subject,
                  fmt::format("accepts {} only from {} on", item, sim::format_time(*since)));
        } else if (const auto phrase = unqualified(catalog_[c].qualifications_of(v))) {
          why.add(subject, fmt::format("accepts {} {}", item, *phrase));
        } else {
          explain(variants[v].stock, itself(variants[v].stock), why);
        }
      }
    }
    std::sort(sentences.begin(), sentences.end());
    sentences.erase(std::unique(sentences.begin(), sentences.end()), sentences.end());
  }

  /// Says why a stock point cannot be supplied, and why what it lacks cannot, and so on: as deep as
  /// the network is, which may be deeper than functions can call themselves.
  void explain(StockId id, const std::string& subject, Explanation& why) const {
    std::vector<Asked> asked = {{id, subject}};
    while (!asked.empty()) {
      const Asked next = std::move(asked.back());
      asked.pop_back();
      if (!why.explained.insert(next.stock).second) continue;
      why.further.clear();
      explain_one(next.stock, next.subject, why);
      std::move(why.further.rbegin(), why.further.rend(), std::back_inserter(asked));
    }
  }

  /// What stands in a stock point's own ways, and which inputs and sellers lack something.
  void explain_one(StockId id, const std::string& subject, Explanation& why) const {
    const auto& stock = catalog_[id];
    if (stock.recipes.empty() && !stock.purchase.valid()) {
      why.add(subject, "neither makes nor buys it");
    }
    for (const RecipeId r : stock.recipes) {
      if (const auto phrase = obstacle(r)) {
        why.add(subject, *phrase);
        continue;
      }
      for (const auto& input : catalog_[r].inputs) {
        if (producible(input.stock)) continue;
        why.further.push_back({input.stock, itself(input.stock)});
      }
    }
    if (stock.purchase.valid()) explain_purchase(id, subject, why);
  }

  void explain_purchase(StockId id, const std::string& subject, Explanation& why) const {
    const auto& stock = catalog_[id];
    const auto& channels = catalog_[stock.purchase].channels;
    for (const ChannelId c : channels) {
      if (const auto phrase = obstacle(c)) {
        why.add(subject, *phrase);
        continue;
      }
      const auto& offer = catalog_[catalog_[c].offer];
      for (std::size_t v = 0; v < offer.variants.size(); ++v) {
        if (!catalog_[c].accepts[v]) continue;
        why.further.push_back(
            {offer.variants[v].stock,
             fmt::format("{} at {}: bought {}from {}, which", catalog_[stock.item].name,
                         catalog_[stock.site].name, channels.size() == 1 ? "only " : "",
                         catalog_[offer.site].name)});
      }
    }
  }

  bool producible(StockId id) const { return structure_.producible[id.index()]; }

  const Catalog& catalog_;
  const FlowGraph& graph_;
  sim::Time date_;
  Structure& structure_;
  std::vector<bool> line_works_;  // by LineId
  std::vector<bool> may_start_;   // by RecipeId
  AndOrGraph network_;            // stock points in the graph's order, then demands
  std::vector<std::size_t> node_of_;
};

}  // namespace

Structure analyse_structure(const Catalog& catalog, const state::Realisation& real,
                            const FlowGraph& graph, sim::Time date) {
  OPTICHAIN_CHECK(!graph.cycle, "a network with a cycle has no tiers");
  OPTICHAIN_CHECK(date < catalog.end(), "the structure at a date after the end of the scenario");
  Structure structure;
  structure.date = date;
  find_tiers(catalog, graph, structure);
  Analysis(catalog, real, graph, structure).run();
  return structure;
}

}  // namespace optichain::models::network
