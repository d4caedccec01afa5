#pragma once
// What is measured: a group of things and which one of it. The only place that puts the names of
// groups before the names of things, and takes them off again.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace optichain::models::measures {

/// In the order of their words, which is the order of results.
enum class Group : std::uint8_t {
  agreements,
  causes,
  channels,
  customers,
  demands,
  families,
  items,
  lines,
  market,
  migrations,
  outside,
  programs,
  qualifications,
  recipes,
  sites,
  stocks
};

std::string_view group_word(Group group);
std::optional<Group> find_group(std::string_view word);

struct Entity {
  Group group = Group::market;
  std::string name;  // "lumentum", "amazon.800g", "fab.wafer"; of the market and the outside none

  /// As it is written in results: `families.800g`, `market`.
  std::string text() const;
  /// Nothing if it begins with the name of no group.
  static std::optional<Entity> parse(std::string_view text);

  /// The order of results, which is that of their texts.
  friend auto operator<=>(const Entity&, const Entity&) = default;
};

/// One of a group, by the name that the catalog gives it.
inline Entity of(Group group, std::string_view name) {
  return {group, std::string(name)};
}
inline Entity of_market() {
  return {Group::market, {}};
}
/// All that is not in the scenario, and is paid.
inline Entity of_outside() {
  return {Group::outside, {}};
}

}  // namespace optichain::models::measures
