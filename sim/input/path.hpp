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

/// Whether one path leads to what the other does, or to something that holds it.
bool one_holds_other(std::string_view a, std::string_view b);

}  // namespace optichain::sim
