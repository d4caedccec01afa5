#pragma once
// A YAML document as a tree that knows where every key and every value stands.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/diagnostics.hpp"

namespace optichain::sim {

/// What stands beside a value to say where it comes from:
///
///   capacity_per_week: {value: 1000, source: S14, confidence: A}
///   cycle_days: {triangular: {low: 70, mode: 98, high: 140}, assumption: [70, 140]}
///   inputs: {eml_100g: 8, isolator: 8, source: [S11, S7], confidence: B, note: "one per laser"}
///
/// In a mapping it speaks for the plain values of that mapping; a value with its own overrides it.
struct Annotation {
  std::vector<std::string> sources;
  std::string confidence;
  struct Range {
    double low = 0, high = 0;
    bool factor = false;  // low and high multiply the value instead of replacing it
    friend bool operator==(const Range&, const Range&) = default;
  };
  std::optional<Range> assumption;
  std::string note;
  friend bool operator==(const Annotation&, const Annotation&) = default;
};

class Node {
 public:
  enum class Kind { null, scalar, list, map };
  struct Entry;

  static Node null(Mark mark = {});
  static Node scalar(std::string text, Mark mark = {}, bool quoted = false);
  static Node list(Mark mark = {});
  static Node map(Mark mark = {});

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::null; }
  bool is_scalar() const { return kind_ == Kind::scalar; }
  bool is_list() const { return kind_ == Kind::list; }
  bool is_map() const { return kind_ == Kind::map; }

  const Mark& mark() const { return mark_; }
  void set_mark(Mark mark) { mark_ = std::move(mark); }

  const std::string& text() const { return text_; }
  bool quoted() const { return quoted_; }
  const std::vector<Node>& items() const { return items_; }
  std::vector<Node>& items() { return items_; }
  const std::vector<Entry>& entries() const { return entries_; }
  std::vector<Entry>& entries() { return entries_; }

  /// The value under a key, or null pointer.
  const Node* find(std::string_view key) const;
  Node* find(std::string_view key);
  /// Replaces the value under the key or adds it at the end.
  Node& put(std::string key, Node value);
  Node& put(std::string key, Mark key_mark, Node value);
  /// True if the key was there.
  bool erase(std::string_view key);
  void append(Node value);

  const std::shared_ptr<const Annotation>& annotation() const { return annotation_; }
  void annotate(std::shared_ptr<const Annotation> annotation) {
    annotation_ = std::move(annotation);
  }

  /// How the value reads in a message: the quoted text of a scalar, "a list", "an empty mapping",
  /// "nothing" and so on.
  std::string describe() const;

 private:
  Kind kind_ = Kind::null;
  bool quoted_ = false;
  Mark mark_;
  std::string text_;
  std::vector<Node> items_;
  std::vector<Entry> entries_;
  std::shared_ptr<const Annotation> annotation_;
};

struct Node::Entry {
  std::string key;
  Mark key_mark;
  Node value;
};

/// Same kind, texts, entries in the same order; marks do not count.
bool same_content(const Node& a, const Node& b);

}  // namespace optichain::sim
