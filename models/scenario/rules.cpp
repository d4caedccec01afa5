#include "models/scenario/rules.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/catalog/catalog.hpp"
#include "models/catalog/realisation.hpp"
#include "models/network/explosion.hpp"
#include "models/network/flow_graph.hpp"
#include "models/scenario/program_rules.hpp"

namespace optichain::models {
namespace {

using sim::in_quotes;

// A run of the largest world still ends within minutes. Each party needs a stack of its own, and
// the operating system has room for some thirty thousand of them.
constexpr double most_reviews = 1e7;
constexpr std::size_t most_parties = 10'000;
constexpr double most_needed = 9e18;  // pieces a week: what 64 bits can count

template <class Map>
std::vector<std::string> names_of(const Map& map) {
  std::vector<std::string> names;
  for (const auto& [name, value] : map) names.push_back(name);
  return names;
}

class Rules {
 public:
  Rules(const Scenario& scenario, const sim::Document& document,
        const std::vector<sim::Input>& inputs, sim::Diagnostics& diagnostics)
      : s_(scenario),
        document_(document),
        inputs_(inputs),
        diagnostics_(diagnostics),
        programs_(
            scenario,
            [this](const auto& path, auto message, auto notes) {
              error(path, std::move(message), std::move(notes));
            },
            [this](const auto& path, auto kind, const auto& name, const auto& known) {
              return refers(path, kind, name, known);
            }) {}

  void check() {
    const std::size_t before = diagnostics_.size();
    check_time();
    check_size();
    check_names();
    check_items();
    for (const auto& [name, site] : s_.sites) check_site(name, site);
    for (const auto& [name, customer] : s_.customers) check_customer(name, customer);
    check_lanes();
    for (const auto& [name, agreement] : s_.agreements) check_agreement(name, agreement);
    check_sources();
    programs_.check();
    if (!name_unknown_) {
      for (Consequence& c : consequences_) {
        error(c.path, std::move(c.message), std::move(c.notes));
      }
    }
    // The graph can only be built where every name is resolved.
    if (diagnostics_.size() == before) check_cycles();
  }

 private:
  void error(const std::string& path, std::string message, std::vector<std::string> notes = {}) {
    diagnostics_.error(document_.locate(path), path, std::move(message), std::move(notes));
  }
  /// An error that may only be there because a name is wrong; said if all names are known.
  void consequence(const std::string& path, std::string message,
                   std::vector<std::string> notes = {}) {
    consequences_.push_back({path, std::move(message), std::move(notes)});
  }
  /// An error unless the name is known; true if it is.
  bool refers(const std::string& path, std::string_view kind, const std::string& name,
              const std::vector<std::string>& known) {
    if (std::find(known.begin(), known.end(), name) != known.end()) return true;
    name_unknown_ = true;
    const bool one_kind = kind.find(" or ") == std::string_view::npos;
    error(path, fmt::format("there is no {} {}", kind, in_quotes(name)),
          sim::suggestion(name, known, one_kind ? fmt::format("{}s", kind) : "names"));
    return false;
  }
  template <class Map>
  bool refers(const std::string& path, std::string_view kind, const std::string& name,
              const Map& known) {
    return known.contains(name) || refers(path, kind, name, names_of(known));
  }
  bool is_item(const std::string& path, const std::string& name) {
    return refers(path, "item", name, s_.items);
  }

  // --- the whole ---
  void check_time() {
    const auto end = s_.end.date + std::chrono::days{1};
    if (end <= s_.start) {
      error("end", fmt::format("expected a day on or after the start {}, received {}",
                               sim::format_time(s_.start), sim::format_time(s_.end.date)));
    }
  }
  void check_size() {
    const std::size_t parties = s_.sites.size() + s_.customers.size();
    if (parties > most_parties) {
      error("sites", fmt::format("expected at most {} sites and customers, received {}",
                                 most_parties, parties));
    }
    const double days =
        s_.warm_up_days +
        std::chrono::duration<double, std::ratio<86400>>(s_.end.date - s_.start).count();
    double reviews = 0;
    const auto add = [&](const auto& group) {
      for (const auto& [name, party] : group) {
        reviews += days / party.review_days.value_or(s_.review_days);
      }
    };
    add(s_.sites);
    add(s_.customers);
    for (const auto& [name, agreement] : s_.agreements) {
      const auto span = static_cast<double>((agreement.until.date - agreement.from).count());
      const bool weekly = agreement.settled == SettlementPeriod::week;
      reviews += std::max(0.0, span) / (weekly ? 7 : 28);
    }
    if (reviews <= most_reviews) return;
    error("review_days",
          fmt::format("expected at most {:.0f} reviews of sites and orders of customers in a run, "
                      "received {:.0f}",
                      most_reviews, reviews),
          {"make the time between reviews longer, or the scenario shorter"});
  }
  /// Sites, customers and regions are named in the same places, so their names must differ.
  void check_names() {
    std::set<std::string> regions;
    for (const auto& [name, site] : s_.sites) {
      if (s_.customers.contains(name)) {
        error("customers." + name,
              fmt::format("{} is already the name of a site", in_quotes(name)));
      }
      if (site.region) regions.insert(site.region->text);
    }
    for (const auto& [name, customer] : s_.customers) {
      if (customer.region) regions.insert(customer.region->text);
    }
    const auto check = [&](const std::string& path, const std::string& name) {
      if (name == "any") error(path, "\"any\" stands for every party and can name none");
      if (regions.contains(name)) {
        error(path, fmt::format("{} is already the name of a region", in_quotes(name)));
      }
    };
    for (const auto& [name, site] : s_.sites) check("sites." + name, name);
    for (const auto& [name, customer] : s_.customers) check("customers." + name, name);
  }
  void check_items() {
    for (const auto& [name, item] : s_.items) {
      const std::string path = "items." + name;
      if (item.family) {
        refers(path + ".family", "family", item.family->text, s_.families);
      }
      if (s_.families.contains(name)) {
        error(path, fmt::format("{} is already the name of a family", in_quotes(name)));
      }
    }
    for (const auto& [name, family] : s_.families) {
      if (variants_of(name).empty()) {
        consequence("families." + name, "no item belongs to this family");
      }
    }
  }

  // --- products ---
  std::vector<std::string> variants_of(const std::string& product) const {
    std::vector<std::string> variants;
    for (const auto& [name, item] : s_.items) {
      if (item.family ? item.family->text == product : name == product) variants.push_back(name);
    }
    return variants;
  }
  bool is_variant(const std::string& path, const std::string& name,
                  const std::vector<std::string>& variants) {
    // an item whose family is misspelt has been reported there
    const auto item = s_.items.find(name);
    if (item != s_.items.end() && item->second.family &&
        !s_.families.contains(item->second.family->text)) {
      return false;
    }
    return refers(path, "variant", name, variants);
  }
  /// A family or an item that belongs to none.
  bool is_product(const std::string& path, const std::string& name) {
    std::vector<std::string> known = names_of(s_.families);
    for (const auto& [item, entry] : s_.items) {
      if (!entry.family) known.push_back(item);
    }
    const auto item = s_.items.find(name);
    if (item != s_.items.end() && item->second.family) {
      error(path, fmt::format("{} belongs to a family and is sold under its name", in_quotes(name)),
            {fmt::format("use {}", in_quotes(item->second.family->text))});
      return false;
    }
    return refers(path, "family or item", name, known);
  }
  std::string product_of(const std::string& item) const {
    const auto& family = s_.items.at(item).family;
    return family ? family->text : item;
  }
  static bool makes(const Site& site, const std::string& item) {
    return std::any_of(site.recipes.begin(), site.recipes.end(),
                       [&](const auto& entry) { return entry.second.makes.text == item; });
  }
  static bool has(const Site& site, const std::string& item) {
    return makes(site, item) || site.buys.contains(item) || site.stocks.contains(item);
  }

  // --- sites ---
  void check_site(const std::string& name, const Site& site) {
    const std::string path = "sites." + name;
    for (const auto& [recipe_name, recipe] : site.recipes) {
      check_recipe(path, site, path + ".recipes." + recipe_name, recipe);
    }
    for (const auto& [product, offer] : site.sells) {
      check_offer(site, path + ".sells." + product, product, offer);
    }
    for (const auto& [item, purchase] : site.buys) {
      const std::string here = path + ".buys." + item;
      if (!is_item(here, item)) continue;
      if (makes(site, item))
        error(here, fmt::format("{} is made here and cannot be bought too", item));
      check_sellers(here + ".from", name, product_of(item), {item}, purchase.from);
    }
    for (const auto& [item, stock] : site.stocks) {
      const std::string here = path + ".stocks." + item;
      if (!is_item(here, item)) continue;
      if (stock.initial_weeks && stock.initial_pieces) {
        error(here + ".initial_weeks", "give `initial_pieces` or `initial_weeks`, not both");
      }
    }
    for (const auto& [line_name, line] : site.lines) {
      for (const auto& [outage_name, outage] : line.outages) {
        if (outage.until.date >= outage.from) continue;
        error(path + ".lines." + line_name + ".outages." + outage_name + ".until",
              fmt::format("expected a day on or after {}, received {}",
                          sim::format_time(outage.from), sim::format_time(outage.until.date)));
      }
    }
    if (const auto* fixed = std::get_if<ShareFixed>(&site.sharing)) {
      for (const auto& [recipe, share] : fixed->shares) {
        refers(path + ".sharing.fixed.shares." + recipe, "recipe", recipe, site.recipes);
      }
    }
  }

  void check_recipe(const std::string& site_path, const Site& site, const std::string& path,
                    const Recipe& recipe) {
    const std::string& made = recipe.makes.text;
    if (is_item(path + ".makes", made) && !site.sells.contains(product_of(made))) {
      consequence(path + ".makes", fmt::format("{} is made here but not sold", in_quotes(made)),
                  {fmt::format("add {} under {}.sells", in_quotes(product_of(made)), site_path)});
    }
    for (const auto& [input, pieces] : recipe.inputs) {
      const std::string here = path + ".inputs." + input;
      if (!is_item(here, input)) continue;
      if (makes(site, input)) {
        error(here, fmt::format("{} is made and used at the same site", in_quotes(input)),
              {"give each of the two steps a site of its own"});
      } else if (!site.buys.contains(input) && !site.stocks.contains(input)) {
        error(here, fmt::format("{} is used here but not bought", in_quotes(input)),
              {fmt::format("add it under {}.buys", site_path)});
      }
    }
    if (recipe.line) refers(path + ".line", "line", recipe.line->text, site.lines);
    if (recipe.yield_learning) {
      const auto& learning = *recipe.yield_learning;
      if (learning.halving_weeks.has_value() == learning.halving_pieces.has_value()) {
        error(path + ".yield_learning", "expected one of `halving_weeks` and `halving_pieces`");
      }
      if (learning.from && learning.halving_pieces) {
        error(path + ".yield_learning.from", "learning by pieces has no date to begin from");
      }
    }
  }

  void check_offer(const Site& site, const std::string& path, const std::string& product,
                   const Offer& offer) {
    if (!is_product(path, product)) return;
    const auto variants = variants_of(product);
    if (std::none_of(variants.begin(), variants.end(),
                     [&](const std::string& v) { return has(site, v); })) {
      consequence(path, fmt::format("{} is sold here but neither made, bought nor kept",
                                    in_quotes(product)));
    }
    double mix = 0;
    for (const auto& [variant, share] : offer.mix) {
      const std::string here = path + ".mix." + variant;
      if (!is_variant(here, variant, variants)) continue;
      if (!has(site, variant)) {
        consequence(here,
                    fmt::format("{} is neither made, bought nor kept here", in_quotes(variant)));
      }
      mix += share.highest();
    }
    if (!offer.mix.empty() && mix <= 0) consequence(path + ".mix", "all weights are 0");
    if (const auto* priority = std::get_if<Priority>(&offer.allocation)) {
      std::vector<std::string> parties = names_of(s_.sites);
      for (const auto& [name, customer] : s_.customers) parties.push_back(name);
      for (const Name& buyer : priority->buyers) {
        refers(path + ".allocation.priority.buyers", "buyer", buyer.text, parties);
      }
    }
  }

  /// Sellers exist, sell the product, and have a variant that the buyer takes.
  void check_sellers(const std::string& path, const std::string& buyer, const std::string& product,
                     const std::vector<std::string>& taken,
                     const std::map<std::string, Source>& from) {
    if (from.empty()) error(path, "expected at least one seller");
    double weight = 0;
    for (const auto& [seller, source] : from) {
      const std::string here = path + "." + seller;
      weight += source.share.highest();
      if (!refers(here, "site", seller, s_.sites)) continue;
      if (seller == buyer) {
        error(here, "a site cannot buy from itself");
        continue;
      }
      const Site& site = s_.sites.at(seller);
      if (!site.sells.contains(product)) {
        std::vector<std::string> sellers;
        for (const auto& [name, other] : s_.sites) {
          if (other.sells.contains(product)) sellers.push_back(name);
        }
        consequence(here, fmt::format("{} does not sell {}", in_quotes(seller), in_quotes(product)),
                    {sellers.empty() ? "nobody does"
                                     : fmt::format("sold by {}", fmt::join(sellers, ", "))});
      } else if (std::none_of(taken.begin(), taken.end(),
                              [&](const std::string& v) { return has(site, v); })) {
        consequence(here, fmt::format("{} has no variant of {} that is accepted here",
                                      in_quotes(seller), in_quotes(product)));
      }
      if (source.expedite) check_express(here, seller, buyer);
    }
    if (!from.empty() && weight <= 0) error(path, "all shares are 0");
  }

  /// The lane that is taken has an express way.
  void check_express(const std::string& path, const std::string& seller, const std::string& buyer) {
    const auto region = [&](const std::string& party) {
      const auto site = s_.sites.find(party);
      return site != s_.sites.end() ? site->second.region : s_.customers.at(party).region;
    };
    const TransportLane* lane = best_lane(s_, seller, region(seller), buyer, region(buyer));
    if (lane && lane->express) return;
    const auto named = std::find_if(s_.lanes.begin(), s_.lanes.end(),
                                    [&](const auto& entry) { return &entry.second == lane; });
    consequence(
        path + ".expedite",
        fmt::format("there is no express way from {} to {}", in_quotes(seller), in_quotes(buyer)),
        {lane ? fmt::format("add `express` to lanes.{}", named->first)
              : "add a lane with `express` under lanes"});
  }

  // --- customers ---
  void check_customer(const std::string& name, const Customer& customer) {
    const std::string path = "customers." + name;
    for (const auto& [product, demand] : customer.demand) {
      const std::string here = path + ".demand." + product;
      if (!is_product(here, product)) continue;
      const auto variants = variants_of(product);
      for (const auto& [variant, since] : demand.accepts) {
        is_variant(here + ".accepts." + variant, variant, variants);
      }
      for (const auto& [revision, terms] : demand.revisions) {
        if (terms.factor.has_value() != terms.pieces_per_week.has_value()) continue;
        error(here + ".revisions." + revision, "expected one of `factor` and `pieces_per_week`");
      }
      check_sellers(here + ".from", name, product,
                    demand.accepts.empty() ? variants : names_of(demand.accepts), demand.from);
    }
  }

  // --- agreements ---
  void check_agreement(const std::string& name, const Agreement& a) {
    const std::string path = "agreements." + name;
    std::vector<std::string> parties = names_of(s_.sites);
    for (const auto& [customer, entry] : s_.customers) parties.push_back(customer);
    const bool seller = refers(path + ".seller", "site", a.seller.text, s_.sites);
    const bool buyer = refers(path + ".buyer", "site or customer", a.buyer.text, parties);
    if (seller && buyer && a.through.empty()) {
      check_taker(path + ".buyer", a.buyer.text, a.seller.text, a.item.text);
    }
    check_through(path + ".through", a);
    if (a.until.date < a.from) {
      error(path + ".until", fmt::format("expected a day on or after {}, received {}",
                                         sim::format_time(a.from), sim::format_time(a.until.date)));
    }
    check_volume(path, a);
    check_price(path + ".price", a);
    if (a.termination) check_termination(path + ".termination", a);
  }
  /// Who takes the pieces buys the item from the seller.
  void check_taker(const std::string& path, const std::string& taker, const std::string& seller,
                   const std::string& item) {
    const std::map<std::string, Source>* from = nullptr;
    if (const auto site = s_.sites.find(taker); site != s_.sites.end()) {
      const auto bought = site->second.buys.find(item);
      if (bought != site->second.buys.end()) from = &bought->second.from;
    } else {
      const auto& demand = s_.customers.at(taker).demand;
      const auto wanted = demand.find(item);
      if (wanted != demand.end()) from = &wanted->second.from;
    }
    if (from && from->contains(seller)) return;
    consequence(path, fmt::format("{} does not buy {} from {}", in_quotes(taker), in_quotes(item),
                                  in_quotes(seller)));
  }
  void check_through(const std::string& path, const Agreement& a) {
    double weight = 0;
    for (const auto& [taker, part] : a.through) {
      const std::string here = path + "." + taker;
      weight += part;
      if (!refers(here, "site", taker, s_.sites)) continue;
      if (!s_.sites.contains(a.seller.text)) continue;
      check_taker(here, taker, a.seller.text, a.item.text);
    }
    if (!a.through.empty() && weight <= 0) error(path, "all weights are 0");
  }
  void check_volume(const std::string& path, const Agreement& a) {
    const int ways =
        (a.pieces_per_week ? 1 : 0) + (a.share_of_capacity ? 1 : 0) + (a.share_of_output ? 1 : 0);
    if (ways != 1) {
      error(path, "expected one of `pieces_per_week`, `share_of_capacity` and `share_of_output`");
    }
    const auto seller = s_.sites.find(a.seller.text);
    if (!a.share_of_capacity || seller == s_.sites.end()) return;
    const auto& recipes = seller->second.recipes;
    const bool limited = std::any_of(recipes.begin(), recipes.end(), [&](const auto& entry) {
      const Recipe& r = entry.second;
      const auto item = s_.items.find(r.makes.text);
      const bool same = r.makes == a.item || (item != s_.items.end() && item->second.family &&
                                              *item->second.family == a.item);
      return same && (r.max_starts_per_week || (r.line && r.line_use_per_piece > 0));
    });
    if (limited) return;
    consequence(path + ".share_of_capacity",
                fmt::format("{} has no line or limit of its own for {}", in_quotes(a.seller.text),
                            in_quotes(a.item.text)),
                {"use `share_of_output` or `pieces_per_week`"});
  }
  /// When the agreement begins in the simulation.
  sim::Time first_day_of(const Agreement& a) const {
    const sim::Time begin = s_.start - sim::days_to_duration(s_.warm_up_days);
    return std::max(sim::Time{a.from}, begin);
  }
  void check_price(const std::string& path, const Agreement& a) {
    if (const auto* indexed = std::get_if<IndexedPrice>(&a.price)) {
      const std::string here = path + ".indexed.index";
      if (!is_item(here, indexed->index.text)) return;
      const Value& index = s_.items.at(indexed->index.text).price_usd;
      if (index.curve().value(first_day_of(a)) <= 0) {
        error(here, fmt::format("{} has no market price on the first day",
                                in_quotes(indexed->index.text)));
      }
    }
    if (const auto* collar = std::get_if<CollaredPrice>(&a.price)) {
      if (collar->ceiling_usd < collar->floor_usd) {
        error(path + ".collar.ceiling_usd",
              fmt::format("expected a number from the floor {} on, received {}", collar->floor_usd,
                          collar->ceiling_usd));
      }
    }
  }
  void check_termination(const std::string& path, const Agreement& a) {
    const Termination& t = *a.termination;
    if (!t.on && !t.delivered_below && !t.called_below) {
      error(path, "expected one of `on`, `delivered_below` and `called_below`");
    }
    if (t.on && (*t.on <= a.from || *t.on > a.until.date)) {
      error(path + ".on",
            fmt::format("expected a day after the first, {}, and not after the last, {}, "
                        "received {}",
                        sim::format_time(a.from), sim::format_time(a.until.date),
                        sim::format_time(*t.on)));
    }
  }

  // --- lanes and sources ---
  void check_lanes() {
    std::vector<std::string> places = {"any"};
    for (const auto& [name, site] : s_.sites) {
      places.push_back(name);
      if (site.region) places.push_back(site.region->text);
    }
    for (const auto& [name, customer] : s_.customers) {
      places.push_back(name);
      if (customer.region) places.push_back(customer.region->text);
    }
    std::map<std::pair<Name, Name>, std::string> seen;
    for (const auto& [name, lane] : s_.lanes) {
      const std::string path = "lanes." + name;
      refers(path + ".from", "site or region", lane.from.text, places);
      refers(path + ".to", "site, customer or region", lane.to.text, places);
      const auto [other, is_new] = seen.try_emplace({lane.from, lane.to}, name);
      if (!is_new) {
        const std::string there = document_.locate("lanes." + other->second).text();
        error(path,
              fmt::format("lane {} already goes from {} to {}", in_quotes(other->second),
                          lane.from.text, lane.to.text),
              {fmt::format("it stands at {}", there)});
      }
    }
  }
  /// Where the document explains its sources, every source used must be explained.
  void check_sources() {
    if (s_.sources.empty()) return;
    const auto known = names_of(s_.sources);
    for (const sim::Input& input : inputs_) {
      if (!input.annotation) continue;
      for (const std::string& source : input.annotation->sources) {
        if (s_.sources.contains(source)) continue;
        diagnostics_.error(input.mark, input.path,
                           fmt::format("there is no source {}", in_quotes(source)),
                           sim::suggestion(source, known, "sources"));
      }
    }
  }

  // --- the network ---
  void check_cycles() {
    const Catalog catalog(s_);
    const FlowGraph graph(catalog);
    programs_.check_effects(catalog);
    if (!graph.cycle) return check_needs(catalog, graph);
    std::vector<std::string> way;
    for (const StockId stock : *graph.cycle) way.push_back(catalog[stock].name);
    way.push_back(way.front());
    const std::string site = catalog[catalog[graph.cycle->front()].site].name;
    error("sites." + site, fmt::format("the network has a cycle: {}", fmt::join(way, " -> ")),
          {"nothing can be needed for itself, not even through others"});
  }

  /// Each step of a chain may multiply, until what is needed cannot be counted any more.
  void check_needs(const Catalog& catalog, const FlowGraph& graph) {
    const Realisation real(catalog);
    const Conditions conditions(catalog, real);
    Explosion explosion(catalog, real, conditions, graph);
    const std::vector<double> nothing_started(catalog.recipes.size(), 0);
    for (const sim::Time time : {catalog.start(), catalog.end()}) {
      std::vector<double> rates;
      for (const sim::Curve& curve : real.demand) rates.push_back(curve.value(time));
      const auto needs = explosion.needs(time, rates, nothing_started);
      const auto most = std::max_element(needs.begin(), needs.end());
      if (most == needs.end() || *most <= most_needed) continue;
      const auto& stock = catalog.stocks[static_cast<std::size_t>(most - needs.begin())];
      const std::string site = "sites." + catalog[stock.site].name;
      error(
          stock.purchase.valid() ? site + ".buys." + catalog[stock.item].name : site,
          fmt::format("what customers want needs {:.3g} pieces a week of {}, expected at most 9e18",
                      *most, stock.name));
      return;
    }
  }

  const Scenario& s_;
  const sim::Document& document_;
  const std::vector<sim::Input>& inputs_;
  sim::Diagnostics& diagnostics_;
  struct Consequence {
    std::string path, message;
    std::vector<std::string> notes;
  };
  std::vector<Consequence> consequences_;
  bool name_unknown_ = false;
  ProgramRules programs_;
};

}  // namespace

void check_rules(const Scenario& scenario, const sim::Document& document,
                 const std::vector<sim::Input>& inputs, sim::Diagnostics& diagnostics) {
  Rules(scenario, document, inputs, diagnostics).check();
}

}  // namespace optichain::models
