#include "models/scenario/agreement_rules.hpp"

#include <algorithm>
#include <map>
#include <variant>

#include <fmt/format.h>

namespace optichain::models::scenario {

using sim::in_quotes;

void AgreementRules::check() {
  for (const auto& [name, agreement] : s_.agreements) check_agreement(name, agreement);
}

void AgreementRules::check_agreement(const std::string& name, const Agreement& a) {
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
    error(path + ".until", {path + ".from"},
          fmt::format("expected a day on or after {}, received {}", sim::format_time(a.from),
                      sim::format_time(a.until.date)));
  }
  check_volume(path, a);
  check_price(path, a);
  if (a.termination) check_termination(path, a);
}

/// Who takes the pieces buys the item from the seller.
void AgreementRules::check_taker(const std::string& path, const std::string& taker,
                                 const std::string& seller, const std::string& item) {
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

void AgreementRules::check_through(const std::string& path, const Agreement& a) {
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

void AgreementRules::check_volume(const std::string& path, const Agreement& a) {
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
sim::Time AgreementRules::first_day_of(const Agreement& a) const {
  const sim::Time begin = s_.start - sim::days_to_duration(s_.warm_up_days);
  return std::max(sim::Time{a.from}, begin);
}

void AgreementRules::check_price(const std::string& path, const Agreement& a) {
  if (const auto* indexed = std::get_if<policy::IndexedPrice>(&a.price)) {
    const std::string here = path + ".price.indexed.index";
    if (!is_item(here, indexed->index.text)) return;
    const Value& index = s_.items.at(indexed->index.text).price_usd;
    if (index.curve().value(first_day_of(a)) <= 0) {
      error(
          here,
          {"items." + indexed->index.text + ".price_usd", path + ".from", "start", "warm_up_days"},
          fmt::format("{} has no market price on the first day", in_quotes(indexed->index.text)));
    }
  }
  if (const auto* collar = std::get_if<policy::CollaredPrice>(&a.price)) {
    if (collar->ceiling_usd < collar->floor_usd) {
      error(path + ".price.collar.ceiling_usd",
            fmt::format("expected a number from the floor {} on, received {}", collar->floor_usd,
                        collar->ceiling_usd));
    }
  }
}

void AgreementRules::check_termination(const std::string& path, const Agreement& a) {
  const Termination& t = *a.termination;
  const std::string here = path + ".termination";
  if (!t.on && !t.delivered_below && !t.called_below) {
    error(here, "expected one of `on`, `delivered_below` and `called_below`");
  }
  if (t.on && (*t.on <= a.from || *t.on > a.until.date)) {
    error(here + ".on", {path + ".from", path + ".until"},
          fmt::format("expected a day after the first, {}, and not after the last, {}, "
                      "received {}",
                      sim::format_time(a.from), sim::format_time(a.until.date),
                      sim::format_time(*t.on)));
  }
}

}  // namespace optichain::models::scenario
