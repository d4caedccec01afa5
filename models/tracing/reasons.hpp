#pragma once
// What was found about the pieces that lack at a node: what stands behind them, who is to blame.

#include <algorithm>
#include <utility>
#include <vector>

#include "models/tracing/flows.hpp"

namespace optichain::models::tracing {

/// A node on the way to the cause, or a cause, and its part in what lacks.
struct Reason {
  TraceNode to;
  double weight;
};

/// What is under way or owed stands behind as many of the pieces as there are of it; whoever is to
/// blame gets those that come anew.
class Reasons {
 public:
  void clear() {
    standing_.clear();
    blamed_.clear();
  }
  void stand(TraceNode to, double pieces) {
    if (pieces > 0) standing_.push_back({to, pieces});
  }
  void blame(TraceNode to, double weight) {
    if (weight > 0) blamed_.push_back({to, weight});
  }
  /// From pieces that stand behind something to shares of it, each once.
  void to_shares(double all);
  /// A cause that explains a part of everything: the others explain the rest.
  void stand_before_all(TraceNode to, double part) {
    for (Reason& other : standing_) other.weight *= 1 - part;
    stand(to, part);
  }

  const std::vector<Reason>& standing() const { return standing_; }
  const std::vector<Reason>& blamed() const { return blamed_; }

 private:
  std::vector<Reason> standing_, blamed_;
};

inline void Reasons::to_shares(double all) {
  std::vector<Reason> merged;
  for (const Reason& part : standing_) {
    const auto same = std::find_if(merged.begin(), merged.end(),
                                   [&](const Reason& other) { return other.to == part.to; });
    if (same == merged.end()) {
      merged.push_back({part.to, part.weight / all});
    } else {
      same->weight += part.weight / all;
    }
  }
  standing_ = std::move(merged);
}

}  // namespace optichain::models::tracing
