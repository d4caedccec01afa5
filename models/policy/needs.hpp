#pragma once
// What a policy must be told, declared beside its rule.
//
//   enum class BuyerFact { name, premium, shipments };
//   struct Historical { static constexpr Needs<BuyerFact> needs{BuyerFact::shipments}; ... };
//
// Who asks a policy of a list says what it tells, and does not compile if any policy of the list
// needs more:
//
//   static_assert(are_told<AllocationPolicy>(told));

#include <initializer_list>
#include <string_view>
#include <type_traits>
#include <variant>

namespace optichain::models::policy {

/// A set of facts, of an enum that counts from 0.
template <class Fact>
struct Needs {
  unsigned bits = 0;

  constexpr Needs() = default;
  constexpr Needs(std::initializer_list<Fact> facts) {
    for (const Fact fact : facts) bits |= bit(fact);
  }
  constexpr bool has(Fact fact) const { return (bits & bit(fact)) != 0; }
  constexpr bool covers(Needs other) const { return (other.bits & ~bits) == 0; }

 private:
  static constexpr unsigned bit(Fact fact) { return 1U << static_cast<unsigned>(fact); }
};

/// What the policy chosen of a list needs.
template <class... Policies>
constexpr auto needs(const std::variant<Policies...>& policy) {
  return std::visit([](const auto& p) { return std::decay_t<decltype(p)>::needs; }, policy);
}

/// The word that chooses a policy of its list.
template <class... Policies>
constexpr std::string_view tag_of(const std::variant<Policies...>& policy) {
  return std::visit([](const auto& p) { return std::decay_t<decltype(p)>::tag; }, policy);
}

template <class List>
struct EachOf;
template <class... Policies>
struct EachOf<std::variant<Policies...>> {
  template <class Fact>
  static constexpr bool is_told(Needs<Fact> told) {
    return (told.covers(Policies::needs) && ...);
  }
};

/// Whether `told` is all that the policies of a list need.
template <class List, class Fact>
constexpr bool are_told(Needs<Fact> told) {
  return EachOf<List>::is_told(told);
}

}  // namespace optichain::models::policy
