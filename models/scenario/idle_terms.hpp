#pragma once
// Single terms of a valid scenario that can have no effect, because of their value or their date.

#include "models/catalog/catalog.hpp"
#include "models/scenario/load.hpp"

namespace optichain::models::scenario {

/// Adds to `found`, each at its place: dates and spans beyond the time that is simulated (initial
/// pieces, patience, revisions, outages, qualifications, expansions, learning, variants that are
/// accepted), values that change nothing (a factor of 1, an outage that leaves all, learning that
/// begins at the limit, over-ordering of nothing), terms of a family given for a single item, terms
/// of several sellers where there is one, lanes that nothing is sent along.
void find_idle_terms(const LoadedScenario& loaded, const Catalog& catalog, sim::Diagnostics& found);

}  // namespace optichain::models::scenario
