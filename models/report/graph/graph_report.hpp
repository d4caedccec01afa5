#pragma once
// What `optichain graph` prints: the network without a run. The same findings three times: as a
// strategist would read them, as a drawing for Graphviz, and as data.

#include <optional>
#include <string>

#include "models/network/capacity_bound.hpp"
#include "models/network/structure.hpp"

namespace optichain::models::report {

/// Plain text, lines as long as their lists: the tiers from the customers back, critical lead
/// times, single points of failure, what cannot be supplied, the capacity bound by year, and the
/// capacity that is worth most.
std::string graph_text(const Catalog& catalog, const network::Structure& structure,
                       const std::optional<network::CapacityBound>& bound);

/// A digraph for `dot`: sites and customers in ranks by tier, goods flowing from left to right,
/// sites in the colour of their stage, those that some demand cannot do without with a thick line,
/// those that supply no customer dashed.
std::string graph_dot(const Catalog& catalog, const network::Structure& structure);

/// One JSON object; numbers that come from the solver are rounded to nine digits.
std::string graph_json(const Catalog& catalog, const network::Structure& structure,
                       const std::optional<network::CapacityBound>& bound);

/// The same of the scenario as expected: no draws, as things are qualified at its start, the bound
/// in pieces and without the orders of the warm-up. The bound of a large network takes seconds, and
/// is left out of one that would take far longer; the drawing does without.
std::string graph_text(const Catalog& catalog);
std::string graph_dot(const Catalog& catalog);
std::string graph_json(const Catalog& catalog);

}  // namespace optichain::models::report
