#pragma once
// How long a chain that begins empty shows how it fills instead of how it works.

#include <vector>

#include "models/network/flow_graph.hpp"

namespace optichain::models::network {

/// Whether nothing is in stock, ordered, in process or on its way when the simulation begins.
bool begins_empty(const Catalog& catalog);

/// Of a chain that begins empty, how long after the beginning each stock point has surely been
/// supplied, if nothing but time is missing, by StockId. Of others all are 0. Requires a graph
/// without cycle.
std::vector<sim::Duration> first_supply(const Catalog& catalog, const FlowGraph& graph);

/// Of a chain that begins empty, the longest way from a first start to a customer, less the
/// warm-up: mean times of making and of transport, and a review of each seller until it ships. Of
/// others, or where nothing takes time, none. Requires a graph without cycle.
sim::Duration filling_time(const Catalog& catalog, const FlowGraph& graph);
/// The same in whole weeks, rounded up.
double filling_weeks(const Catalog& catalog);

}  // namespace optichain::models::network
