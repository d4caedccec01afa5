#pragma once
// Every policy of a list, so that tests leave none out.

#include <utility>
#include <variant>
#include <vector>

namespace optichain::models {

/// One of each alternative, in the order of the list, with the terms that it has by default.
template <class List>
std::vector<List> one_of_each() {
  return []<std::size_t... I>(std::index_sequence<I...>) {
    return std::vector<List>{List(std::in_place_index<I>)...};
  }
  (std::make_index_sequence<std::variant_size_v<List>>{});
}

}  // namespace optichain::models
