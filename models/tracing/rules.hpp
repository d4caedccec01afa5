#pragma once
// One rule for each kind of cause: for which items it may be found, and what it takes of the pieces
// that lack. At each kind of place where pieces may have a cause the rules are asked in an order
// that stands at the end of rules.cpp; a new rule goes into the lists of the places where it looks.

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "models/tracing/chain_view.hpp"
#include "models/tracing/reasons.hpp"

namespace optichain::models::tracing {

/// What a rule looks at, and where it puts what it finds.
struct Inspection {
  const ChainView& chain;
  const books::Meters& meters;
  Flows& flows;
  Reasons& reasons;
  sim::Time now;
};

/// Orders open at a seller.
struct OpenOrders {
  /// Pieces of the seller that went to the holder of an agreement instead.
  struct Diverted {
    const std::string* agreement;
    books::MeterId meter;
  };
  ChannelId channel;
  std::span<const Diverted> diverted;
};
/// Starts of a recipe that wait.
struct HeldStarts {
  RecipeId recipe;
  std::size_t recipe_of_site;
  const std::string& item;
  const agents::Planner& planner;
};
/// A place where nothing waits for anybody.
struct Idle {
  const std::string &item, &where;
  bool under_way = false;  // something is
  bool possible = false;   // something could be
  std::optional<ProgramId> blocked{};
};
/// All that a demand lacks.
struct Shortfall {
  DemandId demand;
  double unmet = 0;
  double unforeseen = 0;  // wanted on shorter notice than the longest way takes
};

/// Defines the figures of all kinds: for each, the items and products it may be found for.
void define_causes(const Catalog& catalog, Flows& flows);

/// Finds the causes that keep a seller from shipping open orders; returns the pieces that have
/// none yet.
double cause_of_orders(const Inspection& at, const OpenOrders& orders, double pieces);
/// Finds the causes that keep starts waiting; returns the pieces that have none yet: an input
/// lacks.
double cause_of_starts(const Inspection& at, const HeldStarts& starts, double pieces);
/// Why nothing waits.
TraceNode cause_of_idle(const Inspection& at, const Idle& idle);
/// What is under way to a node.
TraceNode cause_of_delay(const Inspection& at, const std::string& item, const std::string& where);
/// Why there is nothing of an item at a stock point where it is neither made nor bought.
TraceNode cause_of_absence(const Inspection& at, StockId stock);
/// Of a demand: what stands behind a part of everything that lacks.
void cause_of_shortfall(const Inspection& at, const Shortfall& shortfall);
/// Why more was shipped to a demand than it wanted.
TraceNode cause_of_surplus(const Inspection& at, DemandId demand);

}  // namespace optichain::models::tracing
