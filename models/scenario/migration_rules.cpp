#include "models/scenario/migration_rules.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace optichain::models::scenario {

using sim::in_quotes;

namespace {

bool contains(const std::vector<Name>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), Name{name}) != list.end();
}

}  // namespace

void MigrationRules::check() {
  check_migrations();
  for (const auto& [name, s] : s_.substitutions) check_substitution("substitutions." + name, s);
  check_chained_substitutions();
}

void MigrationRules::check_migrations() {
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
    for (const auto& [site, most] : m.most) refers(path + ".most." + site, "site", site, s_.sites);
    check_customers_of(path, m, of_family);
    const auto ways = ways_of(m, of_family);
    check_way_names(path + ".to", of_family ? "variant or technology" : "recipe", m.to, ways);
    check_way_names(path + ".from", of_family ? "variant or technology" : "recipe", m.from, ways);
    check_places(path, name, m, ways, moved_by);
  }
}

void MigrationRules::check_customers_of(const std::string& path, const Migration& m,
                                        bool of_family) {
  for (const auto& [customer, most] : m.customers) {
    const std::string here = path + ".customers." + customer;
    if (!refers(here, "customer", customer, s_.customers)) continue;
    if (!of_family) {
      error(here, "customers do not see by which recipe an item is made");
    } else if (!s_.customers.at(customer).demand.contains(m.of.text)) {
      consequence(
          here, fmt::format("{} has no demand for {}", in_quotes(customer), in_quotes(m.of.text)));
    }
  }
}

/// Of a family: its variants at the sites that sell it. Of an item: the recipes that make it.
std::vector<MigrationRules::Way> MigrationRules::ways_of(const Migration& m, bool of_family) const {
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

void MigrationRules::check_way_names(const std::string& path, const char* kind,
                                     const std::vector<Name>& names, const std::vector<Way>& ways) {
  // what a site has follows from all that is said of it
  if (context_.unread.concerns("sites") || context_.unread.concerns("items")) return;
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
void MigrationRules::check_places(
    const std::string& path, const std::string& name, const Migration& m,
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

void MigrationRules::check_substitution(const std::string& path, const Substitution& s) {
  const bool known = is_product(path + ".from", s.from.text) & is_product(path + ".to", s.to.text);
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
    const auto from = customer.demand.find(s.from.text), to = customer.demand.find(s.to.text);
    if (from == customer.demand.end() || to == customer.demand.end()) continue;
    any = true;
    if (!s.customers.empty() && !contains(s.customers, name)) continue;
    for (const auto* demand : {&*from, &*to}) {
      if (!std::holds_alternative<DemandTrace>(demand->second.variation)) continue;
      error(path,
            fmt::format("what {} wants of {} is a trace: it is what comes, and nothing turns "
                        "away from it or to it",
                        in_quotes(name), in_quotes(demand->first)),
            {"give the trace as it is after the substitution, and leave that out"});
    }
  }
  if (s.customers.empty() && !any) {
    consequence(path, fmt::format("no customer has a demand for both {} and {}",
                                  in_quotes(s.from.text), in_quotes(s.to.text)));
  }
}

/// What has turned to something else turns no further.
void MigrationRules::check_chained_substitutions() {
  for (const auto& [name, s] : s_.substitutions) {
    for (const auto& [other_name, other] : s_.substitutions) {
      if (s.from != other.to || name == other_name) continue;
      error("substitutions." + name + ".from",
            fmt::format("{} gains demand by substitution {} and cannot lose it again",
                        in_quotes(s.from.text), in_quotes(other_name)));
    }
  }
}

}  // namespace optichain::models::scenario
