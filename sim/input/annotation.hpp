#pragma once
// Where a value comes from, beside the value: `source`, `confidence`, `assumption` and `note` in
// any mapping, and `value:` where the value itself is no mapping.

#include <string>

#include "sim/base/diagnostics.hpp"
#include "sim/input/node.hpp"

namespace optichain::sim {

/// Moves the annotation keys of every mapping into its annotation, and lets `value:` stand for the
/// mapping that holds it. What is wrong with them goes to `diagnostics`; `path` leads to the node.
void strip_annotations(Node& node, const std::string& path, Diagnostics& diagnostics);

}  // namespace optichain::sim
