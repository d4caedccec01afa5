#pragma once
// The seal of a store: the hash of the whole file, in eight bytes of its first page that SQLite
// leaves to the program. A store that was copied out of its folder still says whether it is whole.

#include <filesystem>

namespace optichain::sim {

enum class Seal { none, right, wrong };

/// Whether every byte of the file is as it was when it was sealed. A file that is too short to
/// have a seal has none. Throws OutputError if it cannot be read.
Seal seal_of(const std::filesystem::path& path);

/// Seals a store that nobody has open. Throws OutputError.
void seal_store(const std::filesystem::path& path);

}  // namespace optichain::sim
