#include "tests/property/renamed_world.hpp"

#include <set>

#include <fmt/format.h>

namespace optichain::models {
namespace {

using sim::Node;

/// What is defined under the keys of a mapping.
void add_names(const Node* map, std::set<std::string>& names) {
  if (!map) return;
  for (const auto& entry : map->entries()) names.insert(entry.key);
}

}  // namespace

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
