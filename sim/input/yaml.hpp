#pragma once
// YAML text to Node and back. The only door to yaml-cpp.

#include <string>
#include <string_view>

#include "sim/base/diagnostics.hpp"
#include "sim/input/node.hpp"

namespace optichain::sim {

/// Parses one YAML document. `name` is shown in messages. What is wrong goes to `diagnostics`; the
/// result is then as much as could be read and must not be used further than for messages.
///
/// Stricter than YAML on purpose: duplicate keys, keys that are not plain text, tags, merge keys
/// (`<<`) and several documents in one file are errors. Aliases are copied, up to a million values.
Node parse_yaml(std::string_view text, const std::string& name, Diagnostics& diagnostics);

/// Writes a node as YAML, annotations included, in block style with short leaves in flow style.
std::string to_yaml(const Node& node);
/// The same on one line (`{low: 1, high: 2}`).
std::string to_yaml_flow(const Node& node);

}  // namespace optichain::sim
