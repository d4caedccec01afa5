#pragma once
// One past, several futures: a world that runs up to a date and there takes one of several options.
//
//   BranchPoint point(scenario, options, date);
//   World world(point.catalog(), seed);
//   world.run_until(point.moment_before());
//   ... fork, and in the child:
//   point.take(2, world);
//   Results results = world.run();
//
// An option is a whole scenario. Up to the date the world is that of `past`, whatever the options
// say; from then on it follows the option's values. Agreements and expansions that begin on the
// date or later are dormant until then, in `past` as in the options, and come into force only where
// the option has them. So nothing before the date can depend on an option, and where option and
// past agree on all that acts before it, the results are those of the option's scenario run from
// its beginning, to the byte.

#include <string>
#include <vector>

#include "models/catalog/catalog.hpp"
#include "models/world/world.hpp"

namespace optichain::models::world {

/// Whether nothing of it happens before a date: neither payments nor deliveries.
bool begins_from(const Agreement& agreement, Date date);
/// Of programs only expansions can wait: those that are decided on the date or later.
bool begins_from(const Program& program, Date date);

class BranchPoint {
 public:
  /// Requires valid scenarios of which each option fits the past (decision_rules.hpp).
  BranchPoint(const Scenario& past, std::vector<Scenario> options, Date date);

  /// The catalog of the past, in which whatever begins later is dormant.
  const Catalog& catalog() const { return catalog_; }
  /// The last second before the date.
  sim::Time moment_before() const { return sim::Time{date_} - sim::Duration{1}; }
  /// From now on a world of this catalog takes an option. Changes the catalog in place, so that a
  /// process can take one option only.
  void take(std::size_t option, World& world);

 private:
  static Scenario everything(const Scenario& past, const std::vector<Scenario>& options);
  Catalog::Dormant later(const Scenario& scenario) const;

  Date date_;
  std::vector<Scenario> options_;
  Scenario scenario_;  // the past, with all that the options add
  Catalog catalog_;
};

}  // namespace optichain::models::world
