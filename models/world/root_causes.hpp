#pragma once
// Root causes: every piece that a customer wanted and did not get, traced back to what bound it.
//
// Each week (and at the end of each period) the pieces that were wanted and not shipped in it are
// handed from the customers up the chain, whole, along what is owed at that moment:
//
//   a demand asks the sellers who owe it, and there the variants that are meant for it and lack;
//   an item that is made here asks its bottleneck: of all inputs, lines and limits the one that
//     takes longest to provide for all that is wanted, because without it the others are no help;
//   an item that is bought asks the sellers who owe it.
//
// What is already under way (in stock, in process, in transit, in the mail) explains as many of the
// pieces that lack at a node as are under way; the others are handed on. Where nothing waits for
// anybody and nothing is under way, planning is to blame. What arrives at a line, a recipe's own
// limit, a missing qualification and so on stays there: it is a root cause. In weeks in which more
// is shipped than wanted, pieces are taken off again along the ways they had gone, in proportion to
// what went there. So the causes of any span of time add up exactly to what was not shipped in it,
// and so do the parts at every fork on the way; both are checked as laws of the run.
//
// This is pegging (APICS Dictionary) applied to what is missing; the bottleneck is that of the
// theory of constraints (Goldratt and Cox 1984): the resource with the longest run-out of work.

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "models/agents/customer_agent.hpp"
#include "models/agents/site_agent.hpp"
#include "models/network/flow_graph.hpp"
#include "models/world/results.hpp"

namespace optichain::models::world {

/// The kinds of root causes, in the order in which reports list them.
enum class CauseKind {
  capacity,       // a line is full
  limit,          // a recipe's own limit: its tools, its ramp
  supply,         // neither made nor bought
  qualification,  // no seller, variant or recipe is qualified
  program,        // an export control, an exit or a breakdown
  reserved,       // kept for the holder of an agreement
  revision,       // wanted on shorter notice than the longest way through the chain
  lead_time,      // all that is owed is in process or on its way
  planning,       // nothing is under way though something could be
  earlier,        // orders from before were served first (above 0) or this span's later (below 0)
};
inline constexpr std::size_t cause_kinds = 10;
std::string_view cause_word(CauseKind kind);

class RootCauses {
 public:
  /// What it looks at; all must outlive it.
  struct Sight {
    const Catalog& catalog;
    const state::Realisation& real;
    const state::CurrentTerms& terms;
    const network::FlowGraph& graph;
    const state::Inventory& inventory;
    const std::vector<std::unique_ptr<trade::Channel>>& channels;
    const std::vector<std::unique_ptr<agents::OrderDesk>>& desks;
    const std::vector<std::unique_ptr<agents::SiteAgent>>& sites;
  };
  RootCauses(const Sight& sight, books::Meters& meters);

  /// Traces what was wanted and not shipped since the last call. Throws Error if the law is broken.
  void trace(sim::Time now);
  /// Remembers the traces so far as the boundary between two periods.
  void mark_period();

  /// The traces between two marks: who handed how many pieces on to whom.
  std::vector<Trace> between(std::size_t from_mark, std::size_t to_mark) const;

 private:
  // Nodes are the demands, then the stock points, then the causes in the order of their discovery.
  using Node = std::size_t;
  struct Edge {
    Node to;
    std::size_t account;  // in accounts_
  };
  struct Part {
    Node to;
    double weight;
  };
  struct Cause {
    CauseKind kind;
    std::string name;  // "capacity coherent_garnet.growth"
    books::MeterId meter;
  };

  void define_meters();
  Node node(DemandId demand) const { return demand.index(); }
  Node node(StockId stock) const { return sight_.catalog.demands.size() + stock.index(); }
  Node cause(CauseKind kind, const std::string& where, const std::string& item);
  std::string node_name(Node node) const;
  bool is_cause(Node node) const { return node >= edges_.size(); }

  void hand_on(Node from, sim::Time now);
  void give(Node from, std::int64_t pieces);
  void take_back(Node from, std::int64_t pieces);
  void divide(DemandId demand);
  std::int64_t handed(Node from, Node to) const;
  void move(Node from, Node to, std::int64_t pieces);

  void ask(Node from, sim::Time now);
  void ask_demand(DemandId demand, sim::Time now);
  void ask_channel(ChannelId channel, double owed, sim::Time now);
  double reserved_for_others(ChannelId channel, double owed);
  void ask_maker(StockId stock, sim::Time now);
  double blame_reservations(const agents::Planner& planner, std::size_t recipe,
                            const std::string& item, double pieces);
  void blame_line(LineId line, const std::string& item, double pieces, sim::Time now);
  void ask_sellers(StockId stock, sim::Time now);
  void to_shares(double all);
  void stands(Node to, double pieces) {
    if (pieces > 0) standing_.push_back({to, pieces});
  }
  void blame(Node to, double weight) {
    if (weight > 0) blamed_.push_back({to, weight});
  }
  struct Orders {
    double meant = 0;   // open orders that the seller means to meet with a stock
    double unseen = 0;  // orders that came in after it looked
  };
  Orders orders_for(StockId stock) const;
  Pieces on_hand(StockId stock) const { return sight_.inventory.on_hand(stock); }

  Sight sight_;
  books::Meters& meters_;
  struct Root {
    DemandId demand;
    books::MeterId demanded;
    std::vector<books::MeterId> shipped, withdrawn;  // by channel of the demand
    std::int64_t unmet = 0;
    // Of a demand that is revised: how long the longest way takes, and what was wanted on shorter
    // notice.
    sim::Duration notice{};
    bool revised = false;
    std::int64_t demanded_before = 0;
    double unforeseen = 0;
    std::vector<Part> not_ordered{};  // pieces that were never ordered, by what was in the way then
  };
  void note_unforeseen(Root& root, sim::Time now);
  void note_not_ordered(Root& root, double pieces, Node reason);

  /// Pieces of a seller that went to the holder of an agreement instead of to a channel.
  struct Diverted {
    std::string agreement;
    books::MeterId meter;
  };
  std::vector<std::vector<Diverted>> diverted_;  // by ChannelId
  std::vector<Root> roots_;
  std::vector<std::size_t> root_of_;      // by DemandId
  std::vector<std::vector<Edge>> edges_;  // by demand and stock point
  std::vector<Cause> causes_;
  struct Place {
    CauseKind kind;
    const std::string *where, *item;
    bool operator==(const Place&) const = default;
  };
  struct PlaceHash {
    std::size_t operator()(const Place& place) const;
  };
  std::unordered_map<Place, Node, PlaceHash> cause_by_place_;
  std::unordered_map<std::string, Node> cause_by_name_;
  std::unordered_map<std::string, books::MeterId> cause_meters_;  // by kind and item
  std::vector<std::int64_t> accounts_;                            // pieces handed on, by edge
  std::vector<Node> account_from_, account_to_;
  std::vector<std::vector<std::int64_t>> marks_;
  std::vector<std::int64_t> arrived_;  // by node, in the present call; below 0: come back
  // what stands behind the pieces that lack at a node, as shares; and who is to blame for the rest
  std::vector<Part> standing_, blamed_;
  std::vector<double> weights_;  // kept for its memory
  sim::Time traced_until_;
};

}  // namespace optichain::models::world
