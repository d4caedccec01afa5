#include "models/scenario/rule_set.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace optichain::models::scenario {

using sim::in_quotes;

void RuleSet::certain_error(const std::string& path, std::string message,
                            std::vector<std::string> notes) {
  context_.diagnostics.error(context_.document.locate(path), path, std::move(message),
                             std::move(notes));
}

void RuleSet::error(const std::string& path, std::string message, std::vector<std::string> notes) {
  if (context_.unread.touches(path)) return;
  certain_error(path, std::move(message), std::move(notes));
}

void RuleSet::error(const std::string& path, std::initializer_list<std::string> about,
                    std::string message, std::vector<std::string> notes) {
  const auto unread = [&](const std::string& value) { return context_.unread.concerns(value); };
  if (unread(path) || std::any_of(about.begin(), about.end(), unread)) return;
  certain_error(path, std::move(message), std::move(notes));
}

void RuleSet::consequence(const std::string& path, std::string message,
                          std::vector<std::string> notes) {
  context_.consequences.push_back({path, std::move(message), std::move(notes)});
}

void RuleSet::say_consequences() {
  if (context_.name_unknown || !context_.unread.empty()) return;
  for (auto& c : context_.consequences)
    certain_error(c.path, std::move(c.message), std::move(c.notes));
}

bool RuleSet::may_be_unread(std::string_view kind, const std::string& name) const {
  const sim::Unread& unread = context_.unread;
  if (unread.empty()) return false;
  if (name.empty() || unread.holds(name) || unread.has("")) return true;
  // where names of a kind stand
  constexpr std::array<std::pair<std::string_view, std::string_view>, 12> places = {
      {{"item", "items"},
       {"family", "families"},
       {"family", "items"},
       {"variant", "items.*"},
       {"site", "sites"},
       {"customer", "customers"},
       {"buyer", "sites"},
       {"buyer", "customers"},
       {"region", "sites.*.region"},
       {"region", "customers.*.region"},
       {"line", "sites.*.lines"},
       {"recipe", "sites.*.recipes"}}};
  const auto is_unread = [&](std::string place) {
    if (unread.has(place + ".*")) return true;
    for (;; place.resize(place.rfind('.'))) {
      if (unread.has(place)) return true;
      if (place.find('.') == std::string::npos) return false;
    }
  };
  return std::any_of(places.begin(), places.end(), [&](const auto& entry) {
    return kind.find(entry.first) != std::string_view::npos && is_unread(std::string(entry.second));
  });
}

bool RuleSet::refers(const std::string& path, std::string_view kind, const std::string& name,
                     const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), name) != known.end()) return true;
  context_.name_unknown = true;
  if (may_be_unread(kind, name)) return false;
  const bool one_kind = kind.find(" or ") == std::string_view::npos;
  certain_error(path, fmt::format("there is no {} {}", kind, in_quotes(name)),
                sim::suggestion(name, known, one_kind ? fmt::format("{}s", kind) : "names"));
  return false;
}

RuleSet::RuleSet(RuleContext& context) : s_(context.scenario), context_(context) {
  for (const auto& [name, item] : s_.items) {
    variants_[item.family ? item.family->text : name].push_back(name);
  }
}

const std::vector<std::string>& RuleSet::variants_of(const std::string& product) const {
  static const std::vector<std::string> none;
  const auto found = variants_.find(product);
  return found == variants_.end() ? none : found->second;
}

bool RuleSet::is_variant(const std::string& path, const std::string& name,
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
bool RuleSet::is_product(const std::string& path, const std::string& name) {
  const auto found = s_.items.find(name);
  if (found != s_.items.end() && found->second.family) {
    if (found->second.family->text.empty()) return false;  // not read
    certain_error(path,
                  fmt::format("{} belongs to a family and is sold under its name", in_quotes(name)),
                  {fmt::format("use {}", in_quotes(found->second.family->text))});
    return false;
  }
  if (found != s_.items.end() || s_.families.contains(name)) return true;
  std::vector<std::string> known = names_of(s_.families);
  for (const auto& [item, entry] : s_.items) {
    if (!entry.family) known.push_back(item);
  }
  return refers(path, "family or item", name, known);
}

std::string RuleSet::product_of(const std::string& item) const {
  const auto& family = s_.items.at(item).family;
  return family ? family->text : item;
}

bool RuleSet::makes(const Site& site, const std::string& item) {
  return std::any_of(site.recipes.begin(), site.recipes.end(),
                     [&](const auto& entry) { return entry.second.makes.text == item; });
}

bool RuleSet::has(const Site& site, const std::string& item) {
  return makes(site, item) || site.buys.contains(item) || site.stocks.contains(item);
}

/// A variant counts as kept where it is made, bought, stocked or used.
bool RuleSet::has_anywhere(const Site& site, const std::string& item) {
  return has(site, item) ||
         std::any_of(site.recipes.begin(), site.recipes.end(),
                     [&](const auto& entry) { return entry.second.inputs.contains(item); });
}

}  // namespace optichain::models::scenario
