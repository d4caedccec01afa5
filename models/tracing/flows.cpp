#include "models/tracing/flows.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace optichain::models::tracing {

Flows::Flows(const Catalog& catalog, books::Meters& meters)
    : catalog_(catalog),
      meters_(meters),
      ways_(catalog.demands.size() + catalog.stocks.size()),
      arrived_(ways_.size(), 0) {}

void Flows::define(causes::Kind kind, const std::string& item) {
  const std::string key = fmt::format("{}.{}", kind.word(), item);
  if (!cause_meters_.contains(key)) {
    cause_meters_.emplace(key, meters_.flow(measures::of(measures::Group::causes, key), "unmet"));
  }
}

std::size_t Flows::PlaceHash::operator()(const Place& place) const {
  const std::hash<const std::string*> hash;
  // names stand apart in memory by more than there are kinds
  return hash(place.where) * 31 + hash(place.item) + place.kind.index();
}

TraceNode Flows::of(causes::Kind kind, const std::string& item, const std::string& where) {
  const auto [known, is_new_place] = cause_by_place_.try_emplace(Place{kind, &item, &where}, 0);
  if (!is_new_place) return known->second;
  const std::string name = causes::CauseName{std::string(kind.word()), item, where}.text();
  const auto [found, is_new] = cause_by_name_.try_emplace(name, ways_.size() + causes_.size());
  if (is_new) causes_.push_back({name, cause_meters_.at(fmt::format("{}.{}", kind.word(), item))});
  return known->second = found->second;
}

std::string Flows::name(TraceNode node) const {
  if (is_demand(node)) return catalog_[demand(node)].name;
  if (!is_cause(node)) return catalog_[stock(node)].name;
  return causes_[node - ways_.size()].name;
}

std::int64_t Flows::handed(TraceNode from, TraceNode to) const {
  for (const Way& way : ways_[from]) {
    if (way.to == to) return accounts_[way.account];
  }
  return 0;
}

void Flows::move(TraceNode from, TraceNode to, std::int64_t pieces) {
  if (pieces == 0) return;
  auto& ways = ways_[from];
  auto way = std::find_if(ways.begin(), ways.end(), [&](const Way& w) { return w.to == to; });
  if (way == ways.end()) {
    ways.push_back({to, accounts_.size()});
    accounts_.push_back(0);
    from_.push_back(from);
    to_.push_back(to);
    way = ways.end() - 1;
  }
  accounts_[way->account] += pieces;
  if (is_cause(to)) {
    meters_.add(causes_[to - ways_.size()].meter, pieces);
  } else {
    arrived_[to] += pieces;
  }
}

void Flows::clear_arrived() {
  std::fill(arrived_.begin(), arrived_.end(), 0);
}

std::int64_t Flows::at_causes() const {
  std::int64_t pieces = 0;
  for (std::size_t a = 0; a < accounts_.size(); ++a) {
    if (is_cause(to_[a])) pieces += accounts_[a];
  }
  return pieces;
}

std::vector<causes::Trace> Flows::between(std::size_t from_mark, std::size_t to_mark) const {
  std::vector<causes::Trace> traces;
  const auto& before = marks_[from_mark];
  const auto& after = marks_[to_mark];
  for (std::size_t a = 0; a < after.size(); ++a) {
    const std::int64_t pieces = after[a] - (a < before.size() ? before[a] : 0);
    if (pieces != 0) traces.push_back({name(from_[a]), name(to_[a]), pieces});
  }
  return traces;
}

}  // namespace optichain::models::tracing
