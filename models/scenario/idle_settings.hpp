#pragma once
// Settings of a valid scenario that can do nothing: they may be meant, and more often are not.

#include "models/catalog/catalog.hpp"
#include "models/scenario/load.hpp"

namespace optichain::models::scenario {

/// What of the scenario no run can depend on, each at its place with the reason: buyers that are
/// ranked where they never buy, agreements and programs outside the time that is simulated, recipes
/// and sources that begin after it, shares that are 0 throughout, lines that no recipe uses, offers
/// that nobody buys, over-ordering that pays nowhere, sources of numbers that no number names. And
/// a chain that is empty at the beginning, because its first weeks only show how it fills.
/// `concerned` is the path of all that could be otherwise without any effect on a run, where that
/// is certain, and else empty.
sim::Diagnostics idle_settings(const LoadedScenario& loaded, const Catalog& catalog);

}  // namespace optichain::models::scenario
