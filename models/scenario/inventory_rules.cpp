#include "models/scenario/inventory_rules.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "models/network/echelon_content.hpp"
#include "sim/base/diagnostics.hpp"

namespace optichain::models::scenario {
namespace {

constexpr double most_events = 1e7;  // in a run: some seconds

/// What is ordered, shipped or started of an item for a site before the simulation begins.
Pieces initially_coming(const Site& site, const std::string& item) {
  Pieces sum{0};
  const auto add = [&](const std::vector<InitialPieces>& all) {
    for (const InitialPieces& initial : all) sum += initial.pieces;
  };
  if (const auto purchase = site.buys.find(item); purchase != site.buys.end()) {
    for (const auto& [seller, source] : purchase->second.from) {
      add(source.initial_orders);
      add(source.initial_shipments);
    }
  }
  for (const auto& [name, recipe] : site.recipes) {
    if (recipe.makes.text == item) add(recipe.initial_lots);
  }
  return sum;
}

}  // namespace

void InventoryRules::check() {
  for (const auto& [name, site] : s_.sites) check_site("sites." + name, site);
  if (context_.unread.empty()) check_arrivals();
}

/// A lot that is larger than its room would never be ordered or started.
void InventoryRules::check_lot(const std::string& path, const Site& site, const std::string& item,
                               Pieces room) {
  const auto check = [&](const char* what, const policy::Replenishment& replenish) {
    const Pieces lot = policy::lot_of(replenish);
    if (lot <= room) return;
    error(
        fmt::format("{}.{}.{}.replenish", path, what, item),
        fmt::format("expected a lot of at most {} pieces, which there is room for at {}.stocks.{}, "
                    "received one of {}",
                    room.count(), path, item, lot.count()));
  };
  if (const auto p = site.buys.find(item); p != site.buys.end()) check("buys", p->second.replenish);
  const bool is_made = std::any_of(site.recipes.begin(), site.recipes.end(),
                                   [&](const auto& r) { return r.second.makes.text == item; });
  if (const auto o = site.sells.find(item); is_made && o != site.sells.end()) {
    check("sells", o->second.replenish);
  }
}

/// A lot that is started as a whole, and takes more than ever fits, would never be started.
void InventoryRules::check_starts(const std::string& path, const Site& site,
                                  const std::string& product, const Offer& offer) {
  const Pieces lot = policy::lot_of(offer.replenish);
  if (lot == Pieces{1}) return;
  const auto room_of = [&](const std::string& item) -> std::optional<Pieces> {
    const auto stock = site.stocks.find(item);
    return stock == site.stocks.end() ? std::nullopt : stock->second.room_pieces;
  };
  for (const auto& [name, recipe] : site.recipes) {
    const auto item = s_.items.find(recipe.makes.text);
    const bool is_variant =
        item != s_.items.end() && item->second.family && item->second.family->text == product;
    if (recipe.makes.text != product && !is_variant) continue;
    const double highest = std::max(recipe.yield.highest(),
                                    recipe.yield_learning ? recipe.yield_learning->initial : 0);
    const double yield = std::clamp(highest, policy::lowest_planned_yield, 1.0);
    const auto starts = static_cast<double>(policy::starts_for(to_double(lot), yield));
    const auto check = [&](double needed, Pieces most, const std::string& where) {
      const double least = std::ceil(needed - 1e-9);  // 100 times 0.07 are 7
      if (least <= to_double(most)) return;
      error(path + ".sells." + product + ".replenish",
            fmt::format("a lot of {} is started as a whole: {} needs {} at {}, at most {} are "
                        "allowed there, and it would never be started",
                        lot, name, least, where, most));
    };
    if (const auto room = room_of(recipe.makes.text); room && lot <= *room) {
      check(starts, *room, path + ".stocks." + recipe.makes.text);
    }
    for (const auto& [input, pieces] : recipe.inputs) {
      if (const auto room = room_of(input)) {
        check(starts * pieces, *room, path + ".stocks." + input);
      }
    }
    const auto line = recipe.line ? site.lines.find(recipe.line->text) : site.lines.end();
    if (line == site.lines.end()) continue;
    if (const auto* conwip = std::get_if<Conwip>(&line->second.release)) {
      check(starts, conwip->pieces, path + ".lines." + line->first + ".release");
    }
  }
}

void InventoryRules::check_site(const std::string& path, const Site& site) {
  for (const auto& [product, offer] : site.sells) {
    check_policy(path + ".sells." + product, product, offer.replenish, site);
    check_starts(path, site, product, offer);
  }
  for (const auto& [item, purchase] : site.buys) {
    check_policy(path + ".buys." + item, item, purchase.replenish, site);
  }
  for (const auto& [name, recipe] : site.recipes) {
    if (recipe.line || recipe.work_factor == Value{1.0}) continue;
    error(path + ".recipes." + name + ".work_factor", "there is no work without a line",
          {"give `line`, or let `cycle_days` vary"});
  }
  for (const auto& [item, stock] : site.stocks) {
    if (!stock.room_pieces) continue;
    check_lot(path, site, item, *stock.room_pieces);
    const Pieces coming = initially_coming(site, item);
    if (stock.initial_pieces + coming <= *stock.room_pieces) continue;
    const std::string there =
        coming > Pieces{0} ? fmt::format("{} pieces at the beginning and the {} on their way",
                                         stock.initial_pieces, coming)
                           : fmt::format("{} pieces at the beginning", stock.initial_pieces);
    error(path + ".stocks." + item + ".room_pieces",
          fmt::format("expected room for the {}, received {}", there, *stock.room_pieces));
  }
}

void InventoryRules::check_policy(const std::string& path, const std::string& product,
                                  const policy::Replenishment& policy, const Site& site) {
  const std::string here = path + ".replenish";
  using policy::StockFact;
  const auto needs = policy::needs(policy);
  const std::string terms = fmt::format("{}.{}", here, policy::tag_of(policy));
  if (site.continuous_review && needs.has(StockFact::reviews_only)) {
    error(
        terms,
        "it orders what is expected until the next review, and `continuous_review` would do so at "
        "every event",
        {"leave `continuous_review` out, or use `base_stock` or `order_up_to`"});
  }
  if (const auto misfit = policy::misfit_of(policy)) error(terms + "." + misfit->key, misfit->why);
  if (!needs.has(StockFact::downstream)) return;
  const auto item = s_.items.find(product);
  if (s_.families.contains(product) || (item != s_.items.end() && item->second.family)) {
    error(here,
          fmt::format("{} belongs to a family, and an echelon is of one item",
                      sim::in_quotes(product)),
          {"use `base_stock`"});
  }
}

void InventoryRules::check_echelons(const Catalog& catalog, const network::FlowGraph& graph) {
  for (const auto& offer : catalog.offers) {
    check_echelon(catalog, graph, offer.variants.front().stock, offer.offer->replenish,
                  fmt::format("sites.{}.sells.{}.replenish", catalog[offer.site].name,
                              catalog[offer.product].name));
  }
  for (const auto& purchase : catalog.purchases) {
    check_echelon(catalog, graph, purchase.stock, purchase.purchase->replenish,
                  fmt::format("sites.{}.buys.{}.replenish", catalog[purchase.site].name,
                              catalog[catalog[purchase.stock].item].name));
  }
}

void InventoryRules::check_echelon(const Catalog& catalog, const network::FlowGraph& graph,
                                   StockId stock, const policy::Replenishment& policy,
                                   const std::string& path) {
  if (!policy::needs(policy).has(policy::StockFact::downstream)) return;
  const std::string& item = catalog[catalog[stock].item].name;
  const network::EchelonContent content(catalog, graph, stock);
  if (content.mixed) {
    error(path,
          fmt::format("an echelon counts the {} in everything that is made of it, and pieces of {} "
                      "have more or less in them, as they are made or bought",
                      sim::in_quotes(item), catalog[*content.mixed].name),
          {"use `base_stock`"});
  }
  for (std::size_t s = 0; s < content.stocks.size(); ++s) {
    const auto& made = catalog[catalog.stocks[s].item];
    if (content.stocks[s] == 0 || StockId{s} == stock || !made.item->family) continue;
    error(path,
          fmt::format("an echelon counts the {} in everything that is made of it, and what is "
                      "ordered of a family such as that of {} may be met without",
                      sim::in_quotes(item), sim::in_quotes(made.name)),
          {"use `base_stock`"});
    return;
  }
}

/// What comes at random instants or steps by chance still comes to an end.
void InventoryRules::check_arrivals() {
  const double days = s_.warm_up_days + sim::to_days(s_.end.date + std::chrono::days{1} - s_.start);
  for (const auto& [name, customer] : s_.customers) {
    for (const auto& [product, demand] : customer.demand) {
      const auto* process = std::get_if<PoissonProcess>(&demand.variation);
      if (!process) continue;
      double per_week = demand.pieces_per_week.curve().highest() *
                        demand.pieces_per_week.factor().quantile(0.999);
      for (const auto& [revision, terms] : demand.revisions) {
        per_week *= std::max(1.0, terms.factor.value_or(1));
        if (!terms.pieces_per_week) continue;
        per_week = std::max(per_week, terms.pieces_per_week->curve().highest());
      }
      add_events(fmt::format("customers.{}.demand.{}.variation", name, product),
                 per_week / to_double(process->pieces_per_order) * days / 7, "orders at random",
                 "make the orders larger, or the scenario shorter");
    }
  }
  for (const auto& [name, program] : s_.programs) {
    const auto* disruption = std::get_if<Disruption>(&program);
    if (!disruption) continue;
    const auto* markov = std::get_if<MarkovDisruption>(&disruption->when);
    const auto* dated = std::get_if<DatedDisruption>(&disruption->when);
    const double every = markov ? markov->every_days : dated->every_days.value_or(days);
    add_events(fmt::format("programs.{}.disruption.when", name), days / every,
               "periods of disruptions", "make the periods longer");
  }
}

void InventoryRules::add_events(const std::string& path, double more, const char* what,
                                const char* advice) {
  const double before = events_;
  events_ += more;
  if (events_ <= most_events || before > most_events) return;
  error(path,
        fmt::format("expected at most {:.0f} {} in a run, received {:.3g}", most_events, what,
                    events_),
        {advice});
}

}  // namespace optichain::models::scenario
