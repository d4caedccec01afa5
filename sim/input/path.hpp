#pragma once
// Paths into a document: the keys that lead to a value, with dots between them.

#include <string>
#include <string_view>
#include <vector>

namespace optichain::sim {

/// Splits "a.b.c" at its dots.
std::vector<std::string> split_path(std::string_view path);
/// "a.b" + "c" -> "a.b.c", "" + "c" -> "c".
std::string join_path(std::string_view parent, std::string_view key);

}  // namespace optichain::sim
