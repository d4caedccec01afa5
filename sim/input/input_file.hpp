#pragma once
// Files that are given by people: what cannot be read is said where the file is named.

#include <optional>
#include <string>

#include "sim/base/diagnostics.hpp"

namespace optichain::sim {

/// Reads a whole file, of at most 16 MiB. `named` is the place of its name in another file, at
/// `path` there; without a line if it comes from the command line. Nothing, and an error among the
/// diagnostics, if it cannot be read, or not to its end. Throws Interrupted if a signal comes while
/// it waits for a pipe.
std::optional<std::string> read_input_file(const std::string& name, const Mark& named,
                                           const std::string& path, Diagnostics& diagnostics);

}  // namespace optichain::sim
