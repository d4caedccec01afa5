#include "models/scenario/qualification_rules.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace optichain::models::scenario {

using sim::in_quotes;

void QualificationRules::check() {
  for (const auto& [name, q] : s_.qualifications) check_qualification("qualifications." + name, q);
}

void QualificationRules::check_qualification(const std::string& path, const Qualification& q) {
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

void QualificationRules::check_qualified_recipe(const std::string& path, const Qualification& q) {
  if (!s_.sites.contains(q.buyer.text)) {
    error(path + ".recipe",
          fmt::format("{} is a customer and makes nothing", in_quotes(q.buyer.text)));
    return;
  }
  refers(path + ".recipe", "recipe", q.recipe->text, s_.sites.at(q.buyer.text).recipes);
  if (q.of) error(path + ".of", "a recipe is qualified for what it makes");
  if (!q.variants.empty()) error(path + ".variants", "a recipe is qualified for what it makes");
}

void QualificationRules::check_qualified_seller(const std::string& path, const Qualification& q) {
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
  const auto& variants = variants_of(q.of->text);
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
bool QualificationRules::orders(const std::string& path, const std::string& party,
                                const std::string& name) {
  const auto known = s_.sites.contains(party) ? names_of(s_.sites.at(party).buys)
                                              : names_of(s_.customers.at(party).demand);
  if (std::find(known.begin(), known.end(), name) != known.end()) return true;
  context_.name_unknown = true;
  const bool is_unread = context_.unread.concerns("sites." + party + ".buys") ||
                         context_.unread.concerns("customers." + party + ".demand");
  if (is_unread || may_be_unread("item", name)) return false;
  certain_error(path, fmt::format("{} does not order {}", party, in_quotes(name)),
                sim::suggestion(name, known, "names"));
  return false;
}

}  // namespace optichain::models::scenario
