#pragma once
// What is removed where a signal ends the process by force (sim/base/interrupt.hpp): by the process
// that said so, and by none of its children. For this folder alone.

#include <cstddef>
#include <filesystem>

namespace optichain::sim {

/// The file of this name, which must live until keep_file(). Returns what keep_file() is given.
/// Where there are too many, the file stays behind as after kill -9.
std::size_t file_to_remove(const char* path);
void keep_file(std::size_t number);

/// The parts in a folder of the program's own; and the list of its files, if nothing else is left.
void parts_to_remove(const std::filesystem::path& folder);
void keep_parts(const std::filesystem::path& folder);

}  // namespace optichain::sim
