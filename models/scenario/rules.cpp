#include "models/scenario/rules.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/catalog/catalog.hpp"
#include "models/network/explosion.hpp"
#include "models/network/flow_graph.hpp"
#include "models/scenario/agreement_rules.hpp"
#include "models/scenario/inventory_rules.hpp"
#include "models/scenario/migration_rules.hpp"
#include "models/scenario/program_rules.hpp"
#include "models/scenario/qualification_rules.hpp"
#include "models/state/realisation.hpp"

namespace optichain::models::scenario {
namespace {

using sim::in_quotes;

// A run of the largest world still ends within minutes. Each party needs a stack of its own, and
// the operating system has room for some thirty thousand of them.
constexpr double most_reviews = 1e7;
constexpr std::size_t most_parties = 25'000;
constexpr double most_needed = 9e18;  // pieces a week: what 64 bits can count

class Rules : private RuleSet {
 public:
  Rules(RuleContext& context, const std::vector<sim::Input>& inputs)
      : RuleSet(context), inputs_(inputs), programs_(context) {}

  void check() {
    const std::size_t before = context_.diagnostics.size();
    check_time();
    check_size();
    check_names();
    check_items();
    for (const auto& [name, site] : s_.sites) check_site(name, site);
    for (const auto& [name, customer] : s_.customers) check_customer(name, customer);
    check_lanes();
    MigrationRules(context_).check();
    QualificationRules(context_).check();
    AgreementRules(context_).check();
    check_sources();
    programs_.check();
    InventoryRules(context_).check();
    say_consequences();
    // The graph can only be built where every name is resolved.
    if (context_.unread.empty() && context_.diagnostics.size() == before) check_cycles();
  }

 private:
  // --- the whole ---
  void check_time() {
    const auto end = s_.end.date + std::chrono::days{1};
    if (end <= s_.start) {
      error("end", {"start"},
            fmt::format("expected a day on or after the start {}, received {}",
                        sim::format_time(s_.start), sim::format_time(s_.end.date)));
    }
  }
  void check_size() {
    const std::size_t parties = s_.sites.size() + s_.customers.size();
    if (parties > most_parties) {
      certain_error("sites", fmt::format("expected at most {} sites and customers, received {}",
                                         most_parties, parties));
    }
    if (!context_.unread.empty()) return;  // how long a run is may not be known
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
        certain_error("customers." + name,
                      fmt::format("{} is already the name of a site", in_quotes(name)));
      }
      if (site.region) regions.insert(site.region->text);
    }
    for (const auto& [name, customer] : s_.customers) {
      if (customer.region) regions.insert(customer.region->text);
    }
    const auto check = [&](const std::string& path, const std::string& name) {
      if (name == "any") certain_error(path, "\"any\" stands for every party and can name none");
      if (regions.contains(name)) {
        certain_error(path, fmt::format("{} is already the name of a region", in_quotes(name)));
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
        certain_error(path, fmt::format("{} is already the name of a family", in_quotes(name)));
      }
    }
    for (const auto& [name, family] : s_.families) {
      if (variants_of(name).empty()) {
        consequence("families." + name, "no item belongs to this family");
      }
    }
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
        certain_error(here, fmt::format("{} is made here and cannot be bought too", item));
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
        const std::string here = path + ".lines." + line_name + ".outages." + outage_name;
        error(here + ".until", {here + ".from"},
              fmt::format("expected a day on or after {}, received {}",
                          sim::format_time(outage.from), sim::format_time(outage.until.date)));
      }
    }
    const auto check_sharing = [&]<class Rule>(const Rule& rule) {
      if constexpr (requires { rule.shares; }) {
        const std::string here = fmt::format("{}.sharing.{}.shares.", path, Rule::tag);
        for (const auto& [recipe, share] : rule.shares) {
          refers(here + recipe, "recipe", recipe, site.recipes);
        }
      }
    };
    std::visit(check_sharing, site.sharing);
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
        certain_error(here, fmt::format("{} is made and used at the same site", in_quotes(input)),
                      {"give each of the two steps a site of its own"});
      } else if (!site.buys.contains(input) && !site.stocks.contains(input) &&
                 !context_.unread.holds(input)) {
        error(here, {site_path + ".buys", site_path + ".stocks"},
              fmt::format("{} is used here but not bought", in_quotes(input)),
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
    const auto& variants = variants_of(product);
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
    const auto check_buyers = [&]<class Policy>(const Policy& policy) {
      if constexpr (requires { policy.buyers; }) {
        std::vector<std::string> parties = names_of(s_.sites);
        for (const auto& [name, customer] : s_.customers) parties.push_back(name);
        const std::string here = fmt::format("{}.allocation.{}.buyers", path, Policy::tag);
        for (const Name& buyer : policy.buyers) refers(here, "buyer", buyer.text, parties);
      }
    };
    std::visit(check_buyers, offer.allocation);
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
        certain_error(here, "a site cannot buy from itself");
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
      const auto& variants = variants_of(product);
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
      if (lane.from.text.empty() || lane.to.text.empty()) continue;  // not read
      const auto [other, is_new] = seen.try_emplace({lane.from, lane.to}, name);
      if (!is_new) {
        const std::string there = context_.document.locate("lanes." + other->second).text();
        certain_error(path,
                      fmt::format("lane {} already goes from {} to {}", in_quotes(other->second),
                                  lane.from.text, lane.to.text),
                      {fmt::format("it stands at {}", there)});
      }
    }
  }
  /// Where the document explains its sources, every source used must be explained.
  void check_sources() {
    if (s_.sources.empty() || context_.unread.concerns("sources")) return;
    const auto known = names_of(s_.sources);
    for (const sim::Input& input : inputs_) {
      if (!input.annotation) continue;
      for (const std::string& source : input.annotation->sources) {
        if (s_.sources.contains(source) || may_be_unread("source", source)) continue;
        context_.diagnostics.error(input.mark, input.path,
                                   fmt::format("there is no source {}", in_quotes(source)),
                                   sim::suggestion(source, known, "sources"));
      }
    }
  }

  // --- the network ---
  void check_cycles() {
    const Catalog catalog(s_);
    const network::FlowGraph graph(catalog);
    programs_.check_effects(catalog);
    if (!graph.cycle) {
      InventoryRules(context_).check_echelons(catalog, graph);
      return check_needs(catalog, graph);
    }
    std::vector<std::string> way;
    for (const StockId stock : *graph.cycle) way.push_back(catalog[stock].name);
    way.push_back(way.front());
    const std::string site = catalog[catalog[graph.cycle->front()].site].name;
    error("sites." + site, fmt::format("the network has a cycle: {}", fmt::join(way, " -> ")),
          {"nothing can be needed for itself, not even through others"});
  }

  /// Each step of a chain may multiply, until what is needed cannot be counted any more.
  void check_needs(const Catalog& catalog, const network::FlowGraph& graph) {
    const state::Realisation real(catalog);
    state::CurrentTerms terms(catalog, real);
    network::Explosion explosion(catalog, real, terms, graph);
    const std::vector<double> nothing_started(catalog.recipes.size(), 0);
    for (std::size_t q = 0; q < catalog.qualifications.size(); ++q) {
      terms.pass(QualificationId{q});
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

  const std::vector<sim::Input>& inputs_;
  ProgramRules programs_;
};

}  // namespace

void check_rules(const Scenario& scenario, const sim::Document& document,
                 const std::vector<sim::Input>& inputs, const sim::Unread& unread,
                 sim::Diagnostics& diagnostics) {
  RuleContext context{scenario, document, unread, diagnostics};
  Rules(context, inputs).check();
}

}  // namespace optichain::models::scenario
