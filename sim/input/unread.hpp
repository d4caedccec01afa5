#pragma once
// What of a document could not be read: an error in the form of one entry says nothing about the
// others, and rules that compare values look only at what was read.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/diagnostics.hpp"
#include "sim/input/document.hpp"

namespace optichain::sim {

class Unread {
 public:
  Unread() = default;
  /// What errors in the form of its values and changes that were refused leave unread. Requires:
  /// the document is whole.
  Unread(const Diagnostics& of_form, const Document& document);

  bool empty() const { return paths_.empty(); }
  /// Whether a value, something in it, or what it stands in was not read.
  bool concerns(std::string_view path) const;
  /// The same, or something that stands beside it, which may have been meant for it.
  bool touches(std::string_view path) const;
  /// Whether just what fits was not read; a part `*` stands for any name.
  bool has(std::string_view pattern) const;
  /// Whether a name stands in what was not read, so that it may be known there.
  bool holds(const std::string& name) const { return names_.contains(name); }

 private:
  void add(std::string_view path, const Node* value);

  std::vector<std::string> paths_;
  std::set<std::string> names_;  // keys and texts
};

}  // namespace optichain::sim
