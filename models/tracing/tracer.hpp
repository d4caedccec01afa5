#pragma once
// Tracing: every piece that a customer wanted and did not get, back to what bound it.
//
// Each week (and at the end of each period) the pieces that were wanted and not shipped in it are
// handed from the customers up the chain, whole, along what is owed at that moment:
//
//   a demand asks the sellers who owe it, and there the variants that are meant for it and lack;
//   an item that is made here asks its bottleneck: of all inputs, lines and limits the one that
//     takes longest to provide for all that is wanted, because without it the others are no help;
//   an item that is bought asks the sellers who owe it.
//
// Who is asked stands in inquiry.cpp, what is a cause in rules.cpp. What is already under way (in
// stock, in process, in transit, in the mail) explains as many of the pieces that lack at a node as
// are under way; the others are handed on. Where nothing waits for anybody and nothing is under
// way, planning is to blame. In weeks in which more is shipped than wanted, pieces are taken off
// again along the ways they had gone, in proportion to what went there. So the causes of any span
// of time add up exactly to what was not shipped in it, and so do the parts at every fork on the
// way; both are checked as laws of the run.
//
// This is pegging (APICS Dictionary) applied to what is missing; the bottleneck is that of the
// theory of constraints (Goldratt and Cox 1984): the resource with the longest run-out of work.

#include <cstdint>
#include <vector>

#include "models/causes/trace.hpp"
#include "models/tracing/inquiry.hpp"

namespace optichain::models::tracing {

class Tracer {
 public:
  /// What `chain` refers to and `meters` must outlive it.
  Tracer(const ChainView& chain, books::Meters& meters);
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  /// Traces what was wanted and not shipped since the last call. Throws Error if the law is broken.
  void trace(sim::Time now);
  /// Remembers the traces so far as the boundary between two periods.
  void mark_period() { flows_.mark_period(); }
  /// The traces between two marks: who handed how many pieces on to whom.
  std::vector<causes::Trace> between(std::size_t from_mark, std::size_t to_mark) const {
    return flows_.between(from_mark, to_mark);
  }

 private:
  void find_lacks();
  void note_unforeseen(Lack& lack, sim::Time now) const;
  void divide(Lack& lack, sim::Time now);
  void hand_on(StockId stock, sim::Time now);
  void give(TraceNode from, std::int64_t pieces, const Reasons& reasons);
  void take_back(TraceNode from, std::int64_t pieces, const Reasons& reasons);

  ChainView chain_;
  books::Meters& meters_;
  Flows flows_;
  Inquiry inquiry_;
  std::vector<Lack> lacks_;      // of the demands that count
  std::vector<double> weights_;  // kept for its memory
};

}  // namespace optichain::models::tracing
