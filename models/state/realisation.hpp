#pragma once
// The numbers of one replication: every quantity that is uncertain but does not vary, drawn once.

#include <optional>
#include <vector>

#include "models/catalog/catalog.hpp"
#include "models/catalog/substituted_demand.hpp"
#include "sim/base/curve.hpp"
#include "sim/base/random.hpp"

namespace optichain::models::state {

struct Realisation {
  /// Draws each random factor from the stream of its entity.
  Realisation(const Catalog& catalog, sim::RunSeed run);
  /// Expected values instead of draws.
  explicit Realisation(const Catalog& catalog);

  /// Takes the numbers of another one of the same catalog where they differ. Nothing moves, so that
  /// who holds a reference to a curve keeps it, and what stays the same is not even written: a
  /// process that was forked shares its memory with all others.
  void overwrite_values(Realisation other);

  std::vector<sim::Curve> line_capacity;                 // work per week, by LineId
  std::vector<sim::Curve> recipe_yield;                  // by RecipeId (the limit of learning)
  std::vector<std::optional<sim::Curve>> recipe_starts;  // pieces per week, by RecipeId
  std::vector<sim::Curve> recipe_share;                  // by RecipeId
  std::vector<sim::Curve> recipe_cost;                   // USD per piece started, by RecipeId
  std::vector<std::vector<sim::Curve>> mix;              // by OfferId and variant
  std::vector<std::optional<sim::Curve>> offer_price;    // USD, by OfferId
  std::vector<sim::Curve> item_price;                    // USD, by ItemId
  std::vector<sim::Curve> channel_share;                 // by ChannelId
  std::vector<sim::Curve> demand;  // pieces per week with every revision, substituted, by DemandId
  std::vector<std::optional<sim::Curve>> program_adds;  // work per week, by ProgramId
  std::vector<sim::Curve> program_cost;                 // USD per decision, by ProgramId

  /// An expansion that is decided at a date: its lead time is drawn once.
  struct DatedExpansion {
    sim::Time begin, full;  // of the ramp
    double per_week;        // work
    friend bool operator==(const DatedExpansion&, const DatedExpansion&) = default;
  };
  std::vector<std::optional<DatedExpansion>> expansions;  // by ProgramId

  /// Work per week that an expansion adds if it is decided at a date.
  double added_per_week(const Catalog& catalog, ProgramId expansion, sim::Time decided) const;

  /// Pieces per week of a demand as they were planned on a day: with the revisions announced by
  /// then. Of a demand without revisions the demand itself.
  const sim::Curve& demand_plan(DemandId demand, sim::Time as_of) const;

 private:
  /// What is planned from the announcement of a revision to that of the next.
  struct Plan {
    sim::Time since;
    sim::Curve curve;
    friend bool operator==(const Plan&, const Plan&) = default;
  };
  std::vector<std::vector<Plan>>
      plans_;  // by DemandId, in the order of time; without revisions none

  void substitute_demand(const SubstitutedDemand& substituted);
  template <class Realise>
  void add_demand(const Catalog::DemandEntry& entry, Realise realise);
  template <class Realise>
  void fill(const Catalog& catalog, Realise realise);
  template <class Realise>
  void fill_programs(const Catalog& catalog, Realise realise);
};

}  // namespace optichain::models::state
