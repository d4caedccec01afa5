#include "tests/property/renamed_world.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/base/number.hpp"
#include "sim/base/random.hpp"

namespace optichain::models {
namespace {

using sim::Node;

bool is_number(const Node& node) {
  return node.is_scalar() && sim::parse_number(node.text()).has_value();
}

/// The middle of a distribution; nothing if a node is none.
std::optional<Node> middle(const Node& node) {
  if (!node.is_map() || node.entries().size() != 1) return std::nullopt;
  const Node& terms = node.entries().front().value;
  if (!terms.is_map()) return std::nullopt;
  const std::string& law = node.entries().front().key;
  const auto has = [&](const char* key) { return terms.find(key) != nullptr; };
  if (law == "empirical") return Node::scalar("1");
  if (law == "uniform" && has("low")) return Node::scalar("1");
  if ((law == "triangular" || law == "pert") && has("mode")) return *terms.find("mode");
  constexpr std::array laws = {"normal", "lognormal", "gamma", "beta", "exponential"};
  if (std::find(laws.begin(), laws.end(), law) != laws.end() && has("mean")) {
    return *terms.find("mean");
  }
  return std::nullopt;
}

void take_luck_out(Node& node) {
  if (auto mean = middle(node)) {
    node = std::move(*mean);
    return;
  }
  if (node.is_map() && node.find("curve") && node.find("factor")) {
    Node curve = *node.find("curve");
    node = std::move(curve);
  }
  for (Node& item : node.items()) take_luck_out(item);
  for (const char* key : {"yield_sd", "success"}) node.erase(key);
  if (const Node* variation = node.find("variation"); variation && !variation->find("trace")) {
    node.erase("variation");
  }
  std::erase_if(node.entries(), [](const Node::Entry& entry) {
    if (!entry.value.is_map()) return false;
    const Node* disruption = entry.value.find("disruption");
    const bool at_random = disruption && disruption->find("when")->find("markov");
    return at_random || entry.value.find("breakdowns");
  });
  for (auto& entry : node.entries()) take_luck_out(entry.value);
}

/// Every share that stands alone, and those that are left out.
void take_shares_apart(Node& node, sim::Stream& dice) {
  for (auto& entry : node.entries()) {
    Node& value = entry.value;
    if ((entry.key == "from" || entry.key == "recipes") && value.is_map()) {
      for (auto& way : value.entries()) {
        if (!way.value.is_map()) continue;
        const Node* share = way.value.find("share");
        if (share && !is_number(*share)) continue;
        const double before = share ? sim::parse_number(share->text()).value() : 1;
        way.value.put("share", Node::scalar(sim::format_number(before * (1 + dice.uniform()))));
      }
    }
    take_shares_apart(value, dice);
  }
}

/// What is defined under the keys of a mapping.
void add_names(const Node* map, std::set<std::string>& names) {
  if (!map) return;
  for (const auto& entry : map->entries()) names.insert(entry.key);
}

}  // namespace

Node without_luck(Node world) {
  take_luck_out(world);
  return world;
}

Node with_shares_apart(Node world, std::uint64_t seed) {
  sim::Stream dice({.seed = seed, .replication = 0}, "random world", "shares apart");
  take_shares_apart(world, dice);
  return world;
}

Renaming::Renaming(const Node& world, Order order) {
  std::set<std::string> old;
  for (const char* group : {"families", "items", "sites", "lanes", "customers", "agreements",
                            "programs", "migrations", "qualifications", "substitutions"}) {
    add_names(world.find(group), old);
  }
  for (const auto& site : world.find("sites")->entries()) {
    for (const char* group : {"lines", "recipes"}) add_names(site.value.find(group), old);
  }
  std::size_t rank = 100;
  for (const std::string& name : old) {
    const std::size_t place = order == Order::kept ? rank : 1000 - rank;
    names_[name] = fmt::format("q{}z", place);
    ++rank;
  }
}

Node Renaming::apply(const Node& world) const {
  const auto renamed = [&](const std::string& text) {
    const auto found = names_.find(text);
    return found == names_.end() ? text : found->second;
  };
  Node other = world;
  if (other.is_scalar()) return Node::scalar(renamed(other.text()));
  for (Node& item : other.items()) item = apply(item);
  for (auto& entry : other.entries()) {
    entry.key = renamed(entry.key);
    entry.value = apply(entry.value);
  }
  return other;
}

std::string Renaming::back(std::string text) const {
  for (const auto& [old, name] : names_) {
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at)) {
      text.replace(at, name.size(), old);
      at += old.size();
    }
  }
  return text;
}

}  // namespace optichain::models
