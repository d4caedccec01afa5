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
    check_migrations();
    for (const auto& [name, q] : s_.qualifications)
      check_qualification("qualifications." + name, q);
    for (const auto& [name, s] : s_.substitutions) check_substitution("substitutions." + name, s);
    check_chained_substitutions();
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
    add(s_.migrations);
    for (const auto& [name, q] : s_.qualifications) {
      if (q.when) reviews += days / s_.review_days;
    }
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

  // --- migrations ---
  void check_migrations() {
    // by site and variant or recipe: the migration that moves it
    std::map<std::pair<std::string, std::string>, std::string> moved_by;
    for (const auto& [name, m] : s_.migrations) {
      const std::string path = "migrations." + name;
      const bool of_family = s_.families.contains(m.of.text);
      if (!of_family) {
        auto known = names_of(s_.families);
        for (const auto& [item, entry] : s_.items) known.push_back(item);
        if (!refers(path + ".of", "family or item", m.of.text, known)) continue;
      }
      if (m.to.empty()) error(path + ".to", "expected at least one name");
      for (const Name& site : m.sites) refers(path + ".sites", "site", site.text, s_.sites);
      for (const auto& [site, most] : m.most)
        refers(path + ".most." + site, "site", site, s_.sites);
      check_customers_of(path, m, of_family);
      const auto ways = ways_of(m, of_family);
      check_way_names(path + ".to", of_family ? "variant or technology" : "recipe", m.to, ways);
      check_way_names(path + ".from", of_family ? "variant or technology" : "recipe", m.from, ways);
      check_places(path, name, m, ways, moved_by);
    }
  }
  void check_customers_of(const std::string& path, const Migration& m, bool of_family) {
    for (const auto& [customer, most] : m.customers) {
      const std::string here = path + ".customers." + customer;
      if (!refers(here, "customer", customer, s_.customers)) continue;
      if (!of_family) {
        error(here, "customers do not see by which recipe an item is made");
      } else if (!s_.customers.at(customer).demand.contains(m.of.text)) {
        consequence(here, fmt::format("{} has no demand for {}", in_quotes(customer),
                                      in_quotes(m.of.text)));
      }
    }
  }

  /// One variant or recipe at a site, with the label it may go by, too.
  struct Way {
    std::string site, name, label;
    bool is_one_of(const std::vector<Name>& list) const {
      return std::any_of(list.begin(), list.end(), [&](const Name& n) {
        return n.text == name || (!label.empty() && n.text == label);
      });
    }
  };
  /// Of a family: its variants at the sites that sell it. Of an item: the recipes that make it.
  std::vector<Way> ways_of(const Migration& m, bool of_family) const {
    std::vector<Way> ways;
    for (const auto& [name, site] : s_.sites) {
      if (of_family && site.sells.contains(m.of.text)) {
        for (const std::string& v : variants_of(m.of.text)) {
          const std::string& label = s_.items.at(v).technology;
          if (has_anywhere(site, v)) ways.push_back({name, v, label});
        }
      }
      for (const auto& [recipe_name, recipe] : site.recipes) {
        if (!of_family && recipe.makes == m.of) ways.push_back({name, recipe_name, ""});
      }
    }
    return ways;
  }
  /// A variant counts as kept where it is made, bought, stocked or used.
  static bool has_anywhere(const Site& site, const std::string& item) {
    return has(site, item) ||
           std::any_of(site.recipes.begin(), site.recipes.end(),
                       [&](const auto& entry) { return entry.second.inputs.contains(item); });
  }
  void check_way_names(const std::string& path, const char* kind, const std::vector<Name>& names,
                       const std::vector<Way>& ways) {
    std::set<std::string> known;
    for (const Way& way : ways) {
      known.insert(way.name);
      if (!way.label.empty()) known.insert(way.label);
    }
    for (const Name& name : names) {
      refers(path, kind, name.text, std::vector<std::string>(known.begin(), known.end()));
    }
  }
  /// Every site that is named has new and old ways, some site has, and nothing moves twice.
  void check_places(const std::string& path, const std::string& name, const Migration& m,
                    const std::vector<Way>& ways,
                    std::map<std::pair<std::string, std::string>, std::string>& moved_by) {
    std::map<std::string, std::vector<Way>> to, from;
    for (const Way& way : ways) {
      if (!m.sites.empty() && !contains(m.sites, way.site)) continue;
      if (way.is_one_of(m.to)) {
        to[way.site].push_back(way);
      } else if (m.from.empty() || way.is_one_of(m.from)) {
        from[way.site].push_back(way);
      }
    }
    bool any = false;
    for (const auto& [site, news] : to) {
      if (!from.contains(site)) continue;
      any = true;
      for (const auto& group : {news, from.at(site)}) {
        for (const Way& way : group) {
          const auto [other, is_new] = moved_by.try_emplace({site, way.name}, name);
          if (is_new) continue;
          error(path, fmt::format("{} at {} is already moved by migration {}", in_quotes(way.name),
                                  site, in_quotes(other->second)));
        }
      }
    }
    const char* what = s_.families.contains(m.of.text) ? "variant of" : "recipe for";
    for (const Name& site : m.sites) {
      if (to.contains(site.text) && from.contains(site.text)) continue;
      consequence(path + ".sites",
                  fmt::format("{} has no {} {} {}", in_quotes(site.text),
                              to.contains(site.text) ? "old" : "new", what, m.of.text));
    }
    if (m.sites.empty() && !any) {
      consequence(path, fmt::format("no site has both a new and an old {} {}", what, m.of.text));
    }
    for (const auto& [site, most] : m.most) {
      if (to.contains(site) && from.contains(site)) continue;
      consequence(path + ".most." + site,
                  fmt::format("{} does not take part in this migration", in_quotes(site)));
    }
  }
  static bool contains(const std::vector<Name>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), Name{name}) != list.end();
  }

  // --- qualifications ---
  void check_qualification(const std::string& path, const Qualification& q) {
    std::vector<std::string> parties = names_of(s_.sites);
    for (const auto& [name, customer] : s_.customers) parties.push_back(name);
    if (!refers(path + ".buyer", "site or customer", q.buyer.text, parties)) return;
    if (q.recipe.has_value() == q.seller.has_value()) {
      error(path, "expected one of `seller` and `recipe`");
      return;
    }
    if (q.recipe) {
      check_qualified_recipe(path, q);
    } else {
      check_qualified_seller(path, q);
    }
    if (!q.when) return;
    const Name* watched = q.when->of ? &*q.when->of : q.of ? &*q.of : nullptr;
    if (!watched) {
      error(path + ".when", "expected `of`, which says of what the fill rate is looked at");
    } else if (q.when->of) {
      orders(path + ".when.of", q.buyer.text, watched->text);
    }
  }
  void check_qualified_recipe(const std::string& path, const Qualification& q) {
    if (!s_.sites.contains(q.buyer.text)) {
      error(path + ".recipe",
            fmt::format("{} is a customer and makes nothing", in_quotes(q.buyer.text)));
      return;
    }
    refers(path + ".recipe", "recipe", q.recipe->text, s_.sites.at(q.buyer.text).recipes);
    if (q.of) error(path + ".of", "a recipe is qualified for what it makes");
    if (!q.variants.empty()) error(path + ".variants", "a recipe is qualified for what it makes");
  }
  void check_qualified_seller(const std::string& path, const Qualification& q) {
    if (!refers(path + ".seller", "site", q.seller->text, s_.sites)) return;
    if (!q.of) {
      error(path, "expected `of`, which says what the seller is qualified for");
      return;
    }
    if (!orders(path + ".of", q.buyer.text, q.of->text)) return;
    const bool by_site = s_.sites.contains(q.buyer.text);
    const auto& from = by_site ? s_.sites.at(q.buyer.text).buys.at(q.of->text).from
                               : s_.customers.at(q.buyer.text).demand.at(q.of->text).from;
    if (!from.contains(q.seller->text)) {
      consequence(path + ".seller", fmt::format("{} does not order {} from {}", q.buyer.text,
                                                q.of->text, in_quotes(q.seller->text)));
    }
    if (by_site && !q.variants.empty()) {
      error(path + ".variants", "a site orders one item, which `of` says");
      return;
    }
    const auto variants = variants_of(q.of->text);
    for (const Name& v : q.variants) {
      if (!is_variant(path + ".variants", v.text, variants)) continue;
      const auto& accepts = s_.customers.at(q.buyer.text).demand.at(q.of->text).accepts;
      if (!has_anywhere(s_.sites.at(q.seller->text), v.text)) {
        consequence(path + ".variants",
                    fmt::format("{} has no {}", q.seller->text, in_quotes(v.text)));
      } else if (!accepts.empty() && !accepts.contains(v.text)) {
        consequence(
            path + ".variants", fmt::format("{} never accepts {}", q.buyer.text, in_quotes(v.text)),
            {fmt::format("add it under customers.{}.demand.{}.accepts", q.buyer.text, q.of->text)});
      }
    }
  }
  /// An error unless the site buys the item or the customer has a demand for the product.
  bool orders(const std::string& path, const std::string& party, const std::string& name) {
    const auto known = s_.sites.contains(party) ? names_of(s_.sites.at(party).buys)
                                                : names_of(s_.customers.at(party).demand);
    if (std::find(known.begin(), known.end(), name) != known.end()) return true;
    name_unknown_ = true;
    error(path, fmt::format("{} does not order {}", party, in_quotes(name)),
          sim::suggestion(name, known, "names"));
    return false;
  }

  // --- substitutions ---
  void check_substitution(const std::string& path, const Substitution& s) {
    const bool known =
        is_product(path + ".from", s.from.text) & is_product(path + ".to", s.to.text);
    if (!known) return;
    if (s.from == s.to) {
      error(path + ".to", "expected another product than `from`");
      return;
    }
    bool any = false;
    for (const Name& name : s.customers) {
      if (!refers(path + ".customers", "customer", name.text, s_.customers)) continue;
      for (const Name& product : {s.from, s.to}) {
        if (s_.customers.at(name.text).demand.contains(product.text)) continue;
        consequence(
            path + ".customers",
            fmt::format("{} has no demand for {}", in_quotes(name.text), in_quotes(product.text)),
            {"a demand of 0 pieces per week says from whom it is ordered then"});
      }
    }
    for (const auto& [name, customer] : s_.customers) {
      any = any || (customer.demand.contains(s.from.text) && customer.demand.contains(s.to.text));
    }
    if (s.customers.empty() && !any) {
      consequence(path, fmt::format("no customer has a demand for both {} and {}",
                                    in_quotes(s.from.text), in_quotes(s.to.text)));
    }
  }
  /// What has turned to something else turns no further.
  void check_chained_substitutions() {
    for (const auto& [name, s] : s_.substitutions) {
      for (const auto& [other_name, other] : s_.substitutions) {
        if (s.from != other.to || name == other_name) continue;
        error("substitutions." + name + ".from",
              fmt::format("{} gains demand by substitution {} and cannot lose it again",
                          in_quotes(s.from.text), in_quotes(other_name)));
      }
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
    Conditions conditions(catalog, real);
    Explosion explosion(catalog, real, conditions, graph);
    const std::vector<double> nothing_started(catalog.recipes.size(), 0);
    for (std::size_t q = 0; q < catalog.qualifications.size(); ++q) {
      conditions.pass(QualificationId{q});
    }
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
