#pragma once
// What studies found, for the page: tornado and global indices, outcomes of policies over futures,
// boxes in which they fail, claims held against publications. README.md says what each part is.

#include <filesystem>

#include "sim/output/json.hpp"

namespace optichain::models::report {

/// True for the store of a merged sweep, false for that of a run, which nobody has looked at yet
/// (sim::peek_store_meta). Throws InputError or WrongFileError if it is none.
bool is_sweep(const std::filesystem::path& store);

/// The findings of a sweep, from its store.
sim::Json sweep_findings(const std::filesystem::path& store);

/// Findings from a file. Throws InputError if it cannot be read, is no JSON or is not laid out as
/// README.md says, WrongFileError if they were changed since the program wrote them.
sim::Json read_findings(const std::filesystem::path& file);

/// Puts the parts of `more` in place of those of `findings`.
void add_findings(sim::Json& findings, const sim::Json& more);

}  // namespace optichain::models::report
