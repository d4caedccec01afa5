#pragma once
// Worlds in which every party, item and program has another name, and worlds without luck: draws
// belong to names, so that only the latter can be held against each other.

#include <cstdint>
#include <map>
#include <string>

#include "sim/input/node.hpp"

namespace optichain::models {

/// The world with its means in the place of all that is drawn: distributions, demand that varies,
/// yields of lots, breakdowns, trials that may fail.
sim::Node without_luck(sim::Node world);

/// The world with no two shares alike, so that no split of whole pieces by shares ends in a tie.
sim::Node with_shares_apart(sim::Node world, std::uint64_t seed);

/// Other names for all that a world names.
class Renaming {
 public:
  enum class Order {
    kept,     // new names stand in the order of the old ones
    reversed  // in the opposite order
  };
  Renaming(const sim::Node& world, Order order);

  sim::Node apply(const sim::Node& world) const;
  /// A text of the results with the old names in the place of the new ones.
  std::string back(std::string text) const;

 private:
  std::map<std::string, std::string> names_;  // new by old; none is a part of another
};

}  // namespace optichain::models
