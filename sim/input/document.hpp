#pragma once
// A document: a YAML file with what it extends and includes, its annotations understood, its values
// reachable by path.
//
//   extends: baseline.yaml                   # start from another file ...
//   overrides:                               # ... and replace values by path
//     sites.fab.lines.eml.capacity_per_week: 1200
//     sites.new_fab: {...}                   # or add one
//     sites.old_fab: ~                       # or take one away
//
// Anywhere in a mapping, `include: FILE` or `include: [FILES]` puts the entries of other files
// there, and `{csv: FILE, column: NAME, where: {COLUMN: TEXT}}` in the place of a list is a column
// of a CSV file. Files are named relative to the file that names them.

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/diagnostics.hpp"
#include "sim/input/node.hpp"

namespace optichain::sim {

class KeyPlaces;
struct Schema;

/// One `path=value` of the command line, or one entry of `overrides`.
struct Override {
  std::string path;
  Mark mark;
  Node value;
};

class Document {
 public:
  /// Reads a file and everything it names. The schema tells which paths can be overridden. Whatever
  /// is wrong goes to `diagnostics`; `name` is the path as the user wrote it.
  static Document load(const std::string& name, const Schema& schema, Diagnostics& diagnostics);
  /// The same from text (tests, standard input); files it names are relative to the working
  /// directory.
  static Document from_text(std::string_view text, const std::string& name, const Schema& schema,
                            Diagnostics& diagnostics);

  static Document from_node(Node root);

  const Node& root() const { return root_; }

  /// Whether every file could be read and put together. What is not whole may lack anything.
  bool is_whole() const { return is_whole_; }
  /// The changes that could not be applied.
  std::span<const Override> refused() const { return refused_; }

  /// Replaces, adds or (with a null value) removes a value; a path that the schema does not know,
  /// or that leads through something that does not exist, is an error with a suggestion.
  void apply(const Override& change, const Schema& schema, Diagnostics& diagnostics);
  /// The same with each, in their order: thousands take time in proportion to their number.
  void apply(std::span<const Override> changes, const Schema& schema, Diagnostics& diagnostics);

  /// The value at a path, dates compared as dates; null pointer if there is none.
  const Node* find(std::string_view path) const;

  /// Where the value at a path stands: of the longest part of the path that exists.
  Mark locate(std::string_view path) const;

 private:
  void apply(const Override& change, KeyPlaces& places, const Schema& schema,
             Diagnostics& diagnostics);

  Node root_;
  bool is_whole_ = true;
  std::vector<Override> refused_;
};

/// A change for each entry of a mapping from paths to values.
std::vector<Override> overrides_of(const Node& mapping);

/// Parses `path=value` as of the command line; the value is YAML on one line.
std::optional<Override> parse_assignment(const std::string& text, Diagnostics& diagnostics);

}  // namespace optichain::sim
