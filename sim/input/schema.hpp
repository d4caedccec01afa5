#pragma once
// What a document may contain, as data: built from the structs by visiting their fields, used to
// check paths, to print the reference page and to write the JSON Schema.

#include <memory>
#include <string>
#include <vector>

#include "sim/base/rule.hpp"

namespace optichain::sim {

struct Schema {
  enum class Kind {
    any,        // whatever it may be
    text,       // free text
    name,       // the name of something
    flag,       // true or false
    number,     // one number
    whole,      // one whole number
    value,      // number, curve or distribution
    curve,      // number or curve
    date,       // a date or period
    choice,     // one of several words
    list,       // a list of `element`
    named,      // a mapping from names to `element`
    structure,  // fixed keys
    variant     // one of several tagged alternatives, each a field
  };
  struct Field {
    std::string key;
    bool required = false;
    std::string fallback;  // the default as YAML, empty if there is none
    std::string doc;
    std::shared_ptr<const Schema> schema;
  };

  Kind kind = Kind::text;
  std::string title;                      // of structures and variants: "Site", "Order policy"
  std::string doc;                        // of structures: what it is
  Rule rule;                              // of numbers
  std::vector<std::string> choices;       // of choices
  std::vector<Field> fields;              // of structures and variants
  std::shared_ptr<const Schema> element;  // of lists and mappings

  const Field* find(std::string_view key) const;
  std::vector<std::string> keys() const;
  /// What is known of the value at a path; of a knot of a curve, that of the curve. Null pointer if
  /// the path leads nowhere.
  const Schema* at(std::string_view path) const;
};

}  // namespace optichain::sim
