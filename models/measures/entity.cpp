#include "models/measures/entity.hpp"

#include <array>

namespace optichain::models::measures {
namespace {

constexpr std::array<std::string_view, 16> words = {
    "agreements",     "causes",  "channels", "customers",  "demands", "families",
    "items",          "lines",   "market",   "migrations", "outside", "programs",
    "qualifications", "recipes", "sites",    "stocks"};

}  // namespace

std::string_view group_word(Group group) {
  return words[static_cast<std::size_t>(group)];
}

std::optional<Group> find_group(std::string_view word) {
  for (std::size_t g = 0; g < words.size(); ++g) {
    if (words[g] == word) return static_cast<Group>(g);
  }
  return std::nullopt;
}

std::string Entity::text() const {
  const std::string_view word = group_word(group);
  std::string text;
  text.reserve(word.size() + 1 + name.size());
  text += word;
  if (!name.empty()) {
    text += '.';
    text += name;
  }
  return text;
}

std::optional<Entity> Entity::parse(std::string_view text) {
  const std::size_t dot = text.find('.');
  const auto group = find_group(text.substr(0, dot));
  if (!group) return std::nullopt;
  return Entity{*group, std::string(dot == text.npos ? "" : text.substr(dot + 1))};
}

}  // namespace optichain::models::measures
