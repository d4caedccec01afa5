#pragma once
// Rules of validity for what inventory theory and queues need: policies with fixed levels, finite
// buffers, random arrivals.

#include <string>

#include "models/network/flow_graph.hpp"
#include "models/scenario/rule_set.hpp"

namespace optichain::models::scenario {

class InventoryRules : private RuleSet {
 public:
  explicit InventoryRules(RuleContext& context) : RuleSet(context) {}

  void check();
  /// What only shows when all names are resolved: that an echelon is more than can be counted.
  /// Requires a graph without cycle.
  void check_echelons(const Catalog& catalog, const network::FlowGraph& graph);

 private:
  void check_starts(const std::string& path, const Site& site, const std::string& product,
                    const Offer& offer);
  void check_lot(const std::string& path, const Site& site, const std::string& item, Pieces room);
  void check_site(const std::string& path, const Site& site);
  void check_policy(const std::string& path, const std::string& product,
                    const policy::Replenishment& policy, const Site& site);
  void check_echelon(const Catalog& catalog, const network::FlowGraph& graph, StockId stock,
                     const policy::Replenishment& policy, const std::string& path);
  void check_arrivals();
  void add_events(const std::string& path, double more, const char* what, const char* advice);

  double events_ = 0;  // expected in a run
};

}  // namespace optichain::models::scenario
