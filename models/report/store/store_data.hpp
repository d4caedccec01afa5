#pragma once
// What page and tables show of a store, read in one pass.
//
//   for (const PolicyData& policy : read_policies("out/baseline")) ...

#include <filesystem>
#include <string>
#include <vector>

#include "models/report/store/policy_data.hpp"

namespace optichain::models::report {

/// From a run's folder or its results.sqlite. Throws InputError if there is no store or no run in
/// it that was done, WrongFileError for a damaged one, OutputError if it cannot be read.
std::vector<PolicyData> read_policies(const std::filesystem::path& store);

/// Throws InputError: what is expected of a store and what it is.
[[noreturn]] void refuse(const std::filesystem::path& store, const std::string& message);

}  // namespace optichain::models::report
