#pragma once
// Where the entries of mappings stand, so that thousands of changes do not each read through
// mappings of thousands of entries.

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <unordered_map>

#include "sim/base/time.hpp"
#include "sim/input/node.hpp"

namespace optichain::sim {

/// The entry of a mapping with this key; dates are compared as dates (2026-07 is 2026-07-01). Null
/// pointer if there is none.
Node::Entry* find_entry(Node& node, const std::string& key);
const Node::Entry* find_entry(const Node& node, const std::string& key);

/// The mappings of one tree, which nobody else changes meanwhile. They are known by their paths.
class KeyPlaces {
 public:
  /// What is found by reading through is not worth an index for few changes.
  KeyPlaces(Node& root, std::size_t changes) : root_(root), is_worth_it_(changes > few) {}
  /// Brings the dates in order that were put.
  ~KeyPlaces();
  KeyPlaces(const KeyPlaces&) = delete;
  KeyPlaces& operator=(const KeyPlaces&) = delete;

  /// As find_entry(); `path` is that of the mapping.
  Node::Entry* find(const std::string& path, Node& node, const std::string& key);
  /// A new entry. A date goes to its place in time among dates, so that a curve stays in order: at
  /// the latest when this ends.
  Node& put(const std::string& path, Node& node, Node::Entry entry);
  void erase(const std::string& path, Node& node, const Node::Entry& entry);
  /// What stands at the path was replaced.
  void forget(const std::string& path);

 private:
  static constexpr std::size_t few = 16;
  struct Places {
    std::unordered_map<std::string, std::size_t> by_key;
    std::map<Date, std::size_t> by_date;  // the first of each
    bool in_order = true;                 // all keys are dates, each later than the one before
    bool is_used = true;                  // not after an erasure
    void add(const std::string& key, std::size_t place);
  };
  /// Null pointer for a small mapping.
  Places* places_of(const std::string& path, const Node& node);

  Node& root_;
  const bool is_worth_it_;
  std::map<std::string, Places> mappings_;
  std::set<std::string> to_order_;  // mappings with dates at their end that belong before others
};

}  // namespace optichain::sim
