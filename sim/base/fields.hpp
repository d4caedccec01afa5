#pragma once
// The types a field of a scenario struct may have, beyond numbers, text, Value, Curve and
// containers.
//
// A struct that can be read and written declares what it is and visits its fields once:
//
//   struct Lane {
//     static constexpr std::string_view title = "Lane";
//     static constexpr std::string_view doc = "A way from one site to another.";
//     Name from;
//     Value transit_days{0.0};
//
//     template <class Visitor>
//     void fields(Visitor& v) {
//       v.required("from", from, "the site that ships");
//       v.optional("transit_days", transit_days, span_days, "time on the way; drawn per shipment");
//     }
//     friend bool operator==(const Lane&, const Lane&) = default;
//   };
//
// Reader, writer, reference page and JSON Schema all follow from that one function.

#include <compare>
#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/base/quantity.hpp"
#include "sim/base/time.hpp"

namespace optichain::sim {

/// The name of something defined elsewhere in the document.
struct Name {
  std::string text;
  friend auto operator<=>(const Name&, const Name&) = default;
};

/// A date that is the last one meant: `2027` or `2027-12` read as 2027-12-31.
struct LastDate {
  Date date{};
  friend auto operator<=>(const LastDate&, const LastDate&) = default;
};

/// Words for an enum: specialise with `static constexpr std::array<std::string_view, n> words`, in
/// the order of the enumerators, which must count from 0.
template <class E>
struct Words;

template <class T>
concept HasFields = requires {
  T::title;
};
/// An alternative of a variant: a structure with a tag, the word that selects it.
template <class T>
concept Tagged = HasFields<T> && requires {
  T::tag;
};
template <class T>
concept Choice = std::is_enum_v<T>;

template <class T>
struct IsNamed : std::false_type {};
template <class T>
struct IsNamed<std::map<std::string, T>> : std::true_type {};
template <class T>
struct IsList : std::false_type {};
template <class T>
struct IsList<std::vector<T>> : std::true_type {};
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVariant : std::false_type {};
template <class... Ts>
struct IsVariant<std::variant<Ts...>> : std::true_type {};
template <class T>
struct IsQuantity : std::false_type {};
template <class Tag>
struct IsQuantity<Quantity<Tag>> : std::true_type {};

}  // namespace optichain::sim
