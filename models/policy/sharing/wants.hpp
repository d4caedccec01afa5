#pragma once
// Wants of recipes, and the resources that they use.

#include <cstdint>

#include "models/policy/needs.hpp"

namespace optichain::models::policy {

/// What a site may be asked about a recipe.
enum class RecipeFact {
  name,   // of the recipe, for the weight that the rule gives it
  margin  // earned per piece started
};
using SharingNeeds = Needs<RecipeFact>;

/// A recipe that wants to start pieces.
struct Want {
  std::int64_t pieces = 0;
  double margin_usd = 0;  // earned per piece started, if the rule needs it
  double weight = 0;      // that the rule gives the recipe
  double owed = 0;        // lots that it had less than its share of what was short before
  double tie = 0;         // who is first of those owed the same (see drawn_tie)
  std::int64_t lot = 1;   // it starts whole ones; `pieces` is a multiple
};

/// Something that runs out: the free work of a line, the stock of an input, a recipe's own limit.
struct Resource {
  double available = 0;
  /// A line may end its period inside a piece or a lot: that is started, the rest is next period's
  /// work.
  bool may_overrun = false;
  /// It holds so many pieces and no more: a lot is let in as a whole or not.
  bool holds_whole = false;
};

/// Recipe `want` needs `per_piece` of `resource` for each piece started.
struct Use {
  std::size_t want;
  std::size_t resource;
  double per_piece;
};

struct Grant {
  static constexpr std::size_t none = ~std::size_t{0};
  std::int64_t pieces = 0;
  std::size_t bound_by = none;  // the resource that cut it, if it was cut
  double level = 0;             // what the rule gives where pieces can be divided
};

}  // namespace optichain::models::policy
