#pragma once
// Where the store of a run or a sweep is.

#include <filesystem>

namespace optichain::models::run {

/// The file of a store that is given as the folder of a run or a sweep, or as its results.sqlite.
/// Throws InputError if there is none.
std::filesystem::path store_file(const std::filesystem::path& store);

}  // namespace optichain::models::run
