#pragma once
// Worlds in which every party, item and program has another name. Draws belong to names: to be held
// against the world with the old ones they are to have the luck of these (sim::RunSeed).

#include <map>
#include <string>

#include "sim/input/node.hpp"

namespace optichain::models {

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
