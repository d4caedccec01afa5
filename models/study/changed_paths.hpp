#pragma once
// Where two scenarios differ.

#include <string>
#include <vector>

#include "sim/input/node.hpp"

namespace optichain::models::study {

/// Adds the paths, below `path`, of values that differ. An agreement or a program is one value.
void add_changed_paths(const sim::Node& a, const sim::Node& b, const std::string& path,
                       std::vector<std::string>& out);

}  // namespace optichain::models::study
