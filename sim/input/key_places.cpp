#include "sim/input/key_places.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "sim/input/path.hpp"

namespace optichain::sim {
namespace {

/// Before the first later date, or at the end.
std::vector<Node::Entry>::iterator place_in_time(std::vector<Node::Entry>& entries, Date date) {
  return std::find_if(entries.begin(), entries.end(), [&](const Node::Entry& e) {
    const auto other = parse_period(e.key);
    return other && other->begin > date;
  });
}

/// All of them dates.
void bring_in_order(Node& node) {
  std::stable_sort(node.entries().begin(), node.entries().end(),
                   [](const Node::Entry& a, const Node::Entry& b) {
                     return parse_period(a.key)->begin < parse_period(b.key)->begin;
                   });
}

}  // namespace

const Node::Entry* find_entry(const Node& node, const std::string& key) {
  for (const Node::Entry& e : node.entries()) {
    if (e.key == key) return &e;
  }
  const auto wanted = parse_period(key);
  if (!wanted) return nullptr;
  for (const Node::Entry& e : node.entries()) {
    const auto period = parse_period(e.key);
    if (period && period->begin == wanted->begin) return &e;
  }
  return nullptr;
}
Node::Entry* find_entry(Node& node, const std::string& key) {
  return const_cast<Node::Entry*>(find_entry(std::as_const(node), key));  // NOLINT
}

void KeyPlaces::Places::add(const std::string& key, std::size_t place) {
  by_key.try_emplace(key, place);
  const auto period = parse_period(key);
  in_order = in_order && period && (by_date.empty() || by_date.rbegin()->first < period->begin);
  if (period) by_date.try_emplace(period->begin, place);
}

KeyPlaces::Places* KeyPlaces::places_of(const std::string& path, const Node& node) {
  if (!is_worth_it_ || node.entries().size() < few) return nullptr;
  const auto [found, is_new] = mappings_.try_emplace(path);
  Places& places = found->second;
  if (is_new) {
    for (std::size_t i = 0; i < node.entries().size(); ++i) places.add(node.entries()[i].key, i);
  }
  return places.is_used ? &places : nullptr;
}

Node::Entry* KeyPlaces::find(const std::string& path, Node& node, const std::string& key) {
  const Places* places = places_of(path, node);
  if (!places) return find_entry(node, key);
  if (const auto found = places->by_key.find(key); found != places->by_key.end()) {
    return &node.entries()[found->second];
  }
  const auto period = parse_period(key);
  const auto found = period ? places->by_date.find(period->begin) : places->by_date.end();
  return found == places->by_date.end() ? nullptr : &node.entries()[found->second];
}

Node& KeyPlaces::put(const std::string& path, Node& node, Node::Entry entry) {
  auto& entries = node.entries();
  Places* places = places_of(path, node);
  const auto period = parse_period(entry.key);
  if (!period && to_order_.contains(path)) {
    bring_in_order(node);
    to_order_.erase(path);
    if (places) places->is_used = false;
    places = nullptr;
  }
  const bool is_late = to_order_.contains(path);
  if (period && !is_late && !(places && places->in_order)) {
    // to where it belongs, as entries that are no dates or in no order stay where they are
    const auto at = entries.insert(place_in_time(entries, period->begin), std::move(entry));
    if (places && std::next(at) != entries.end()) {
      places->is_used = false;
    } else if (places) {
      places->add(at->key, entries.size() - 1);
    }
    return at->value;
  }
  if (places) {
    const bool was_in_order = places->in_order;
    places->add(entry.key, entries.size());
    if (period && was_in_order && !places->in_order) to_order_.insert(path);
  }
  entries.push_back(std::move(entry));
  return entries.back().value;
}

void KeyPlaces::erase(const std::string& path, Node& node, const Node::Entry& entry) {
  if (Places* places = places_of(path, node)) places->is_used = false;
  forget(join_path(path, entry.key));
  auto& entries = node.entries();
  entries.erase(entries.begin() + (&entry - entries.data()));
}

void KeyPlaces::forget(const std::string& path) {
  const auto drop_from = [&](auto& all) {
    all.erase(path);
    all.erase(all.lower_bound(path + '.'), all.lower_bound(path + '/'));
  };
  drop_from(mappings_);
  drop_from(to_order_);
}

KeyPlaces::~KeyPlaces() {
  for (const std::string& path : to_order_) {
    Node* node = &root_;
    for (const std::string& part : split_path(path)) node = &find_entry(*node, part)->value;
    bring_in_order(*node);
  }
}

}  // namespace optichain::sim
