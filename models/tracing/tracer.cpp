#include "models/tracing/tracer.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "models/network/capacity_bound.hpp"
#include "models/network/structure.hpp"
#include "models/policy/apportion.hpp"
#include "sim/base/check.hpp"
#include "sim/base/quantity.hpp"

namespace optichain::models::tracing {

Tracer::Tracer(const ChainView& chain, books::Meters& meters)
    : chain_(chain),
      meters_(meters),
      flows_(chain.catalog, meters),
      inquiry_(chain, meters, flows_) {
  find_lacks();
  define_causes(chain.catalog, flows_);
}

void Tracer::find_lacks() {
  const Catalog& catalog = chain_.catalog;
  const std::vector<bool> counted = network::counted_products(catalog);
  for (std::size_t d = 0; d < catalog.demands.size(); ++d) {
    const auto& entry = catalog.demands[d];
    if (!counted[entry.product.index()]) continue;
    const auto of_demand = meters_.of(measures::of(measures::Group::demands, entry.name));
    Lack lack{DemandId{d}, of_demand("demanded"), of_demand("given_up"), {}, {}};
    for (const ChannelId c : entry.channels) {
      const auto m = meters_.of(measures::of(measures::Group::channels, catalog[c].name));
      lack.shipped.push_back(m("shipped"));
      lack.withdrawn.push_back(m("withdrawn"));
    }
    lack.revised = !entry.demand->revisions.empty();
    lacks_.push_back(std::move(lack));
  }
  if (std::any_of(lacks_.begin(), lacks_.end(), [](const Lack& lack) { return lack.revised; })) {
    const network::Structure structure =
        network::analyse_structure(catalog, chain_.real, chain_.graph, catalog.start());
    for (Lack& lack : lacks_) {
      lack.notice = sim::days_to_duration(structure.demands[lack.demand.index()].critical_days);
    }
  }
}

void Tracer::trace(sim::Time now) {
  flows_.clear_arrived();
  std::int64_t total = 0;
  for (Lack& lack : lacks_) {
    lack.unmet = meters_.total(lack.demanded);
    for (const books::MeterId m : lack.shipped) lack.unmet -= meters_.total(m);
    total += lack.unmet;
    if (lack.revised) note_unforeseen(lack, now);
    divide(lack, now);
  }
  const auto& order = chain_.graph.order;  // suppliers first
  for (auto it = order.rbegin(); it != order.rend(); ++it) hand_on(*it, now);
  if (const std::int64_t explained = flows_.at_causes(); explained != total) {
    sim::fail("law broken: {} pieces are unmet, and root causes explain {}", total, explained);
  }
}

/// What was wanted since the last call beyond what was planned when it had to be begun.
void Tracer::note_unforeseen(Lack& lack, sim::Time now) const {
  const std::int64_t demanded = meters_.total(lack.demanded);
  const auto wanted = static_cast<double>(demanded - lack.demanded_before);
  lack.demanded_before = demanded;
  const sim::Curve& real = chain_.real.demand[lack.demand.index()];
  const sim::Curve& planned = chain_.real.demand_plan(lack.demand, now - lack.notice);
  const double mean = real.value(now);
  if (mean > 0) lack.unforeseen += wanted * std::max(0.0, 1 - planned.value(now) / mean);
}

/// Divides all that a demand lacks among those who stand behind it, whatever was said before: each
/// seller knows what it owes. Less than nothing was met out of earlier orders.
void Tracer::divide(Lack& lack, sim::Time now) {
  const TraceNode from = flows_.of(lack.demand);
  const Reasons* reasons = &inquiry_.ask(lack, now);
  if (lack.unmet < 0) reasons = &inquiry_.ask_surplus(lack.demand, now);
  const std::vector<Reason>& standing = reasons->standing();
  weights_.clear();
  for (const Reason& part : standing) weights_.push_back(part.weight);
  auto parts = policy::apportion(std::abs(lack.unmet), weights_);
  if (lack.unmet < 0) parts.front() = lack.unmet;
  for (const Flows::Way& way : std::vector<Flows::Way>(flows_.ways(from))) {
    const bool still = std::any_of(standing.begin(), standing.end(),
                                   [&](const Reason& part) { return part.to == way.to; });
    if (!still) flows_.move(from, way.to, -flows_.handed(way));  // stands behind it no longer
  }
  for (std::size_t p = 0; p < standing.size(); ++p) {
    flows_.move(from, standing[p].to, parts[p] - flows_.handed(from, standing[p].to));
  }
}

void Tracer::hand_on(StockId stock, sim::Time now) {
  const TraceNode from = flows_.of(stock);
  const std::int64_t pieces = flows_.arrived(from);
  if (pieces == 0) return;
  const Reasons& reasons = inquiry_.ask(stock, now);
  if (pieces > 0) {
    give(from, pieces, reasons);
  } else {
    take_back(from, -pieces, reasons);
  }
}

/// Pieces first go where less has gone than what stands there explains of all that lacks here; what
/// is left goes to who is to blame now.
void Tracer::give(TraceNode from, std::int64_t pieces, const Reasons& reasons) {
  const std::vector<Reason>&standing = reasons.standing(), &blamed = reasons.blamed();
  double there = static_cast<double>(pieces);
  for (const Flows::Way& way : flows_.ways(from)) there += static_cast<double>(flows_.handed(way));
  std::vector<double>& gaps = weights_;
  gaps.clear();
  double open = 0;
  for (const Reason& part : standing) {
    const auto handed = static_cast<double>(flows_.handed(from, part.to));
    gaps.push_back(std::max(0.0, part.weight * there - handed));
    open += gaps.back();
  }
  std::int64_t to_gaps = pieces;
  if (!blamed.empty()) to_gaps = std::min(pieces, sim::to_whole(open));
  const auto filled = policy::apportion(to_gaps, gaps);
  for (std::size_t p = 0; p < standing.size(); ++p) {
    flows_.move(from, standing[p].to, filled[p]);
    pieces -= filled[p];
  }
  weights_.clear();
  for (const Reason& part : blamed) weights_.push_back(part.weight);
  const auto parts = policy::apportion(pieces, weights_);
  for (std::size_t p = 0; p < blamed.size(); ++p) {
    flows_.move(from, blamed[p].to, parts[p]);
    pieces -= parts[p];
  }
  OPTICHAIN_CHECK(pieces == 0, "{} pieces at {} have no cause", pieces, flows_.name(from));
}

/// Pieces come back along the ways they had gone, but for what stands there still.
void Tracer::take_back(TraceNode from, std::int64_t pieces, const Reasons& reasons) {
  const std::vector<Flows::Way> ways = flows_.ways(from);
  double left = -static_cast<double>(pieces);
  for (const Flows::Way& way : ways) left += static_cast<double>(flows_.handed(way));
  OPTICHAIN_CHECK(left >= 0, "more pieces come back to {} than were handed on", flows_.name(from));
  std::vector<double> surplus;
  for (const Flows::Way& way : ways) {
    double stands = 0;
    for (const Reason& part : reasons.standing()) {
      if (part.to == way.to) stands += part.weight;
    }
    const auto account = static_cast<double>(flows_.handed(way));
    surplus.push_back(std::max(0.0, account - std::floor(stands * left)));
  }
  const auto parts = policy::apportion(pieces, surplus);
  for (std::size_t w = 0; w < ways.size(); ++w) flows_.move(from, ways[w].to, -parts[w]);
}

}  // namespace optichain::models::tracing
