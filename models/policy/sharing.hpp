#pragma once
// Which recipe gets how much of the lines and inputs that several recipes want. Pure functions.

#include <cstdint>
#include <span>
#include <vector>

#include "models/catalog/options.hpp"

namespace optichain::models::policy {

/// A recipe that wants to start pieces.
struct Want {
  std::int64_t pieces = 0;
  double margin_usd = 0;  // earned per piece started, for `margin`
  double weight = 0;      // for `fixed`
};

/// Something that runs out: the free work of a line, the stock of an input, a recipe's own limit.
struct Resource {
  double available = 0;
  /// A line may end its period inside a piece: the piece is started, the rest is next period's
  /// work.
  bool may_overrun = false;
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
};

/// Grants in the order of the wants, nobody more than wanted, no resource overdrawn (except by less
/// than a piece where it may overrun).
///
/// `proportional` and `fixed` fill all wants together, at speeds in the ratio of what is wanted or
/// of the fixed weights (those without a weight take what the others leave), and freeze a want when
/// it is met or a resource it needs is used up (progressive filling; Bertsekas and Gallager, Data
/// Networks, 6.5.2). `margin` serves the wants one after the other, by margin per unit of the
/// resource that is short by the largest factor.
std::vector<Grant> share(const SharingRule& rule, std::span<const Want> wants,
                         std::span<const Resource> resources, std::span<const Use> uses);

}  // namespace optichain::models::policy
