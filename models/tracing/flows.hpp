#pragma once
// The accounts of tracing: how many pieces each demand and stock point has handed on to whom.

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "models/books/meters.hpp"
#include "models/catalog/catalog.hpp"
#include "models/causes/kinds.hpp"
#include "models/causes/trace.hpp"

namespace optichain::models::tracing {

/// A demand, a stock point or a cause. They are numbered in this order, causes as they are found.
using TraceNode = std::size_t;

class Flows {
 public:
  /// The account of a way that leads on to a node.
  struct Way {
    TraceNode to;
    std::size_t account;
  };

  Flows(const Catalog& catalog, books::Meters& meters);
  /// Pieces with a cause of this kind are counted for an item or product from now on.
  void define(causes::Kind kind, const std::string& item);

  TraceNode of(DemandId demand) const { return demand.index(); }
  TraceNode of(StockId stock) const { return catalog_.demands.size() + stock.index(); }
  /// A cause. `item` and `where` are names of the catalog, so that their addresses stand for them;
  /// the kind must have been defined for the item.
  TraceNode of(causes::Kind kind, const std::string& item, const std::string& where);
  bool is_demand(TraceNode node) const { return node < catalog_.demands.size(); }
  bool is_cause(TraceNode node) const { return node >= ways_.size(); }
  DemandId demand(TraceNode node) const { return DemandId{node}; }
  StockId stock(TraceNode node) const { return StockId{node - catalog_.demands.size()}; }
  std::string name(TraceNode node) const;

  const std::vector<Way>& ways(TraceNode from) const { return ways_[from]; }
  std::int64_t handed(const Way& way) const { return accounts_[way.account]; }
  std::int64_t handed(TraceNode from, TraceNode to) const;
  /// Hands pieces on, or takes them back where there are fewer than none.
  void move(TraceNode from, TraceNode to, std::int64_t pieces);
  /// What has come to a stock point since all were cleared; below 0: it comes back.
  std::int64_t arrived(TraceNode node) const { return arrived_[node]; }
  void clear_arrived();
  /// All pieces that have a cause.
  std::int64_t at_causes() const;

  /// Remembers the accounts as the boundary between two periods.
  void mark_period() { marks_.push_back(accounts_); }
  /// What was handed on between two marks.
  std::vector<causes::Trace> between(std::size_t from_mark, std::size_t to_mark) const;

 private:
  struct Cause {
    std::string name;
    books::MeterId meter;
  };
  struct Place {
    causes::Kind kind;
    const std::string *item, *where;
    bool operator==(const Place&) const = default;
  };
  struct PlaceHash {
    std::size_t operator()(const Place& place) const;
  };
  const Catalog& catalog_;
  books::Meters& meters_;
  std::vector<std::vector<Way>> ways_;  // by demand and stock point
  std::vector<std::int64_t> arrived_;
  std::vector<std::int64_t> accounts_;  // pieces handed on
  std::vector<TraceNode> from_, to_;    // of accounts
  std::vector<std::vector<std::int64_t>> marks_;
  std::vector<Cause> causes_;
  std::unordered_map<Place, TraceNode, PlaceHash> cause_by_place_;
  std::unordered_map<std::string, TraceNode> cause_by_name_;
  std::unordered_map<std::string, books::MeterId> cause_meters_;  // by kind and item
};

}  // namespace optichain::models::tracing
