#pragma once
// Starts that wait, and for want of what: counted by recipe and reason, whole pieces.

#include <cstdint>
#include <span>
#include <vector>

#include "models/books/meters.hpp"

namespace optichain::models::agents {

/// A piece that waits for weeks is counted once, when it begins to wait, and taken off the count
/// when it is started after all; who began to wait for what is forgotten among the pieces of a
/// recipe. Pieces whose buyers gave up stay counted.
class WaitingStarts {
 public:
  WaitingStarts(std::size_t recipes, books::Meters& meters) : meters_(meters), reasons_(recipes) {}
  /// Another reason why starts of a recipe may wait; `count` follows the pieces, `tie` says which
  /// is first of those owed the same. Returns its position among the reasons of the recipe.
  std::size_t add(std::size_t recipe, books::MeterId count, double tie);

  /// Of all pieces of a recipe that wait, this part has lost its buyers.
  void lose(std::size_t recipe, double part);
  /// As many pieces wait now; if more than before, the new ones wait for the reasons by `weights`,
  /// a weight a reason.
  void update(std::size_t recipe, std::int64_t waiting, std::span<const double> weights);
  std::int64_t waiting(std::size_t recipe) const;
  std::int64_t waiting(std::size_t recipe, std::size_t reason) const {
    return reasons_[recipe][reason].waiting;
  }

 private:
  struct Reason {
    books::MeterId count;
    double tie = 0;
    std::int64_t waiting = 0;
    double owed = 0, owed_left = 0;  // of a piece, of those that began to wait, and that still do
  };
  void shrink(std::size_t recipe, std::int64_t total, bool started);

  books::Meters& meters_;
  std::vector<std::vector<Reason>> reasons_;  // by recipe of the site
  std::vector<double> owed_, ties_;           // kept for their memory
  std::vector<std::int64_t> most_;            // the same
};

}  // namespace optichain::models::agents
